import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { NestLogger } from '#platform';
import { BackgroundWork, queuesNamed, runProcess, RuntimeModule, type Services } from '#runtime';
import { SourceRegistry } from '#sources';

const USAGE = `Usage: main.js [options]

  -c, --config FILE   configuration file (default: instance/config.yaml, then config.yaml)
  -h, --help          show this

WORKER_QUEUES names the queues to serve, separated by commas (default: all).
`;

await runProcess({ name: 'worker', configFile: readArguments(), start: work });

async function work(services: Services): Promise<() => Promise<void>> {
  const queues = queuesNamed(services.config.worker.queues);
  const app = await NestFactory.createApplicationContext(RuntimeModule.of(services), {
    logger: new NestLogger(services.logger),
    abortOnError: false,
  });
  await app.get(SourceRegistry).syncFromConfig();
  const background = app.get(BackgroundWork);
  background.start(queues);
  process.stdout.write(`OpenChargeback works on ${queues.join(', ')}\n`);
  return async () => {
    await background.stop();
    await app.close();
  };
}

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
