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

/** Renders statements in worker threads, so that the event loop stays free to renew job locks. */
@Injectable()
export class StatementRenderer implements OnApplicationShutdown {
  private pool: Piscina | undefined;

  async render(document: StatementDocument): Promise<Uint8Array> {
    this.pool ??= new Piscina({ filename: fileURLToPath(WORKER_FILE), minThreads: 1, maxThreads: 2, idleTimeout: 10_000 });
    return (await this.pool.run(toTransfer(document))) as Uint8Array;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }
}
