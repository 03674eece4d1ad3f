import type { Random } from '../faults/random.js';
import { amountOf, type Cell, currencyOf, dateOf, nameOf, tagsOf } from './focus-values.js';

/** What was written for one row, known without reading it back. */
export interface WrittenRow {
  readonly lineNumber: number;
  readonly period: string;
  /** BilledCost as written. */
  readonly billedCost: string;
  /** Columns that a report must name, in any order; none for a good row. */
  readonly badColumns: readonly string[];
}

/** A well-formed FOCUS file of some shape, and what is in it. */
export interface WrittenFile {
  readonly bytes: Buffer;
  readonly rows: readonly WrittenRow[];
  /** Whether it is of the narrower kind that csv-parser reads as RFC 4180 means it. */
  readonly isPlain: boolean;
}

/** Columns of every version, besides those that each file has. */
const OPTIONAL_COLUMNS: readonly string[] = [
  'BillingPeriodEnd',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'ListCost',
  'EffectiveCost',
  'ContractedCost',
  'BillingCurrency',
  'ProviderName',
  'ServiceName',
  'ServiceCategory',
  'ResourceId',
  'ResourceName',
  'RegionId',
  'SkuMeter',
  'InvoiceId',
  'ServiceProviderName',
  'HostProviderName',
  'InvoiceDetailId',
  'Tags',
  'x_Team',
  'Mystery',
];
/** Null is legal in these; in BilledCost and BillingPeriodStart it is not. */
const REQUIRED: readonly string[] = ['BillingPeriodStart', 'BilledCost'];

interface Dialect {
  readonly lineEnds: readonly string[];
  readonly mark: string;
  readonly quoteAll: boolean;
  readonly blankLines: boolean;
  readonly endsWithLineEnd: boolean;
}

export function writeFile(random: Random): WrittenFile {
  const columns = random.shuffled([...REQUIRED, ...OPTIONAL_COLUMNS.filter(() => random.chance(0.5))]);
  const dialect = anyDialect(random);
  const written = columns.map((name) => spelled(random, name));
  let text = dialect.mark;
  let line = 1;
  const put = (cells: readonly string[], isLast: boolean): number => {
    while (dialect.blankLines && random.chance(0.2)) {
      // A CR and the LF of an empty line after it would be one line end.
      text += random.one([text.endsWith('\r') ? ' ' : '', '  ', '\t']) + random.one(dialect.lineEnds);
      line += 1;
    }
    const row = cells.map((cell) => quoted(random, cell, dialect)).join(',');
    const begin = line;
    const lineEnd = isLast && !dialect.endsWithLineEnd ? '' : random.one(dialect.lineEnds);
    line += lineEndsIn(row) + 1;
    text += row + lineEnd;
    return begin;
  };

  const rowCount = random.chance(0.05) ? 0 : 1 + random.below(random.chance(0.1) ? 120 : 12);
  put(written, rowCount === 0);
  const rows: WrittenRow[] = [];
  const months = ['2025-01', '2025-02', '2024-12'].slice(0, 1 + random.below(3));
  for (let i = 0; i < rowCount; i++) {
    const month = random.one(months);
    const cells = columns.map((name) => cellOf(random, name, month));
    const lineNumber = put(
      cells.map((cell) => cell.text),
      i === rowCount - 1,
    );
    rows.push({
      lineNumber,
      period: month,
      billedCost: cells[columns.indexOf('BilledCost')]?.text ?? '',
      badColumns: written.filter((_, index) => cells[index]?.bad === true).map((name) => name.trim()),
    });
  }
  const isPlain = dialect.mark === '' && !dialect.blankLines && dialect.lineEnds.length === 1 && dialect.lineEnds[0] !== '\r';
  return { bytes: Buffer.from(text), rows, isPlain };
}

function anyDialect(random: Random): Dialect {
  return {
    lineEnds: random.one([['\n'], ['\n'], ['\r\n'], ['\r\n'], ['\r'], ['\n', '\r\n', '\r']]),
    mark: random.chance(0.2) ? '\uFEFF' : '',
    quoteAll: random.chance(0.3),
    blankLines: random.chance(0.2),
    endsWithLineEnd: random.chance(0.8),
  };
}

function spelled(random: Random, name: string): string {
  return random.one([name, name, name, name.toLowerCase(), name.toUpperCase(), ` ${name} `]);
}

function cellOf(random: Random, column: string, month: string): Cell {
  if (REQUIRED.includes(column) && random.chance(0.01)) return { text: random.one(['', 'NULL', 'null', '  ']), bad: true };
  if (column === 'BillingPeriodStart' || column === 'ChargePeriodStart') return dateOf(random, month);
  // An end is kept as it is; nothing about it is an error (domain.md §2).
  if (column.endsWith('End')) return { ...dateOf(random, month), bad: false };
  if (column.endsWith('Cost')) return column !== 'BilledCost' && random.chance(0.2) ? { text: '', bad: false } : amountOf(random);
  if (column === 'BillingCurrency') return currencyOf(random);
  if (column === 'Tags') return tagsOf(random);
  return nameOf(random);
}

function quoted(random: Random, cell: string, dialect: Dialect): string {
  const needed = /[",\r\n]/.test(cell);
  return needed || dialect.quoteAll || random.chance(0.05) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function lineEndsIn(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
