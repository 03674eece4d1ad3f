import { NestFactory } from '@nestjs/core';
import { NestLogger } from '#platform';
import { ReviewRules } from '#review-rules';
import { BackgroundWork, queuesNamed, RuntimeModule, type Services } from '#runtime';
import { SourceRegistry } from '#sources';

/** The worker's part of a process: does the jobs of the configured queues, and answers how to end that. */
export async function work(services: Services): Promise<() => Promise<void>> {
  const queues = queuesNamed(services.config.worker.queues);
  const app = await NestFactory.createApplicationContext(RuntimeModule.of(services), {
    logger: new NestLogger(services.logger),
    abortOnError: false,
  });
  await app.get(SourceRegistry).syncFromConfig();
  await app.get(ReviewRules).syncFromConfig();
  const background = app.get(BackgroundWork);
  background.start(queues);
  process.stdout.write(`OpenChargeback works on ${queues.join(', ')}\n`);
  return async () => {
    await background.stop();
    await app.close();
  };
}
