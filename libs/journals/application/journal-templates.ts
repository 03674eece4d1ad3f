import { fileURLToPath } from 'node:url';
import { Inject, Injectable } from '@nestjs/common';
import { type BillingPeriod, CLOCK, type Clock, Decimal, minorUnitDigits, writeAmount } from '#kernel';
import { APP_CONFIG, type AppConfig, withoutSecrets } from '#platform';
import type { AreaTemplates, TemplateTrial } from '#site-templates';
import { templateFuel } from '#templates';
import type { JournalEntry } from '../domain/posting.js';
import { SAMPLE_PERIOD, sampleEntries } from '../domain/sample-entries.js';
import { templateContext } from '../domain/template-context.js';
import { ComposeJournal } from './compose-journal.js';

/** Templates of journals: which are shipped, which one is set, and what one is tried with. */
@Injectable()
export class JournalTemplates implements AreaTemplates {
  readonly area = 'journal';
  readonly setting = 'journal.template';
  readonly shippedFolder = fileURLToPath(new URL('../templates', import.meta.url));

  constructor(
    private readonly journals: ComposeJournal,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  configured(): readonly { readonly setting: string; readonly name: string }[] {
    return [{ setting: this.setting, name: this.config.journal.template }];
  }

  /** The entries that the next journal of the period would have. @throws DomainError `period.unknown`. */
  async trial(_name: string, asked: BillingPeriod | null): Promise<TemplateTrial> {
    const journal =
      asked === null
        ? null
        : await this.journals.compose(asked, { format: 'template', includeFlagged: false, delta: false, includeZero: false });
    const found = journal?.built?.entries ?? [];
    const period = found.length === 0 ? null : asked;
    const entries = period === null ? sampleEntries() : found;
    const number = period === null ? 1 : (journal?.number ?? 1);
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
