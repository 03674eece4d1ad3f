import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run fuzz -- [options]

  --cases N     files to make (default 10000); every 100th goes through the whole program
  --seed S      which files (default 1)
  --first I     begin at file I of that seed, counted from 1 (default 1)
  --only I      this one file, and write it down before it is read
  --program N   let every Nth file go through the whole program; 0 for none (default 100)
  --out DIR     where files that fail are written (default fuzz-failures)
`;

export interface Options {
  readonly cases: number;
  readonly seed: number;
  readonly first: number;
  readonly only: number | undefined;
  readonly programEvery: number;
  readonly out: string;
}

/** @throws Error that says what is wrong with the command line. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      first: { type: 'string', default: '1' },
      only: { type: 'string' },
      program: { type: 'string', default: '100' },
      out: { type: 'string', default: 'fuzz-failures' },
    },
  });
  const whole = (name: string, text: string, least = 1): number => {
    if (!/^\d{1,9}$/.test(text) || Number(text) < least) throw new Error(`--${name} takes a whole number from ${least}, not “${text}”`);
    return Number(text);
  };
  return {
    cases: whole('cases', values.cases),
    seed: whole('seed', values.seed),
    first: whole('first', values.first),
    only: values.only === undefined ? undefined : whole('only', values.only),
    programEvery: whole('program', values.program, 0),
    out: values.out,
  };
}
