import { fileURLToPath } from 'node:url';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { toTransfer } from '../document/statement-transfer.js';
import type { StatementDocument } from '../document/statement-document.js';

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
  private pool: Piscina | undefined;

  /** @throws StatementNotRendered. */
  async render(document: StatementDocument): Promise<Uint8Array> {
    this.pool ??= new Piscina({ filename: fileURLToPath(WORKER_FILE), minThreads: 1, maxThreads: 2, idleTimeout: 10_000 });
    try {
      return (await this.pool.run(toTransfer(document))) as Uint8Array;
    } catch (error) {
      throw new StatementNotRendered(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }
}
