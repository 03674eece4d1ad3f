import { Inject, Injectable } from '@nestjs/common';
import { type BookedJournals, type BookedSum, type JournalLine, type JournalState, statusOf } from '#journals';
import { type BillingPeriod, type Decimal, writeAmount } from '#kernel';
import { APP_CONFIG, type AppConfig } from '#platform';
import type { BookedInfo, JournalPreviewInfo } from './journals.dto.js';

/** Journals as answers show them: money with the currency's digits. */
@Injectable()
export class JournalPages {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  line({ isDebit, amount, ...line }: JournalLine): JournalPreviewInfo['entries'][number] {
    const { party, fundOrg, fund, orgn, account, description, sourceName, piEmail, projectId, serviceName, referenceId, lineCount } = line;
    return {
      side: isDebit ? 'debit' : 'credit',
      party,
      fundOrg,
      fund,
      orgn,
      account,
      amount: this.money(amount),
      description,
      sourceName,
      piEmail,
      projectId,
      serviceName,
      referenceId,
      lineCount,
    };
  }

  booked(period: BillingPeriod, { family, counted, obstacle, comparison }: BookedJournals): BookedInfo {
    return {
      period,
      family,
      counted: counted.map(referenceTo),
      obstacle: obstacle === null ? null : { code: obstacle.code, text: obstacle.detail },
      comparison:
        comparison === null
          ? null
          : {
              rows: comparison.rows.map(({ party, fundOrg, ...sum }) => ({ party, fundOrg, ...this.sum(sum) })),
              pi: this.sum(comparison.pi),
              source: this.sum(comparison.source),
            },
      deltaNeeded: comparison !== null && comparison.deltaRowCount > 0,
    };
  }

  private sum({ booked, ledger, difference }: BookedSum): { booked: string; ledger: string; difference: string } {
    return { booked: this.money(booked), ledger: this.money(ledger), difference: this.money(difference) };
  }

  private money(amount: Decimal): string {
    return writeAmount(amount, this.config.currency);
  }
}

export function referenceTo(journal: JournalState): BookedInfo['counted'][number] {
  const { number, format, fileName, deltaFrom } = journal;
  return { number, format, fileName, status: statusOf(journal), deltaFrom };
}
