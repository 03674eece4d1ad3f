import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BackgroundWork } from './background-work.js';
import { DomainModule } from './domain.module.js';
import type { Services } from './services.js';
import { ServicesModule } from './services.module.js';

/** A whole process but for its door: services, domain, background work. */
@Module({})
export class RuntimeModule {
  static of(services: Services): DynamicModule {
    return {
      module: RuntimeModule,
      imports: [ServicesModule.of(services), DomainModule, DiscoveryModule],
      providers: [BackgroundWork],
      exports: [DomainModule, BackgroundWork],
    };
  }
}
