import { ApiProperty } from '@nestjs/swagger';
import {
  INVOICE_ACTIONS,
  INVOICE_FILE_FORMATS,
  INVOICE_STATES,
  INVOICE_TEXT_LIMITS,
  type InvoiceFileFormat,
  type InvoiceHistoryEntry,
  type InvoiceState,
} from '#invoices';
import {
  AskChoices,
  AskMoney,
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
  Texts,
  Whole,
  YesNo,
} from '../http/fields.js';
import { Written } from '../http/written.dto.js';

const EXACT = 'Exact decimal.';
const MOST_SOURCE_BYTES = 200;

class InvoiceAcceptanceInfo {
  @Money({ description: 'Recorded less expected, as it was accepted.' }) difference!: string;
  @Text() reason!: string;
  @Text() acceptedBy!: string;
  @Instant() acceptedAt!: Date;
  @YesNo({ description: 'False: lines or invoice come to something else now, and the acceptance counts no more.' }) holds!: boolean;
}

class InvoiceInfo {
  @Text({ example: 'aws' }) source!: string;
  @Period() period!: string;
  @Text({ example: 'INV-2026-0117', description: 'Empty: lines without an invoice.' }) invoiceId!: string;
  @Text({ example: 'USD', description: 'An invoice whose lines are in two currencies is two of these.' }) currency!: string;
  @Choice(INVOICE_STATES, 'InvoiceState') state!: InvoiceState;
  @Money({ nullable: true, description: `${EXACT} Null: no such invoice was announced.` }) expected!: string | null;
  @Money({ nullable: true, description: `Sum of BilledCost of the lines that stand. ${EXACT} Null: there are none.` })
  recorded!: string | null;
  @Money({ description: `Recorded less expected. ${EXACT}`, example: '-0.0034' }) difference!: string;
  @YesNo({
    description: 'There is a difference, below one minor unit of the currency: it is what rounding the invoice makes, and matches.',
  })
  roundingOnly!: boolean;
  @YesNo({ description: 'Somebody has to mend it or to accept it.' }) isOpen!: boolean;
  @Whole() lineCount!: number;
  @Whole({ description: 'Lines that tell no billed cost, and are in no sum.' }) unpricedCount!: number;
  @Text({ nullable: true, format: 'date' }) issuedOn!: string | null;
  @Text() note!: string;
  @Part(() => InvoiceAcceptanceInfo, { nullable: true }) acceptance!: InvoiceAcceptanceInfo | null;
  @Text({ nullable: true, description: 'Who announced it, or changed it last.' }) changedBy!: string | null;
  @Instant({ nullable: true }) changedAt!: Date | null;
}

class InvoiceSourceTotal {
  @Text({ example: 'aws' }) source!: string;
  @Text({ nullable: true, example: 'USD', description: 'Null: the source must have invoices, and has neither invoices nor lines.' })
  currency!: string | null;
  @YesNo({ description: 'The finalize checklist asks for its invoices: some are announced, or they are demanded.' }) isChecked!: boolean;
  @YesNo({ description: 'Every period must have its invoices before it is finalized.' }) isDemanded!: boolean;
  @Whole({ description: 'Invoices that were announced.' }) expectedCount!: number;
  @Money({ description: EXACT }) expected!: string;
  @Money({ description: `Of lines that name an invoice. ${EXACT}` }) recorded!: string;
  @Money({ description: `Recorded less expected. ${EXACT}` }) difference!: string;
  @Money({ description: `Of lines that name none. ${EXACT}` }) uninvoiced!: string;
  @Whole({ description: 'What somebody has to mend or to accept.' }) openCount!: number;
}

export class InvoiceList {
  @Period() period!: string;
  @ListOf(() => InvoiceInfo, { description: 'In the order of sources and ids; lines without an invoice come last.' })
  invoices!: readonly InvoiceInfo[];
  @Whole({ description: 'Invoices that fit the filter, on all pages.' }) count!: number;
  @ListOf(() => InvoiceSourceTotal, { description: 'Per source and currency, whatever states and text are asked for.' })
  sources!: readonly InvoiceSourceTotal[];
}

export class InvoiceListQuery {
  @AskPeriod() period!: string;
  @AskText({ required: false, maxLength: MOST_SOURCE_BYTES }) source?: string;
  @AskChoices(INVOICE_STATES, 'InvoiceState', { required: false }) state?: readonly InvoiceState[];
  @AskText({ required: false, maxLength: 200, description: 'Found in id or note, in any case.' }) text?: string;
  @AskWhole({ required: false, min: 1, max: 500, default: 100 }) limit = 100;
  @AskWhole({ required: false, min: 0, max: 1_000_000, default: 0 }) offset = 0;
}

class InvoiceLinesInfo {
  @Whole() importId!: number;
  @Text({ example: 'USD' }) currency!: string;
  @Whole() lineCount!: number;
  @Whole() unpricedCount!: number;
  @Money({ description: EXACT }) billed!: string;
}

class InvoiceElsewhereInfo {
  @Period() period!: string;
  @Text({ example: 'USD' }) currency!: string;
  @Money({ nullable: true }) expected!: string | null;
  @Money({ nullable: true }) recorded!: string | null;
}

class ExpectedInvoiceInfo {
  @Text({ description: 'As it was announced.' }) invoiceId!: string;
  @Period() period!: string;
  @Money({ description: EXACT }) amount!: string;
  @Text({ example: 'USD' }) currency!: string;
  @Text({ nullable: true, format: 'date' }) issuedOn!: string | null;
  @Text() note!: string;
}

class InvoiceAmounts {
  @Text({ example: 'USD' }) currency!: string;
  @Money({ nullable: true }) expected!: string | null;
  @Money({ nullable: true }) recorded!: string | null;
}

class InvoiceHistoryInfo {
  @Whole({ description: 'Position of the event in the log.' }) position!: number;
  @Choice(INVOICE_ACTIONS, 'InvoiceAction') action!: InvoiceHistoryEntry['action'];
  @Part(() => ExpectedInvoiceInfo, { nullable: true, description: 'What was announced, as it was left.' })
  invoice!: ExpectedInvoiceInfo | null;
  @Part(() => InvoiceAmounts, { nullable: true, description: 'What was accepted.' }) difference!: InvoiceAmounts | null;
  @Text({ nullable: true }) reason!: string | null;
  @Text({ nullable: true, description: 'The file that did it; null: by hand.' }) fileName!: string | null;
  @Text() by!: string;
  @Instant() at!: Date;
}

export class InvoiceDetailAnswer {
  @ListOf(() => InvoiceInfo, { description: 'One for each currency, the announced one first; none if it was withdrawn and has no lines.' })
  invoices!: readonly InvoiceInfo[];
  @ListOf(() => InvoiceLinesInfo, { description: 'The imports whose lines name it, newest first.' }) imports!: readonly InvoiceLinesInfo[];
  @ListOf(() => InvoiceElsewhereInfo, { description: 'Other periods in which it is announced or named.' })
  elsewhere!: readonly InvoiceElsewhereInfo[];
  @ListOf(() => InvoiceHistoryInfo, { description: 'Newest first.' }) history!: readonly InvoiceHistoryInfo[];
}

export class InvoiceNameQuery {
  @AskText({ maxLength: MOST_SOURCE_BYTES, example: 'aws' }) source!: string;
  @AskPeriod() period!: string;
  @AskText({ required: false, maxLength: INVOICE_TEXT_LIMITS.invoiceId, description: 'Left out or empty: lines without an invoice.' })
  invoiceId?: string;
}

export class PutInvoiceBody {
  @AskText({ maxLength: MOST_SOURCE_BYTES, example: 'aws' }) source!: string;
  @AskPeriod() period!: string;
  @AskText({ maxLength: INVOICE_TEXT_LIMITS.invoiceId, example: 'INV-2026-0117' }) invoiceId!: string;
  @AskText({ required: false, maxLength: 60, example: '1234.50', description: 'Exact decimal. An invoice that is new needs it.' })
  amount?: string;
  @AskText({ required: false, maxLength: 3, example: 'USD', description: 'Left out of a new one: the ledger’s.' }) currency?: string;
  @AskText({ required: false, maxLength: 10, example: '2026-02-03', description: 'Empty: nobody said.' }) issuedOn?: string;
  @AskText({ required: false, maxLength: INVOICE_TEXT_LIMITS.note }) note?: string;
}

export class PutInvoiceAnswer extends Written {
  @Text() source!: string;
  @YesNo({ description: 'False: it was announced before.' }) announced!: boolean;
  @YesNo({ description: 'False: everything was so already, and nothing was recorded.' }) changed!: boolean;
  @Part(() => ExpectedInvoiceInfo) invoice!: ExpectedInvoiceInfo;
}

export class WithdrawInvoiceBody {
  @AskText({ maxLength: MOST_SOURCE_BYTES, example: 'aws' }) source!: string;
  @AskPeriod() period!: string;
  @AskText({ maxLength: INVOICE_TEXT_LIMITS.invoiceId }) invoiceId!: string;
  @AskText({ required: false, maxLength: INVOICE_TEXT_LIMITS.reason, description: 'Why; kept in the log.' }) reason?: string;
}

export class WithdrawInvoiceAnswer extends Written {
  @Part(() => ExpectedInvoiceInfo, { description: 'As it was.' }) invoice!: ExpectedInvoiceInfo;
}

class DifferenceBody extends InvoiceNameQuery {
  @AskText({
    required: false,
    maxLength: 3,
    example: 'USD',
    description: 'Left out: that of the announced invoice, or the only one there is.',
  })
  currency?: string;
}

export class AcceptDifferenceBody extends DifferenceBody {
  @AskMoney({
    description: 'Recorded less expected, as it was shown. If it is another one meanwhile, nothing is accepted.',
    example: '-2.5',
  })
  difference!: string;
  @AskText({ maxLength: INVOICE_TEXT_LIMITS.reason, description: 'Why it is in order; kept in the log.' }) reason!: string;
}

export class ReopenDifferenceBody extends DifferenceBody {
  @AskText({ required: false, maxLength: INVOICE_TEXT_LIMITS.reason, description: 'Why; kept in the log.' }) reason?: string;
}

export class DifferenceAnswer extends Written {
  @ListOf(() => InvoiceInfo, { description: 'The invoice as it stands now, in each currency.' }) invoices!: readonly InvoiceInfo[];
}

export class DemandInvoicesBody {
  @AskText({ maxLength: MOST_SOURCE_BYTES, example: 'aws' }) source!: string;
  @AskYesNo() demanded!: boolean;
}

export class DemandInvoicesAnswer extends Written {
  @YesNo({ description: 'False: it was so already.' }) changed!: boolean;
}

export class InvoiceImportQuery {
  @AskYesNo({ required: false, description: 'Report what the import would do, and do nothing.' }) dryRun?: boolean;
  @AskText({
    required: false,
    maxLength: MOST_SOURCE_BYTES,
    description: 'Of which source the invoices are; left out if each row says so.',
  })
  source?: string;
  @AskText({ required: false, maxLength: 255, description: 'With a body that is the file itself.' }) fileName?: string;
}

export class InvoiceUploadForm {
  @ApiProperty({
    type: String,
    format: 'binary',
    description:
      'A CSV file: FOCUS 1.4 Invoice Detail, or a table with invoice_id, period, amount and, if wished, source, currency, date, note.',
  })
  file!: unknown;
}

class InvoiceChangeInfo {
  @Part(() => ExpectedInvoiceInfo) before!: ExpectedInvoiceInfo;
  @Part(() => ExpectedInvoiceInfo) after!: ExpectedInvoiceInfo;
}

class InvoiceSourceImport {
  @Text() source!: string;
  @Whole() addedCount!: number;
  @Whole() changedCount!: number;
  @Whole() withdrawnCount!: number;
  @Whole() unchangedCount!: number;
  @ListOf(() => ExpectedInvoiceInfo, { description: 'The first 200.' }) added!: readonly ExpectedInvoiceInfo[];
  @ListOf(() => InvoiceChangeInfo, { description: 'The first 200.' }) changed!: readonly InvoiceChangeInfo[];
  @ListOf(() => ExpectedInvoiceInfo, { description: 'Voided by the provider; the first 200.' }) withdrawn!: readonly ExpectedInvoiceInfo[];
}

class RefusedInvoiceRowInfo {
  @Whole({ description: 'Line of the file.' }) line!: number;
  @Text({ example: 'amount', description: 'Empty: it is about the row as a whole.' }) column!: string;
  @Text({ description: 'As written; cut if it is long.' }) value!: string;
  @Text() reason!: string;
}

export class InvoiceImportAnswer extends Written {
  @YesNo({ description: 'False: a dry run, or a file that changes nothing.' }) recorded!: boolean;
  @Text() fileName!: string;
  @Text({ description: 'Of the file, hex.' }) sha256!: string;
  @Choice(INVOICE_FILE_FORMATS, 'InvoiceFileFormat', { description: '`focus`: Invoice Detail, summed up by invoice and billing period.' })
  format!: InvoiceFileFormat;
  @Whole() rowCount!: number;
  @Whole({ description: 'Rows of voided invoices, which count for nothing.' }) voidedRowCount!: number;
  @Texts({ description: 'Columns that mean nothing here.' }) ignoredColumns!: readonly string[];
  @ListOf(() => InvoiceSourceImport) sources!: readonly InvoiceSourceImport[];
  @Whole({ description: 'Rows; one may have several findings. With any, the file is not taken.' }) refusedRowCount!: number;
  @ListOf(() => RefusedInvoiceRowInfo, { description: 'The first 200 findings, in the order of lines.' })
  refusedRows!: readonly RefusedInvoiceRowInfo[];
}
