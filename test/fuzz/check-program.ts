import { Decimal } from '#kernel';
import type { FocusReaderOptions } from '../../libs/imports/testing/reader.js';
import type { Office } from '../public-files/office.js';
import { Finding } from './check-reading.js';
import { type ReadOutcome, readInPieces } from './read-pieces.js';

/** As the program reads a file of a source without settings. */
export function readerOptionsOf(office: Office): FocusReaderOptions {
  const { tagMapping, currency, review } = office.services.config;
  return {
    tagMapping,
    ledgerCurrency: currency,
    expectedPeriod: null,
    flagPatterns: review.flagPatterns ?? [],
    fundOrgPatterns: review.fundOrgPatterns ?? [],
    costBasis: 'billed',
    dateFormat: null,
    lineIdColumn: null,
  };
}

/**
 * Hands a file to the program: it is recorded with the money that the reader finds in it, to the last decimal, or it is refused and nothing of it is
 * stored. Every other file may be recorded in part.
 * @throws Finding
 */
export async function checkProgram(office: Office, bytes: Buffer, index: number): Promise<'recorded' | 'refused'> {
  const source = `fuzz ${index}`;
  const allowPartial = index % 200 === 0;
  const expected = await readInPieces(bytes, [65_536], readerOptionsOf(office));
  await office.register(source, {});
  const row = await office.import(source, `fuzz-${index}.csv`, bytes, { allowPartial });
  const held = await office.heldLines(row.importId);
  const isRecorded = expected.refusal === null && (expected.refused.length === 0 || allowPartial);
  if (row.state !== (isRecorded ? 'recorded' : 'refused')) {
    throw new Finding(`the import is ${row.state} (${row.refusal?.reason ?? 'without a refusal'}), and the reader ${say(expected)}`);
  }
  if (!isRecorded) {
    if (held.length > 0) throw new Finding(`the import is refused, and ${held.length} sums of it are in charge_lines`);
    if (expected.refusal !== null && row.refusal?.code !== expected.refusal.code) {
      throw new Finding(`the import is refused with ${row.refusal?.code ?? 'nothing'}, and the reader ${say(expected)}`);
    }
    if (expected.refusal === null && !/line \d+, column /.test(row.refusal?.reason ?? '')) {
      throw new Finding(`the refusal names no line and column: ${row.refusal?.reason ?? ''}`);
    }
    return 'refused';
  }
  const sums = sumsOf(expected.lines);
  const told = (row.report?.totals.periods ?? []).map((total) => `${total.period} ${total.currency} ${total.lineCount} ${total.amount}`);
  if (told.join() !== sums.join()) throw new Finding(`the report says ${told.join()}, and the file holds ${sums.join()}`);
  if (held.join() !== sums.join()) throw new Finding(`charge_lines holds ${held.join()}, and the file ${sums.join()}`);
  const refusedRows = row.report?.totals.refusedRowCount;
  if (refusedRows !== expected.refused.length) throw new Finding(`${refusedRows} rows are refused, and the reader ${say(expected)}`);
  return 'recorded';
}

/** `period currency lines amount`, in order. */
function sumsOf(lines: readonly { period: string; currency: string; amount: string }[]): string[] {
  const sums = new Map<string, Decimal[]>();
  for (const { period, currency, amount } of lines) {
    const key = `${period} ${currency}`;
    sums.set(key, [...(sums.get(key) ?? []), Decimal.parse(amount)]);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, amounts]) => `${key} ${amounts.length} ${Decimal.sum(amounts).toString()}`);
}

function say(outcome: ReadOutcome): string {
  if (outcome.refusal !== null) return `refuses it with ${outcome.refusal.code}`;
  return `has ${outcome.lines.length} lines and ${outcome.refused.length} refused rows`;
}
