import { gzipSync } from 'node:zlib';
import { Random } from '../faults/random.js';
import { type WrittenFile, writeFile } from './focus-file.js';
import { mutate, mutatePacked } from './mutate.js';

/** One file to be read: what was made of it, and, if nothing was damaged, what was written into it. */
export interface FuzzCase {
  readonly bytes: Buffer;
  readonly undamaged: WrittenFile | null;
  /** Sizes of the pieces in which the file is to arrive once more, over and over. */
  readonly pieceSizes: readonly number[];
}

/** Odd numbers that spread neighbouring seeds and files far apart, so that they have nothing in common. */
const SPREAD_SEEDS = 0x9e3779b1;
const SPREAD_FILES = 0x85ebca6b;

/** The file of a number; the same for the same seed, whichever files are made before it. */
export function makeCase(seed: number, index: number): FuzzCase {
  const random = new Random((Math.imul(seed, SPREAD_SEEDS) ^ Math.imul(index, SPREAD_FILES)) | 0);
  const written = writeFile(random);
  const isDamaged = random.chance(0.75);
  const bytes = isDamaged ? mutate(written.bytes, random, () => writeFile(random).bytes) : written.bytes;
  const fuzzCase = { bytes, undamaged: isDamaged ? null : written, pieceSizes: anySizes(random) };
  if (!random.chance(0.15)) return fuzzCase;
  const packed = gzipSync(bytes);
  if (random.chance(0.5)) return { ...fuzzCase, bytes: mutatePacked(packed, random), undamaged: null };
  return { ...fuzzCase, bytes: packed };
}

function anySizes(random: Random): number[] {
  const largest = random.one([3, 40, 400, 4000]);
  return Array.from({ length: 1 + random.below(5) }, () => 1 + random.below(largest));
}
