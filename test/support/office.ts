import { Readable } from 'node:stream';
import { ChargeQueries, type ChargeRow, type DispositionVerb, ReviewChargesHandler, type ReviewOutcome } from '#charges';
import { ImportQueries, type ImportRow, ReceiveImportHandler } from '#imports';
import { type BillingPeriod, billingPeriod, currency, Decimal } from '#kernel';
import { LedgerQueries } from '#ledger';
import type { DeliveryMode } from '#sources';
import { by, type TestProgram } from '#testing/program';
import { eventually } from './eventually.js';

const REVIEWER = by('reviewer@example.edu');
const USD = currency('USD');

/** What an office does in a test, in few words. */
export class Office {
  constructor(readonly program: TestProgram) {}

  /** Imports a file and waits for its outcome. */
  async import(
    content: string | Buffer,
    options: { source?: string; mode?: DeliveryMode; allowPartial?: boolean; period?: string } = {},
  ): Promise<ImportRow> {
    const file = await this.program.services.storage.put(Readable.from([Buffer.from(content)]));
    const { importId } = await this.program.get(ReceiveImportHandler).execute(
      {
        ...file,
        source: options.source ?? 'hpc',
        fileName: 'test.csv',
        expectedPeriod: options.period === undefined ? null : billingPeriod(options.period),
        deliveryMode: options.mode ?? null,
        allowPartial: options.allowPartial ?? false,
      },
      REVIEWER,
    );
    return eventually(async () => {
      await this.program.settle();
      const row = await this.program.get(ImportQueries).get(importId);
      return row.state === 'received' ? undefined : row;
    });
  }

  async decide(verb: DispositionVerb, ids: readonly string[], note: string | null = null): Promise<ReviewOutcome> {
    const outcome = await this.program.get(ReviewChargesHandler).dispose(verb, { ids }, note, REVIEWER);
    await this.program.settle();
    return outcome;
  }

  async charges(period = '2025-03'): Promise<readonly ChargeRow[]> {
    await this.program.settle();
    return (await this.program.get(ChargeQueries).find({ period: billingPeriod(period) }, { limit: 1000 })).items;
  }

  /** `standing amount` of every charge, sorted. */
  async standings(period = '2025-03'): Promise<string[]> {
    return (await this.charges(period)).map((charge) => `${charge.standing} ${charge.amount}`).sort();
  }

  /** What the period bills, rounded. */
  async billed(period: string | BillingPeriod = '2025-03'): Promise<string> {
    await this.program.settle();
    const { billed } = await this.program.get(LedgerQueries).totals(billingPeriod(period), USD);
    return billed.toFixed(2);
  }

  /** Everything that the ledger holds of a period, whatever its standing, exact. */
  async held(period = '2025-03'): Promise<string> {
    await this.program.settle();
    const { byStanding } = await this.program.get(LedgerQueries).totals(billingPeriod(period), USD);
    return Decimal.sum(byStanding.map((standing) => standing.billed)).toString();
  }
}
