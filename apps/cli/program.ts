import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { EventMetadata } from '#event-store';
import { type AppConfig, createLogger, NestLogger } from '#platform';
import { ReviewRules } from '#review-rules';
import { BackgroundWork, RuntimeModule, type Services, startServices } from '#runtime';
import { SourceRegistry } from '#sources';

/**
 * The whole program in the command's process. A server on the same data folder or database shares everything with it:
 * either of them may do a piece of background work.
 */
export class Program {
  private readonly correlationId = randomUUID();

  private constructor(
    readonly services: Services,
    private readonly app: INestApplicationContext,
  ) {}

  /** @throws DomainError if the configuration or a service is not as it should be; then nothing is left running. */
  static async open(config: AppConfig, { verbose }: { verbose: boolean }): Promise<Program> {
    // The log goes to its file; on the terminal it would drown the answer.
    const logger = createLogger(config.logging, { name: 'cli', ...(verbose ? {} : { stream: { write: () => undefined } }) });
    const services = await startServices({ config, logger, name: 'openchargeback cli' });
    try {
      const app = await NestFactory.createApplicationContext(RuntimeModule.of(services), {
        logger: new NestLogger(logger),
        abortOnError: false,
      });
      await app.get(SourceRegistry).syncFromConfig();
      await app.get(ReviewRules).syncFromConfig();
      return new Program(services, app);
    } catch (error) {
      await services.close();
      throw error;
    }
  }

  get<Provider>(type: Type<Provider>): Provider {
    return this.app.get(type);
  }

  get config(): AppConfig {
    return this.services.config;
  }

  /** Does background work here too: without a server, nobody else does. */
  startWork(): void {
    this.app.get(BackgroundWork).start();
  }

  /** Read models have seen everything that was recorded until now. */
  async settle(): Promise<void> {
    await this.services.projections.waitFor(await this.services.store.lastPosition());
  }

  /** Who is at the keyboard, for the log. */
  get metadata(): EventMetadata {
    return { actor: { kind: 'cli', id: loginName() }, correlationId: this.correlationId };
  }

  async close(): Promise<void> {
    await this.app.get(BackgroundWork).stop();
    await this.app.close();
    await this.services.close();
  }
}

/** A container may run under a number that no account has. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
