import { parseArgs } from 'node:util';
import { runProcess } from '#runtime';
import { type Serving, serve } from './serve.js';

const USAGE = `Usage: main.js [options]

  -c, --config FILE   configuration file (default: instance/config.yaml, then config.yaml)
      --host HOST     address to listen on (default: web.host)
      --port PORT     port to listen on, 0 for a free one (default: web.port)
      --with-worker   also do the background jobs in this process
  -h, --help          show this
`;

interface Arguments extends Serving {
  readonly config: string | undefined;
}

const given = readArguments();
await runProcess({ name: 'api', configFile: given.config, start: (services) => serve(services, given) });

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string', short: 'c' },
        host: { type: 'string' },
        port: { type: 'string' },
        'with-worker': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    return { config: values.config, host: values.host, port: portOf(values.port), withWorker: values['with-worker'] };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Error(`“${text}” is not a port; give a number from 0 to 65535.`);
  return Number(text);
}
