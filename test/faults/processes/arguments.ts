import { parseArgs } from 'node:util';

export interface ProcessArguments {
  readonly config: string;
  readonly clock: string;
  readonly name: string;
  readonly port: number;
}

/** What the harness gives its processes. */
export function processArguments(): ProcessArguments {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: '' },
      clock: { type: 'string', default: '' },
      name: { type: 'string', default: '' },
      port: { type: 'string', default: '0' },
    },
  });
  return { ...values, port: Number(values.port) };
}
