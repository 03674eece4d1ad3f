import { type BillingPeriod, csvRow, Decimal, DomainError, guardFormula } from '#kernel';
import type { JournalPosting, WrittenRows } from './posting.js';

export type JournalFormat = 'detail' | 'default' | 'summary' | 'gl' | 'template';

const FORMATS: readonly JournalFormat[] = ['detail', 'default', 'summary', 'gl', 'template'];

/** Reads a format's name; `standard` is an alias of `detail`. @throws DomainError `journal.unknown-format` */
export function journalFormat(text: string): JournalFormat {
  const name = text.trim().toLowerCase();
  const format = name === 'standard' ? 'detail' : FORMATS.find((candidate) => candidate === name);
  if (format === undefined) {
    const known = [...FORMATS, 'standard'].join(', ');
    throw new DomainError('journal.unknown-format', 'invalid', `“${text}” is no journal format; choose one of ${known}.`);
  }
  return format;
}

/**
 * What a written file adds up to, in the ledger's currency. `debits` and `credits` are of every row (in the one-sided formats
 * a negative row counts as a credit); `net` is what PIs owe: all rows but the clearing account's.
 */
export interface ControlTotals {
  /** Rows below the header. */
  readonly rowCount: number;
  readonly debits: Decimal;
  readonly credits: Decimal;
  readonly net: Decimal;
}

/** A file in the making: chunks of text or of its UTF-8, and what they add up to once the last one was taken. */
export interface JournalStream {
  readonly chunks: AsyncGenerator<string | Uint8Array, void, void>;
  /** @throws DomainError `journal.not-written` before the last chunk was taken. */
  totals(): ControlTotals;
}

/** Whether a row stands in the file though it comes to nothing. */
export type ZeroRows = 'written' | 'left-out';

/** Whether what comes to `amount` has a row. */
export function hasRow(amount: Decimal, zeroRows: ZeroRows): boolean {
  return zeroRows === 'written' || !amount.isZero();
}

export interface FormatOptions {
  readonly period: BillingPeriod;
  /** Decimals of the ledger's currency: USD 2, JPY 0. */
  readonly digits: number;
  readonly zeroRows: ZeroRows;
}

/** What of a posting, or of what is to be booked, a row is made of. */
export type PaidRow = Pick<JournalPosting, 'piEmail' | 'projectId' | 'fundOrg' | 'serviceName' | 'billed' | 'lineCount'>;

/** The other side of the `gl` format. */
export interface CreditRow {
  readonly fundOrg: string;
  /** Positive: credited. */
  readonly amount: Decimal;
}

const CHUNK_LENGTH = 64 * 1024;

interface Row {
  readonly cells: readonly string[];
  /** What the row books: positive a debit, negative a credit. */
  readonly booked: Decimal;
  /** The clearing account's row: no part of what PIs owe. */
  readonly clearing?: boolean;
}

/**
 * `detail` (alias `standard`): a row per charge, in the order given, amounts with all the decimals the charge has.
 * Control totals are sums of rounded postings all the same (domain.md §8): what the rows add up to is not what is booked.
 */
export function writeDetail(rows: AsyncIterable<WrittenRows>, postings: Iterable<JournalPosting>): JournalStream {
  const header = 'period,pi_email,project_id,fund_org,service_name,resource_id,resource_name,billed_cost,list_cost,discount_amount';
  let totals: ControlTotals | undefined;
  async function* chunks(): AsyncGenerator<string | Uint8Array, void, void> {
    let written = 0;
    yield `${header}\r\n`;
    for await (const { bytes, rowCount } of rows) {
      written += rowCount;
      yield bytes;
    }
    totals = { rowCount: written, ...sidesOf(postings) };
  }
  return { chunks: chunks(), totals: () => totals ?? notWritten() };
}

function sidesOf(postings: Iterable<JournalPosting>): Omit<ControlTotals, 'rowCount'> {
  const amounts = [...postings].map((posting) => posting.billed);
  const debits = Decimal.sum(amounts.filter((amount) => amount.isPositive()));
  const credits = Decimal.sum(amounts.filter((amount) => amount.isNegative())).negated();
  return { debits, credits, net: debits.minus(credits) };
}

/**
 * `default`: a row per PI × project × service, in that order. A project that was billed to several fund/orgs gets a row
 * for each, because a row that named just one would be booked wrongly.
 */
export function writeDefault(paid: Iterable<PaidRow>, options: FormatOptions): JournalStream {
  const rows = paidGroups('default', paid, options).map(
    ({ key: [pi = '', project = '', service = '', fundOrg = ''], billed, lineCount }): Row => {
      return { cells: [options.period, pi, project, fundOrg, service, billed.toPadded(options.digits), String(lineCount)], booked: billed };
    },
  );
  return stream('BillingPeriod,PIEmail,ProjectID,FundOrg,ServiceName,Amount,ResourceCount', rows);
}

/** `summary`: a row per PI × project × fund/org; text cells guarded against formula injection. */
export function writeSummary(paid: Iterable<PaidRow>, options: FormatOptions): JournalStream {
  const rows = paidGroups('summary', paid, options).map(({ key, billed, lineCount }): Row => {
    return { cells: [...[options.period, ...key].map(guardFormula), billed.toPadded(options.digits), String(lineCount)], booked: billed };
  });
  return stream('period,pi_email,project_id,fund_org,total_cost,charge_count', rows);
}

/**
 * `gl`: a debit per fund/org, then the credits, which are one of their sum to the clearing account unless a delta takes back others; a negative
 * sum stands on the other side. What comes to nothing is a debit of nothing, if it is written.
 */
export function writeGl(paid: Iterable<PaidRow>, credits: Iterable<CreditRow>, options: FormatOptions): JournalStream {
  const { period, digits } = options;
  const description = glDescription(period);
  const sides = (debit: Decimal): readonly [string, string] => {
    const amount = debit.abs().toPadded(digits);
    return debit.isNegative() ? ['', amount] : [amount, ''];
  };
  const rows = paidGroups('gl', paid, options).map(({ key: [fundOrg = ''], billed }): Row => {
    return { cells: [period, fundOrg, description, ...sides(billed)], booked: billed };
  });
  for (const { fundOrg, amount } of creditGroups(credits, options)) {
    const owed = amount.negated();
    rows.push({ cells: [period, fundOrg, description, ...sides(owed)], booked: owed, clearing: true });
  }
  return stream('period,account,description,debit,credit', rows);
}

export function glDescription(period: BillingPeriod): string {
  return `${period} Research Computing Charges`;
}

export interface PaidGroup {
  readonly key: readonly string[];
  readonly billed: Decimal;
  readonly lineCount: number;
}

const KEYS = {
  default: ({ piEmail, projectId, serviceName, fundOrg }: PaidRow) => [piEmail, projectId, serviceName, fundOrg],
  summary: ({ piEmail, projectId, fundOrg }: PaidRow) => [piEmail, projectId, fundOrg],
  gl: ({ fundOrg }: PaidRow) => [fundOrg],
} as const;

/** The rows of a format before they are written, in their order. */
export function paidGroups(format: keyof typeof KEYS, paid: Iterable<PaidRow>, { zeroRows }: Pick<FormatOptions, 'zeroRows'>): PaidGroup[] {
  return sumBy(paid, KEYS[format]).filter(({ billed }) => hasRow(billed, zeroRows));
}

/** The credits of the `gl` format by their account. */
export function creditGroups(credits: Iterable<CreditRow>, { zeroRows }: Pick<FormatOptions, 'zeroRows'>): CreditRow[] {
  const sums = new Map<string, Decimal>();
  for (const { fundOrg, amount } of credits) sums.set(fundOrg, (sums.get(fundOrg) ?? Decimal.ZERO).plus(amount));
  return [...sums]
    .filter(([, amount]) => hasRow(amount, zeroRows))
    .map(([fundOrg, amount]) => ({ fundOrg, amount }))
    .sort((a, b) => compareKeys([a.fundOrg], [b.fundOrg]));
}

function sumBy(postings: Iterable<PaidRow>, keyOf: (posting: PaidRow) => readonly string[]): PaidGroup[] {
  const groups = new Map<string, PaidGroup>();
  for (const posting of postings) {
    const key = keyOf(posting);
    const id = JSON.stringify(key);
    const { billed, lineCount } = groups.get(id) ?? { billed: Decimal.ZERO, lineCount: 0 };
    groups.set(id, { key, billed: billed.plus(posting.billed), lineCount: lineCount + posting.lineCount });
  }
  return [...groups.values()].sort((a, b) => compareKeys(a.key, b.key));
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? '';
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function stream(header: string, rows: Iterable<Row>): JournalStream {
  let totals: ControlTotals | undefined;
  // The stream's shape is that of the format with a row per charge.
  async function* chunks(): AsyncGenerator<string, void, void> {
    let rowCount = 0;
    let debits = Decimal.ZERO;
    let credits = Decimal.ZERO;
    let net = Decimal.ZERO;
    let pending = `${header}\r\n`;
    for (const { cells, booked, clearing } of rows) {
      rowCount += 1;
      if (booked.isNegative()) credits = credits.plus(booked.abs());
      else debits = debits.plus(booked);
      if (clearing !== true) net = net.plus(booked);
      pending += csvRow(cells);
      if (pending.length >= CHUNK_LENGTH) {
        yield pending;
        pending = '';
      }
    }
    totals = { rowCount, debits, credits, net };
    if (pending !== '') yield pending;
  }
  return { chunks: chunks(), totals: () => totals ?? notWritten() };
}

function notWritten(): never {
  throw new DomainError('journal.not-written', 'conflict', 'The control totals are known once the last chunk of the file was taken.');
}
