import { randomBytes } from 'node:crypto';

/** Where secrets come from, so that a test can know them beforehand. */
export interface RandomSource {
  bytes(count: number): Buffer;
}

/** Injection token for the {@link RandomSource}. */
export const RANDOM_SOURCE = Symbol('RandomSource');

export const systemRandom: RandomSource = { bytes: (count) => randomBytes(count) };
