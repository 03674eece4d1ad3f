import { parseArgs } from 'node:util';
import { runProcess } from '#runtime';
import { work } from './work.js';

const USAGE = `Usage: main.js [options]

  -c, --config FILE   configuration file (default: instance/config.yaml, then config.yaml)
  -h, --help          show this

WORKER_QUEUES names the queues to serve, separated by commas (default: all).
`;

await runProcess({ name: 'worker', configFile: readArguments(), start: work });

function readArguments(): string | undefined {
  try {
    const { values } = parseArgs({
      options: { config: { type: 'string', short: 'c' }, help: { type: 'boolean', short: 'h', default: false } },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    return values.config;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}
