import type { BillingPeriod } from '#kernel';
import { AskChoice, AskPeriod, AskText, AskYesNo, Choice, Instant, ListOf, Money, Period, Text, Whole, YesNo } from '../http/fields.js';
import { Written } from '../http/written.dto.js';

const JOURNAL_FORMATS = ['detail', 'default', 'summary', 'gl', 'template'] as const;
export type JournalFormatName = (typeof JOURNAL_FORMATS)[number];

class Journal {
  @Period() period!: string;
  @Whole({ description: '1 for the first export of the period, whatever its format.' }) number!: number;
  @Choice(JOURNAL_FORMATS, 'JournalFormat') format!: JournalFormatName;
  @YesNo({ description: 'Also charges that wait for review.' }) includeFlagged!: boolean;
  @Text() fileName!: string;
  @Text() sha256!: string;
  @Whole() bytes!: number;
  @Whole() rowCount!: number;
  @Money({ description: 'Control total.' }) debits!: string;
  @Money({ description: 'Control total.' }) credits!: string;
  @Text({ description: 'Of the ledger it was made from.' }) ledgerDigest!: string;
}

class ExportedJournalEntry extends Journal {
  @Text() exportedBy!: string;
  @Instant() exportedAt!: Date;
}

export class JournalList {
  @ListOf(() => ExportedJournalEntry, { description: 'Newest first.' }) journals!: readonly ExportedJournalEntry[];
}

export class JournalQuery {
  @AskPeriod({ required: false }) period?: BillingPeriod;
}

export class JournalPreviewQuery {
  @AskYesNo({ required: false }) includeFlagged?: boolean;
}

class JournalLine {
  @Choice(['debit', 'credit'], 'JournalSide') side!: 'debit' | 'credit';
  @Choice(['pi', 'source'], 'JournalParty', { description: 'Who pays, or who provided the service.' }) party!: 'pi' | 'source';
  @Text() fundOrg!: string;
  @Text() fund!: string;
  @Text() orgn!: string;
  @Text() account!: string;
  @Money({ description: 'Never negative: a refund stands on the other side.' }) amount!: string;
  @Text() description!: string;
  @Text() sourceName!: string;
  @Text() piEmail!: string;
  @Text() projectId!: string;
  @Text() referenceId!: string;
}

class JournalFinding {
  @Text({ example: 'credit-fund-org.missing' }) code!: string;
  @Text() text!: string;
  @Text() source!: string;
  @Text() fundOrg!: string;
}

export class JournalPreviewInfo {
  @ListOf(() => JournalLine) entries!: readonly JournalLine[];
  @ListOf(() => JournalFinding, { description: 'What keeps the journal from being booked as it is.' }) problems!: readonly JournalFinding[];
  @Money() debits!: string;
  @Money() credits!: string;
  @YesNo() balanced!: boolean;
  @Text() ledgerDigest!: string;
}

export class ExportJournal {
  @AskChoice([...JOURNAL_FORMATS, 'standard'], 'JournalFormatRequest', { description: 'standard is another name for detail.' })
  format!: string;
  @AskText({
    required: false,
    maxLength: 200,
    example: 'kuali_collector.txt',
    description: 'Of format template: file name of the template, journal.template unless said otherwise.',
  })
  template?: string;
  @AskYesNo({ required: false, description: 'Also charges that wait for review; the file’s name says so.' }) includeFlagged?: boolean;
  @AskYesNo({ required: false, description: 'Write a template journal although something is missing for it to balance.' })
  allowUnbalanced?: boolean;
}

export class ExportedJournal extends Journal implements Written {
  @Whole({ description: 'Position of the last event written; hand it to a read as ?wait=.' }) position!: number;
}
