import { ApiProperty } from '@nestjs/swagger';
import type { BillingPeriod } from '#kernel';
import { JOURNAL_FAMILIES, JOURNAL_STATUSES, type JournalFamily, type JournalMark, type JournalStatus } from '#journals';
import {
  AskChoice,
  AskPeriod,
  AskText,
  AskWhole,
  AskYesNo,
  Choice,
  Instant,
  ListOf,
  Money,
  Part,
  Period,
  Text,
  Whole,
  YesNo,
} from '../http/fields.js';
import { Written } from '../http/written.dto.js';

const JOURNAL_FORMATS = ['detail', 'default', 'summary', 'gl', 'template'] as const;
export type JournalFormatName = (typeof JOURNAL_FORMATS)[number];
const MARKS = ['posted', 'void'] as const;
const STEPS = ['exported', 'posted', 'void', 'mark-withdrawn'] as const;
const MENDS = ['charges', 'source', 'template'] as const;

const Numbers = (description: string): PropertyDecorator => ApiProperty({ type: 'integer', isArray: true, nullable: true, description });
const DELTA_FROM = 'Numbers of the journals whose sum a delta starts from. Null: a full journal; so is a delta that starts from none.';

class Journal {
  @Period() period!: string;
  @Whole({ description: '1 for the first export of the period, whatever its format.' }) number!: number;
  @Choice(JOURNAL_FORMATS, 'JournalFormat') format!: JournalFormatName;
  @YesNo({ description: 'Also charges that wait for review.' }) includeFlagged!: boolean;
  @YesNo({ description: 'Rows for what comes to nothing were asked for; formats default, summary and detail have them anyway.' })
  includeZero!: boolean;
  @Numbers(DELTA_FROM) deltaFrom!: readonly number[] | null;
  @Text() fileName!: string;
  @Text() sha256!: string;
  @Whole() bytes!: number;
  @Whole() rowCount!: number;
  @Money({ description: 'Control total.' }) debits!: string;
  @Money({ description: 'Control total.' }) credits!: string;
  @Text({ description: 'Of the ledger it was made from.' }) ledgerDigest!: string;
}

class ExportedJournalEntry extends Journal {
  @Choice(JOURNAL_STATUSES, 'JournalStatus', { description: 'What became of it in accounting; written: nobody said yet.' })
  status!: JournalStatus;
  @Text({ nullable: true, description: 'Of a posted one: number of the document in the accounting system.' }) documentNumber!:
    string | null;
  @Text({ nullable: true, format: 'date', description: 'Of a posted one: day of the posting.' }) postedOn!: string | null;
  @Text({ nullable: true, description: 'A note of the posting, or why it is void.' }) markNote!: string | null;
  @Text({ nullable: true, description: 'Who posted or voided it.' }) markedBy!: string | null;
  @Instant({ nullable: true }) markedAt!: Date | null;
  @Text() exportedBy!: string;
  @Instant() exportedAt!: Date;
}

export class JournalList {
  @ListOf(() => ExportedJournalEntry, { description: 'Newest first.' }) journals!: readonly ExportedJournalEntry[];
}

class JournalHistoryStep {
  @Whole() position!: number;
  @Choice(STEPS, 'JournalStep') step!: (typeof STEPS)[number];
  @Text({ nullable: true }) documentNumber!: string | null;
  @Text({ nullable: true, format: 'date' }) postedOn!: string | null;
  @Text({ nullable: true, description: 'A note, or why.' }) note!: string | null;
  @Text() by!: string;
  @Instant() at!: Date;
}

export class JournalDetail extends ExportedJournalEntry {
  @ListOf(() => JournalHistoryStep, { description: 'Oldest first.' }) history!: readonly JournalHistoryStep[];
}

export class JournalQuery {
  @AskPeriod({ required: false }) period?: BillingPeriod;
}

export class JournalPreviewQuery {
  @AskChoice([...JOURNAL_FORMATS, 'standard'], 'JournalFormatRequest', { required: false, description: 'template unless said otherwise.' })
  format?: string;
  @AskText({ required: false, maxLength: 200, description: 'Of format template: file name of the template.' }) template?: string;
  @AskYesNo({ required: false, description: 'Only what changed since what is booked.' }) delta?: boolean;
  @AskYesNo({ required: false }) includeFlagged?: boolean;
  @AskYesNo({ required: false, description: 'Also rows for what comes to nothing.' }) includeZero?: boolean;
  @AskWhole({ required: false, min: 1, max: 1000, default: 500, description: 'Entries to show.' }) limit = 500;
  @AskWhole({ required: false, min: 0, max: 100_000_000, default: 0 }) offset = 0;
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
  @Text({ description: 'Of the format default.' }) serviceName!: string;
  @Text() referenceId!: string;
  @Whole({ nullable: true, description: 'Charges in a row of the formats default and summary; of a delta how many more.' })
  lineCount!: number | null;
}

class ConcernedCharges {
  @Period() period!: string;
  @Text({ required: false }) source?: string;
  @Text({ required: false }) piEmail?: string;
  @Text({ required: false }) flag?: string;
  @Text({ required: false }) text?: string;
}

class JournalFinding {
  @Text({ example: 'credit-fund-org.missing' }) code!: string;
  @Text() text!: string;
  @Text() source!: string;
  @Text() fundOrg!: string;
  @Choice(MENDS, 'JournalMend', { nullable: true, description: 'Where it is mended; null where it follows from other findings.' })
  mend!: (typeof MENDS)[number] | null;
  @Part(() => ConcernedCharges, { nullable: true, description: 'Parameters that find the charges concerned in the list of charges.' })
  charges!: ConcernedCharges | null;
}

class JournalReference {
  @Whole() number!: number;
  @Choice(JOURNAL_FORMATS, 'JournalFormat') format!: JournalFormatName;
  @Text() fileName!: string;
  @Choice(JOURNAL_STATUSES, 'JournalStatus') status!: JournalStatus;
  @Numbers(DELTA_FROM) deltaFrom!: readonly number[] | null;
}

export class JournalPreviewInfo {
  @Choice(JOURNAL_FORMATS, 'JournalFormat') format!: JournalFormatName;
  @Choice(JOURNAL_FAMILIES, 'JournalFamily', {
    description: 'Both sides, or the PIs’ side alone; a delta follows journals of its own family.',
  })
  family!: JournalFamily;
  @ListOf(() => JournalReference, {
    nullable: true,
    description: 'The journals whose sum a delta starts from; none: it is a full journal. Null: no delta was asked for.',
  })
  deltaFrom!: readonly JournalReference[] | null;
  @Whole({ description: 'Rows of the file, below its header.' }) rowCount!: number;
  @ListOf(() => JournalLine, { description: 'Those from `offset`, at most `limit`. None of format detail, which has a row per charge.' })
  entries!: readonly JournalLine[];
  @ListOf(() => JournalFinding, { description: 'What keeps the journal from being booked as it is.' }) problems!: readonly JournalFinding[];
  @YesNo({ description: 'The export is refused for the problems unless allowUnbalanced says otherwise.' }) obstructed!: boolean;
  @YesNo({ description: 'There is nothing in this delta: its export is refused.' }) nothingChanged!: boolean;
  @Money() debits!: string;
  @Money() credits!: string;
  @Money({ description: 'What PIs owe by it.' }) net!: string;
  @YesNo({ description: 'Of both sides: debits are credits. Formats with one side have nothing to balance, and are.' }) balanced!: boolean;
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
  @AskYesNo({ required: false, description: 'Only what changed since what is booked; refused if nothing did.' }) delta?: boolean;
  @AskYesNo({ required: false, description: 'Also charges that wait for review; the file’s name says so.' }) includeFlagged?: boolean;
  @AskYesNo({
    required: false,
    description:
      'Also rows for what comes to nothing, which formats gl and template leave out otherwise; default, summary and detail have them anyway. Not of a delta.',
  })
  includeZero?: boolean;
  @AskYesNo({ required: false, description: 'Write a template journal although something is missing for it to balance.' })
  allowUnbalanced?: boolean;
}

export class ExportedJournal extends Journal implements Written {
  @Whole({ description: 'Position of the last event written; hand it to a read as ?wait=.' }) position!: number;
}

export class PostJournal {
  @AskText({ maxLength: 400, description: 'Number of the document in the accounting system; at most 100 characters.' })
  documentNumber!: string;
  @AskText({ maxLength: 40, example: '2025-04-03', description: 'Day of the posting there.' }) postedOn!: string;
  @AskText({ required: false, maxLength: 2000 }) note?: string;
}

export class VoidJournal {
  @AskText({ maxLength: 2000, description: 'Why it is not booked, or was reversed; kept in the log.' }) reason!: string;
}

export class UnmarkJournal {
  @AskText({ maxLength: 2000, description: 'Why the mark was a mistake; kept in the log.' }) reason!: string;
  @AskChoice(MARKS, 'JournalMark', { required: false, description: 'The mark to take back; a conflict if it is another one by now.' })
  mark?: JournalMark;
}

export class MarkedJournal extends ExportedJournalEntry implements Written {
  @Whole({ description: 'Position of the last event written; hand it to a read as ?wait=.' }) position!: number;
}

export class BookedQuery {
  @AskChoice(JOURNAL_FAMILIES, 'JournalFamily', { required: false, description: 'two-sided unless said otherwise.' })
  family?: JournalFamily;
}

class BookedSum {
  @Money() booked!: string;
  @Money() ledger!: string;
  @Money({ description: 'What is still to be booked.' }) difference!: string;
}

class BookedFundOrg extends BookedSum {
  @Choice(['pi', 'source'], 'JournalParty') party!: 'pi' | 'source';
  @Text() fundOrg!: string;
}

class DeltaObstacle {
  @Text({ example: 'journal.undecided' }) code!: string;
  @Text({ description: 'Why no delta can be written now, and the way out.' }) text!: string;
}

class BookedComparison {
  @ListOf(() => BookedFundOrg, { description: 'PIs, then sources; each by fund/org.' }) rows!: readonly BookedFundOrg[];
  @Part(() => BookedSum, { description: 'Debits to PIs; negative: credits.' }) pi!: BookedSum;
  @Part(() => BookedSum, { description: 'Credits to sources; negative: debits. Zeros where the formats have one side.' })
  source!: BookedSum;
}

export class BookedInfo {
  @Period() period!: string;
  @Choice(JOURNAL_FAMILIES, 'JournalFamily') family!: JournalFamily;
  @ListOf(() => JournalReference, { description: 'The journals that count as booked, oldest first.' })
  counted!: readonly JournalReference[];
  @Part(() => DeltaObstacle, { nullable: true, description: 'Null: a delta can be written.' }) obstacle!: DeltaObstacle | null;
  @Part(() => BookedComparison, { nullable: true, description: 'Null where nobody can tell what is booked; the obstacle says why.' })
  comparison!: BookedComparison | null;
  @YesNo({ description: 'What is booked is not what the ledger says: a delta has rows.' }) deltaNeeded!: boolean;
}
