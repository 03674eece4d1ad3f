import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ProjectionRunner } from '#event-store';
import type { QueueName } from '#jobs';
import { BackgroundWork } from '#runtime';

/** What goes on behind the API: the read models always, the jobs if this process is to do them too. */
@Injectable()
export class ApiBackground implements OnModuleDestroy {
  constructor(
    private readonly work: BackgroundWork,
    private readonly projections: ProjectionRunner,
  ) {}

  /** @param queues the jobs to do in this process; null: none. */
  start(queues: readonly QueueName[] | null): void {
    if (queues === null) this.projections.start();
    else this.work.start(queues);
  }

  async onModuleDestroy(): Promise<void> {
    await this.work.stop();
    await this.projections.stop();
  }
}
