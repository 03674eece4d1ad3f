import { type EventContent, EventHasher } from './event-hash.js';

/** An event as its row says, hashes and all. */
export interface LogRow extends EventContent {
  readonly position: number;
  readonly transactionId: bigint;
  readonly prevHash: Buffer | null;
  readonly hash: Buffer;
}

export type TamperingKind = 'changed' | 'deleted' | 'inserted' | 'reordered' | 'stream-gone';

/** A row that is not as the program wrote it, or that is missing. */
export interface LogFinding {
  readonly kind: TamperingKind;
  readonly stream: string;
  /** Of the row in question; of the missing one for `deleted`; null for a whole stream. */
  readonly version: number | null;
  /** Null for what isn't there. */
  readonly position: number | null;
  /** The finding in a sentence. */
  readonly what: string;
}

const HASHER = new EventHasher();

/** Whether a row's hash is that of what it says. */
function fitsItsHash(row: LogRow, version = row.version): boolean {
  return HASHER.link(row.prevHash, { ...row, version }).equals(row.hash);
}

/**
 * Finds the first row of one stream that is wrong, and how.
 * @param rows all rows of the stream, by version
 */
export function diagnoseStream(rows: readonly LogRow[]): LogFinding | undefined {
  const broken = rows.findIndex((row, index) => !followsWell(row, rows[index - 1]));
  if (broken >= 0) return diagnoseBreak(rows, broken);
  const overtaken = rows.findIndex((row, index) => comesBefore(row, rows[index - 1]));
  const row = rows[overtaken];
  return row && finding('reordered', row, 'stands in the log before its predecessor');
}

function followsWell(row: LogRow, before: LogRow | undefined): boolean {
  return row.version === (before?.version ?? 0) + 1 && linksTo(row, before) && fitsItsHash(row);
}

/** Takes the row before as it stands: its own hash has been found right, or is somebody else's finding. */
function diagnoseBreak(rows: readonly LogRow[], index: number): LogFinding | undefined {
  const row = rows[index];
  if (row === undefined) return undefined;
  const before = rows[index - 1];
  const after = rows[index + 1];
  const expectedVersion = (before?.version ?? 0) + 1;
  const isLinked = linksTo(row, before);

  // What it follows comes later now: two rows have changed places.
  if (!isLinked && rows.slice(index + 1).some((later) => row.prevHash?.equals(later.hash))) {
    return finding('reordered', row, 'stands where another event of the stream belongs');
  }
  if (row.version > expectedVersion) return missing(row.stream, expectedVersion, row.version - 1);
  // The next one follows what came before this: nobody knew of this row.
  if (after !== undefined && linksTo(after, before)) return finding('inserted', row, 'is unknown to the event after it');
  if (isLinked) return finding('changed', row, 'does not say what its hash was made of');
  // It kept faith with a predecessor that is not there any more: gone, and the rest renumbered, or rewritten together with its hash.
  if (fitsItsHash(row, row.version + 1)) return missing(row.stream, expectedVersion, expectedVersion);
  if (before !== undefined && fitsItsHash(row)) return finding('changed', before, 'is not the event that the next one followed');
  if (after === undefined) return finding('inserted', row, 'follows no event of the stream');
  return finding('changed', row, 'follows no event of the stream');
}

function linksTo(row: LogRow, before: LogRow | undefined): boolean {
  if (before === undefined) return row.prevHash === null;
  return row.prevHash?.equals(before.hash) ?? false;
}

function comesBefore(row: LogRow, before: LogRow | undefined): boolean {
  if (before === undefined) return false;
  if (row.transactionId !== before.transactionId) return row.transactionId < before.transactionId;
  return row.position < before.position;
}

function finding(kind: TamperingKind, row: LogRow, what: string): LogFinding {
  const { stream, version, position } = row;
  return { kind, stream, version, position, what: `${row.type}, version ${version} of “${stream}” at position ${position}, ${what}.` };
}

/** Versions that should be there and are not. */
export function missing(stream: string, from: number, to: number): LogFinding {
  const which = from === to ? `Version ${from} of “${stream}” is` : `Versions ${from} to ${to} of “${stream}” are`;
  return { kind: 'deleted', stream, version: from, position: null, what: `${which} missing.` };
}
