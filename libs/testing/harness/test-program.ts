import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { EventMetadata } from '#event-store';
import { NestLogger } from '#platform';
import { ReviewRules } from '#review-rules';
import { BackgroundWork, RuntimeModule, type Services } from '#runtime';
import { SourceRegistry } from '#sources';
import { startTestServices, type TestServices, type TestServicesOptions } from './test-services.js';

export interface TestProgramOptions extends Omit<TestServicesOptions, 'beside'> {
  /** Another process of the same office, to be stopped before that one. */
  readonly beside?: TestProgram;
  /** False: nothing happens in the background until the test starts {@link TestProgram.work}. */
  readonly background?: boolean;
}

/** The whole program but for its door, in the test's process. */
export class TestProgram {
  private constructor(
    private readonly own: TestServices,
    private readonly app: INestApplicationContext,
  ) {}

  static async start(options: TestProgramOptions = {}): Promise<TestProgram> {
    const { beside, ...others } = options;
    const own = await startTestServices({ ...others, ...(beside !== undefined && { beside: beside.own }) });
    const app = await NestFactory.createApplicationContext(RuntimeModule.of(own.services), { logger: new NestLogger(own.services.logger) });
    await app.get(SourceRegistry).syncFromConfig();
    await app.get(ReviewRules).syncFromConfig();
    if (options.background !== false) app.get(BackgroundWork).start();
    return new TestProgram(own, app);
  }

  get services(): Services {
    return this.own.services;
  }

  get work(): BackgroundWork {
    return this.app.get(BackgroundWork);
  }

  get<Provider>(type: Type<Provider>): Provider {
    return this.app.get(type);
  }

  /** Every projection has seen everything. */
  async settle(): Promise<void> {
    await this.services.projections.waitFor(await this.services.store.lastPosition());
  }

  async stop(): Promise<void> {
    await this.work.stop();
    await this.app.close();
    await this.own.stop();
  }
}

/** Metadata of a test's command. */
export function by(id: string): EventMetadata {
  return { actor: { kind: 'user', id }, correlationId: `test-${id}` };
}
