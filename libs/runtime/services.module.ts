import { type DynamicModule, Module } from '@nestjs/common';
import { EventStore, LogSealer, ProjectionRunner } from '#event-store';
import { JobHost, JobQueues, JobRelay } from '#jobs';
import { CLOCK } from '#kernel';
import { APP_CONFIG, Database, FILE_STORAGE, LOGGER, MAIL_TRANSPORT } from '#platform';
import type { Services } from './services.js';

/** Hands the services of the process to everything that asks for them. */
@Module({})
export class ServicesModule {
  static of(services: Services): DynamicModule {
    const providers = [
      { provide: APP_CONFIG, useValue: services.config },
      { provide: LOGGER, useValue: services.logger },
      { provide: CLOCK, useValue: services.clock },
      { provide: Database, useValue: services.database },
      { provide: EventStore, useValue: services.store },
      { provide: LogSealer, useValue: services.sealer },
      { provide: ProjectionRunner, useValue: services.projections },
      { provide: JobQueues, useValue: services.queues },
      { provide: JobRelay, useValue: services.relay },
      { provide: JobHost, useValue: services.host },
      { provide: FILE_STORAGE, useValue: services.storage },
      { provide: MAIL_TRANSPORT, useValue: services.mail },
    ];
    return { module: ServicesModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}
