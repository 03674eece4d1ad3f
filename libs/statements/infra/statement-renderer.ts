import { fileURLToPath } from 'node:url';
import { type MessagePort, MessageChannel } from 'node:worker_threads';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { type Logger, LOGGER } from '#platform';
import type { GlyphReport } from '../document/render-statement-pdf.js';
import type { Rendered, RenderTask } from '../document/render.worker.js';
import { chargesToTransfer, type StatementChargeTransfer, toTransfer } from '../document/statement-transfer.js';
import type { ComposedDocument, StatementCharge } from '../document/statement-document.js';

/** Worker threads load compiled code only; from the sources (tests) that is the build's. */
const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/libs/statements/document/render.worker.js' : '../document/render.worker.js',
  import.meta.url,
);

/** The document can't be drawn; the reason is in it or in the settings. */
export class StatementNotRendered extends Error {}

/** Renders statements in worker threads, so that the event loop stays free to renew job locks. */
@Injectable()
export class StatementRenderer implements OnApplicationShutdown {
  private pool: Piscina<RenderTask, Rendered> | undefined;

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /**
   * The PDF piece by piece, as charges are read: charges and pieces wait for each other, so that of neither there is ever much.
   * @throws StatementNotRendered; or what reading the charges fails with.
   */
  async *stream(document: ComposedDocument): AsyncGenerator<Uint8Array> {
    const { charges: read, ...rest } = document;
    const batches = read()[Symbol.asyncIterator]();
    try {
      const first = await batches.next();
      const second = first.done === true ? first : await batches.next();
      const task = { document: toTransfer(rest), charges: first.done === true ? [] : chargesToTransfer(first.value) };
      if (second.done === true) {
        const { rest: whole, glyphs } = await this.run({ ...task, more: null });
        this.report(document, glyphs);
        yield whole;
      } else {
        yield* this.inTurns(document, task, second.value, batches);
      }
    } finally {
      await batches.return?.();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }

  /** The thread asks for charges, and hands over with each question what it has drawn. */
  private async *inTurns(
    document: ComposedDocument,
    task: Omit<RenderTask, 'more'>,
    second: readonly StatementCharge[],
    batches: AsyncIterator<readonly StatementCharge[]>,
  ): AsyncGenerator<Uint8Array> {
    const { port1: ours, port2: theirs } = new MessageChannel();
    const questions = new Questions(ours);
    const outcome = this.run({ ...task, more: theirs }, [theirs]);
    // A failure is met below; until then it must not count as one that nobody handles.
    outcome.catch(() => undefined);
    try {
      let batch: readonly StatementCharge[] | undefined = second;
      while (batch !== undefined) {
        const ready = await Promise.race([questions.next(), outcome]);
        if (!(ready instanceof Uint8Array)) throw new StatementNotRendered('The drawing thread ended before the charges did.');
        yield ready;
        ours.postMessage(chargesToTransfer(batch));
        const next: IteratorResult<readonly StatementCharge[]> = await batches.next();
        batch = next.done === true ? undefined : next.value;
      }
      const ready = await Promise.race([questions.next(), outcome]);
      if (ready instanceof Uint8Array) yield ready;
      const none: StatementChargeTransfer[] = [];
      ours.postMessage(none);
      const { rest, glyphs } = await outcome;
      this.report(document, glyphs);
      yield rest;
    } finally {
      ours.close();
    }
  }

  private async run(task: RenderTask, transferList: MessagePort[] = []): Promise<Rendered> {
    this.pool ??= new Piscina<RenderTask, Rendered>({
      filename: fileURLToPath(WORKER_FILE),
      minThreads: 1,
      maxThreads: 2,
      idleTimeout: 10_000,
    });
    try {
      return await this.pool.run(task, { transferList });
    } catch (error) {
      throw new StatementNotRendered(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  private report({ period, piEmail, projectId }: ComposedDocument, { substituted, lacking }: GlyphReport): void {
    const statement = { period, piEmail, projectId };
    if (lacking !== '')
      this.logger.warn({ ...statement, characters: lacking }, 'no font has these characters; the statement has � for them');
    if (substituted !== '') {
      const what = 'the font of statement.theme lacks these characters; the statement has them in a font of the program';
      this.logger.warn({ ...statement, characters: substituted }, what);
    }
  }
}

/** What comes through a port, one by one. */
class Questions {
  private readonly come: Uint8Array[] = [];
  private wake: (() => void) | undefined;

  constructor(port: MessagePort) {
    port.on('message', (ready: Uint8Array) => {
      this.come.push(ready);
      this.wake?.();
    });
  }

  async next(): Promise<Uint8Array> {
    for (;;) {
      const question = this.come.shift();
      if (question !== undefined) return question;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
