import { fileURLToPath } from 'node:url';
import { Inject, Injectable } from '@nestjs/common';
import { EventStore } from '#event-store';
import { type BillingPeriod, CLOCK, type Clock, Decimal, minorUnitDigits, writeAmount } from '#kernel';
import { APP_CONFIG, type AppConfig, withoutSecrets } from '#platform';
import type { AreaTemplates, TemplateTrial } from '#site-templates';
import { templateFuel } from '#templates';
import { journalStream } from '../domain/journal.events.js';
import type { JournalEntry } from '../domain/posting.js';
import { SAMPLE_PERIOD, sampleEntries } from '../domain/sample-entries.js';
import { templateContext } from '../domain/template-context.js';
import { ExportJournalHandler } from './export-journal.handler.js';

/** Templates of journals: which are shipped, which one is set, and what one is tried with. */
@Injectable()
export class JournalTemplates implements AreaTemplates {
  readonly area = 'journal';
  readonly setting = 'journal.template';
  readonly shippedFolder = fileURLToPath(new URL('../templates', import.meta.url));

  constructor(
    private readonly journals: ExportJournalHandler,
    private readonly store: EventStore,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  configured(): readonly { readonly setting: string; readonly name: string }[] {
    return [{ setting: this.setting, name: this.config.journal.template }];
  }

  /** The entries that the next journal of the period would have. @throws DomainError `period.unknown`. */
  async trial(_name: string, asked: BillingPeriod | null): Promise<TemplateTrial> {
    const found = asked === null ? [] : (await this.journals.preview(asked, false)).entries;
    const period = asked === null || found.length === 0 ? null : asked;
    const entries = period === null ? sampleEntries() : found;
    const number = period === null ? 1 : (await this.store.head(journalStream(period))).version + 1;
    const { currency } = this.config;
    return {
      period,
      context: templateContext(entries, period ?? SAMPLE_PERIOD, withoutSecrets(this.config), { exportedAt: this.clock.now(), number }),
      digits: minorUnitDigits(currency),
      fuel: templateFuel(entries.length),
      about: {
        entryCount: entries.length,
        debits: writeAmount(sumOf(entries.filter(({ isDebit }) => isDebit)), currency),
        credits: writeAmount(sumOf(entries.filter(({ isCredit }) => isCredit)), currency),
        recipient: null,
        subject: null,
      },
    };
  }
}

function sumOf(entries: readonly JournalEntry[]): Decimal {
  return Decimal.sum(entries.map(({ amount }) => amount));
}
