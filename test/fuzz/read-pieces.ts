import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { DomainError } from '#kernel';
import {
  type ChargeLine,
  type FocusHeader,
  FocusReader,
  type FocusReaderOptions,
  openFocusFile,
  readRows,
  type RefusedRow,
} from '../../libs/imports/testing/reader.js';

/** Everything that a read of a file comes to. */
export type ReadOutcome =
  | {
      readonly refusal: null;
      readonly header: FocusHeader;
      readonly warnings: readonly string[];
      readonly lines: readonly ChargeLine[];
      readonly refused: readonly RefusedRow[];
    }
  | { readonly refusal: DomainError };

/** Largest file, unpacked; a few times what the generator makes. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

/** Reads a file that arrives in pieces of these sizes, over and over. @throws whatever is no refusal. */
export async function readInPieces(bytes: Buffer, sizes: readonly number[], options: FocusReaderOptions): Promise<ReadOutcome> {
  try {
    const file = openFocusFile(Readable.from(cut(bytes, sizes)), { fileName: 'fuzz.csv', maxUnpackedBytes: MAX_UNPACKED_BYTES });
    const reader = await FocusReader.open(file, options);
    const { lines, refused } = await readRows(reader);
    return { refusal: null, header: reader.header, warnings: reader.warnings, lines, refused };
  } catch (error) {
    if (error instanceof DomainError) return { refusal: error };
    throw error;
  }
}

/** Whether two reads of the same bytes came to the same. A file with two faults may be refused for either, whichever its pieces bring up first. */
export function sameOutcome(one: ReadOutcome, other: ReadOutcome): boolean {
  if (one.refusal !== null || other.refusal !== null) return one.refusal !== null && other.refusal !== null;
  return isDeepStrictEqual([one.header, one.warnings, one.lines, one.refused], [other.header, other.warnings, other.lines, other.refused]);
}

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (let piece = 0; at < bytes.length; piece++) {
    const size = sizes[piece % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
