import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { LogSealer, ProjectionRunner } from '#event-store';
import { JobHost, JobRelay, QUEUES, type QueueName } from '#jobs';
import { DomainError } from '#kernel';

/** What goes on behind a process: projections, seals on the log, the relay from events to jobs, and the jobs themselves. */
@Injectable()
export class BackgroundWork {
  private started = false;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly projections: ProjectionRunner,
    private readonly sealer: LogSealer,
    private readonly relay: JobRelay,
    private readonly host: JobHost,
  ) {}

  /** @throws Error if a job of these queues has no handler or two: a worker with a gap must not start. */
  start(queues: readonly QueueName[] = QUEUES): void {
    if (this.started) return;
    this.started = true;
    for (const wrapper of this.discovery.getProviders()) {
      const instance: unknown = wrapper.instance;
      if (wrapper.isNotMetatype || typeof instance !== 'object' || instance === null) continue;
      this.host.register(instance);
    }
    this.projections.start();
    this.sealer.start();
    this.relay.start();
    this.host.start(queues);
  }

  /** Ends in good order: first no new work, then the work at hand, then the read models. */
  async stop(): Promise<void> {
    if (!this.started) return;
    this.started = false;
    await this.relay.stop();
    await this.host.stop();
    await this.sealer.stop();
    await this.projections.stop();
  }
}

/** The queues named in the configuration. @throws DomainError `config.unknown-queue`. */
export function queuesNamed(names: readonly string[] | undefined): readonly QueueName[] {
  if (names === undefined) return QUEUES;
  return names.map((name) => {
    const queue = QUEUES.find((candidate) => candidate === name);
    if (queue === undefined) {
      throw new DomainError('config.unknown-queue', 'invalid', `“${name}” in WORKER_QUEUES is no queue; there are ${QUEUES.join(', ')}.`);
    }
    return queue;
  });
}
