import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { DomainError } from '#kernel';
import type { RefusedRow } from '../domain/refused-row.js';
import { FocusReader, type FocusReaderOptions } from '../domain/focus/index.js';
import type { ChargeLine } from './charge-line.js';
import { OPTIONS, readRows } from './reader.js';

export { OPTIONS };

export interface Outcome {
  readonly reader: FocusReader;
  readonly lines: ChargeLine[];
  readonly refused: RefusedRow[];
}

/** Reads a file that arrives in pieces of `pieceSize` bytes. */
export async function read(file: string | Buffer, options: Partial<FocusReaderOptions> = {}, pieceSize = 65_536): Promise<Outcome> {
  const bytes = Buffer.from(file);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceSize) pieces.push(bytes.subarray(at, at + pieceSize));
  const reader = await FocusReader.open(Readable.from(pieces), { ...OPTIONS, ...options });
  const { lines, refused } = await readRows(reader);
  return { reader, lines, refused };
}

export async function refusal(file: string | Buffer, options: Partial<FocusReaderOptions> = {}): Promise<DomainError> {
  try {
    await read(file, options);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('the file was not refused');
}

export const TAGS = { pi_email: 'a@x.edu', project_id: 'p1', fund_org: 'BIO-1' };

/** A CSV file of rows given as column → cell; absent cells are empty. */
export function csv(...rows: Record<string, string>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))].map((cells) => cells.map(quote).join(',')).join('\n');
}

export function row(cells: Record<string, string> = {}, tags: Record<string, unknown> = TAGS): Record<string, string> {
  return { BillingPeriodStart: '2025-01-01', BilledCost: '1', Tags: JSON.stringify(tags), ...cells };
}

/** The only line of a file with one good row. */
export async function lineOf(cells: Record<string, string>, options: Partial<FocusReaderOptions> = {}): Promise<ChargeLine> {
  const { lines, refused } = await read(csv(cells), options);
  expect(refused).toEqual([]);
  expect(lines).toHaveLength(1);
  const [line] = lines;
  if (line === undefined) throw new Error('no line');
  return line;
}

/** The only refused row of a file with one bad row. */
export async function refusedOf(cells: Record<string, string>, options: Partial<FocusReaderOptions> = {}): Promise<RefusedRow> {
  const { lines, refused } = await read(csv(cells), options);
  expect(lines).toEqual([]);
  expect(refused).toHaveLength(1);
  const [row] = refused;
  if (row === undefined) throw new Error('no refused row');
  return row;
}
