import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { EventMetadata } from '#event-store';
import { ImportQueries, type ImportRow, ReceiveImportHandler } from '#imports';
import { createLogger, loadConfig } from '#platform';
import { BackgroundWork, RuntimeModule, type Services, startServices } from '#runtime';
import { type DeliveryMode, type SourceInput, SourceRegistry } from '#sources';
import { eventually } from '../support/eventually.js';

export const CHECKER: EventMetadata = { actor: { kind: 'system', id: 'public-files' }, correlationId: 'public-files' };

/** The program on an embedded Postgres and a data folder of its own, with its defaults as configuration. */
export class Office {
  private constructor(
    readonly services: Services,
    private readonly app: INestApplicationContext,
    private readonly folder: string,
  ) {}

  static async open(): Promise<Office> {
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-public-files-'));
    await writeFile(join(folder, 'config.yaml'), 'dev_mode: true\nlogging:\n  level: ERROR\n');
    // Nothing of this machine's environment: the checks are the same everywhere.
    const config = loadConfig({ path: 'config.yaml', cwd: folder, env: {} });
    const services = await startServices({ config, logger: createLogger(config.logging, { name: 'public-files' }), name: 'public files' });
    const app = await NestFactory.createApplicationContext(RuntimeModule.of(services), { logger: ['error'], abortOnError: false });
    app.get(BackgroundWork).start();
    return new Office(services, app, folder);
  }

  get<Provider>(type: Type<Provider>): Provider {
    return this.app.get(type);
  }

  async register(source: string, settings: SourceInput): Promise<void> {
    await this.get(SourceRegistry).register(source, settings, CHECKER);
  }

  /** Imports a file and answers what became of it. */
  async import(
    source: string,
    fileName: string,
    content: Uint8Array,
    options: { readonly mode?: DeliveryMode; readonly allowPartial?: boolean } = {},
  ): Promise<ImportRow & { duplicate: boolean }> {
    const file = await this.services.storage.put(Readable.from([content]));
    const { importId, duplicate } = await this.get(ReceiveImportHandler).execute(
      { ...file, source, fileName, expectedPeriod: null, deliveryMode: options.mode ?? null, allowPartial: options.allowPartial ?? false },
      CHECKER,
    );
    const row = await eventually(async () => {
      await this.settle();
      const current = await this.get(ImportQueries).get(importId);
      return current.state === 'received' ? undefined : current;
    });
    // The list of imports may be a step ahead of the ledger.
    await this.settle();
    return { ...row, duplicate };
  }

  /** `period currency lines amount` of what the table of lines holds of an import, whatever its state. */
  async heldLines(importId: number): Promise<string[]> {
    const sums = await this.services.database.query<{ held: string }>(
      `select concat_ws(' ', period, currency, count(*), trim_scale(sum(amount))) as held from charge_lines where import_id = $1
       group by period, currency order by period, currency`,
      [importId],
    );
    return sums.map(({ held }) => held);
  }

  /** Every read model has seen everything. */
  async settle(): Promise<void> {
    await this.services.projections.waitFor(await this.services.store.lastPosition());
  }

  async close(): Promise<void> {
    await this.get(BackgroundWork).stop();
    await this.app.close();
    await this.services.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
