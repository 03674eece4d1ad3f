import { type Currency, Decimal } from '#kernel';
import type { InvoiceState } from './reconcile.js';

/** What the invoices of a source come to in a period, in one currency. */
export interface SourceTotal {
  readonly source: string;
  /** Null for a source that must have invoices and has neither invoice nor line. */
  readonly currency: Currency | null;
  /** The finalize checklist asks for its invoices: some are announced, or every period must have them. */
  readonly isChecked: boolean;
  /** Every period must have its invoices before it is finalized. */
  readonly isDemanded: boolean;
  /** Invoices that were announced. */
  readonly expectedCount: number;
  readonly expected: string;
  /** Of lines that name an invoice. */
  readonly recorded: string;
  /** Recorded less expected. */
  readonly difference: string;
  /** Of lines that name none. */
  readonly uninvoiced: string;
  /** Invoices, and lines without one, that somebody has to explain or mend. */
  readonly openCount: number;
}

/** As much of a row as the totals are made of. */
interface Row {
  readonly source: string;
  readonly currency: Currency;
  readonly state: InvoiceState;
  readonly invoiceId: string;
  readonly expected: string | null;
  readonly recorded: string | null;
  readonly isOpen: boolean;
}

/** @param demands sources whose invoices every period must have */
export function sourceTotals(rows: readonly Row[], demands: readonly string[]): SourceTotal[] {
  const announced = new Set(rows.filter(({ expected }) => expected !== null).map(({ source }) => source));
  const head = (source: string): Pick<SourceTotal, 'source' | 'isChecked' | 'isDemanded'> => {
    const isDemanded = demands.includes(source);
    return { source, isChecked: isDemanded || announced.has(source), isDemanded };
  };
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const place = `${row.source}\n${row.currency}`;
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [row]);
    else group.push(row);
  }
  const totals = Array.from(groups.values(), (group): SourceTotal => {
    const [first] = group;
    const sum = (of: readonly Row[], side: 'expected' | 'recorded'): Decimal =>
      Decimal.sum(of.map((row) => Decimal.parse(row[side] ?? '0')));
    const invoiced = group.filter(({ invoiceId }) => invoiceId !== '');
    const expected = sum(invoiced, 'expected');
    const recorded = sum(invoiced, 'recorded');
    return {
      ...head(first.source),
      currency: first.currency,
      expectedCount: group.filter((row) => row.expected !== null).length,
      expected: expected.toString(),
      recorded: recorded.toString(),
      difference: recorded.minus(expected).toString(),
      uninvoiced: sum(
        group.filter(({ invoiceId }) => invoiceId === ''),
        'recorded',
      ).toString(),
      openCount: group.filter(({ isOpen }) => isOpen).length,
    };
  });
  const bare = demands
    .filter((source) => !rows.some((row) => row.source === source))
    .map((source): SourceTotal => {
      const nothing = { expected: '0', recorded: '0', difference: '0', uninvoiced: '0' };
      return { ...head(source), currency: null, expectedCount: 0, ...nothing, openCount: 0 };
    });
  return [...totals, ...bare].sort((one, other) => (one.source < other.source ? -1 : one.source > other.source ? 1 : 0));
}
