import { parseArgs } from 'node:util';
import { FAULTS } from './faults/catalogue.js';
import type { Fault } from './faults/fault.js';

const KINDS = FAULTS.map(({ kind }) => kind);

export const USAGE = `usage: npm run faults -- [options]

  --runs N      disturbed months (default 2)
  --seed S      which disturbances and when (default 1)
  --first R     begin at run R of that seed, to do a run that failed again (default 1)
  --rows N      charge lines of the month (default 20000)
  --pis N       principal investigators (default 300)
  --only KINDS  only these, separated by commas: ${KINDS.join(', ')}
  --json FILE   write everything about all runs there
`;

export interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly first: number;
  readonly rows: number;
  readonly pis: number;
  readonly faults: readonly Fault[];
  readonly json: string | undefined;
}

/** @throws Error that says what is wrong with the command line. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      first: { type: 'string', default: '1' },
      rows: { type: 'string', default: '20000' },
      pis: { type: 'string', default: '300' },
      only: { type: 'string', default: KINDS.join(',') },
      json: { type: 'string' },
    },
  });
  const whole = (name: 'runs' | 'seed' | 'first' | 'rows' | 'pis'): number => {
    if (!/^[1-9]\d{0,8}$/.test(values[name])) throw new Error(`--${name} takes a whole number from 1, not “${values[name]}”`);
    return Number(values[name]);
  };
  const kinds = values.only.split(',');
  const unknown = kinds.filter((kind) => !KINDS.includes(kind));
  if (unknown.length > 0) throw new Error(`--only: there is no ${unknown.join(', ')}`);
  return {
    runs: whole('runs'),
    seed: whole('seed'),
    first: whole('first'),
    rows: whole('rows'),
    pis: whole('pis'),
    faults: FAULTS.filter(({ kind }) => kinds.includes(kind)),
    json: values.json,
  };
}
