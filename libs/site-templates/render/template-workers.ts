import { fileURLToPath } from 'node:url';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { DomainError } from '#kernel';
import { TemplateFailed, type TemplateSource } from '#templates';
import type { TemplateTrial } from '../application/area-templates.js';
import { type RenderedTemplate, type TemplateOutcome, type TemplateTask, toTransfer } from './template-transfer.js';

/** Worker threads load compiled code only; from the sources (tests) that is the build's. */
const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/libs/site-templates/render/template.worker.js' : './template.worker.js',
  import.meta.url,
);

const TIME_LIMIT_MS = 5_000;
/** What a template can do without the engine's seeing the time ends with the thread. */
const THREAD_LIMIT_MS = 10_000;
const MOST_WAITING = 20;
/** A screen shows no more; a journal may have a hundred times that. */
const MOST_CHARACTERS = 200_000;

/** Reads and tries templates in a worker thread: one that runs for seconds must not hold up a process that answers people. */
@Injectable()
export class TemplateWorkers implements OnApplicationShutdown {
  private pool: Piscina<TemplateTask, TemplateOutcome> | undefined;

  /** @throws TemplateFailed; DomainError `template.busy`. */
  async check(template: TemplateSource): Promise<void> {
    await this.run({ ...template, filling: null });
  }

  /** @throws TemplateFailed; DomainError `template.busy`. */
  async render(template: TemplateSource, { context, digits, fuel }: TemplateTrial): Promise<RenderedTemplate> {
    const limits = { timeLimitMs: TIME_LIMIT_MS, mostCharacters: MOST_CHARACTERS };
    return this.run({ ...template, filling: { context: toTransfer(context), digits, fuel, ...limits } });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }

  private async run(task: TemplateTask): Promise<RenderedTemplate> {
    this.pool ??= new Piscina<TemplateTask, TemplateOutcome>({
      filename: fileURLToPath(WORKER_FILE),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: 30_000,
      maxQueue: MOST_WAITING,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    if (this.pool.queueSize >= MOST_WAITING) throw busy();
    const limit = AbortSignal.timeout(THREAD_LIMIT_MS * (this.pool.queueSize + 1));
    const outcome = await this.pool.run(task, { signal: limit }).catch((error: unknown): TemplateOutcome => {
      if (!limit.aborted && !isOutOfMemory(error)) throw error;
      const reason = limit.aborted ? `it ran longer than ${THREAD_LIMIT_MS / 1000} s` : 'it needs more memory than a trial may use';
      return { failure: { template: task.name, line: null, expression: null, reason } };
    });
    if ('failure' in outcome) throw new TemplateFailed(outcome.failure);
    return outcome.rendered;
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function busy(): DomainError {
  return new DomainError('template.busy', 'unavailable', 'Too many templates are being tried at this moment; try again in a few seconds.');
}
