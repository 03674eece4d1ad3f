const MASK = (1n << 64n) - 1n;

/**
 * A small deterministic generator (64-bit linear congruential, Knuth's MMIX constants): the same seed text gives the same sample on
 * every machine and Node version.
 */
export class SeededRandom {
  private state = 0xcbf29ce484222325n;

  constructor(seed: string) {
    for (const byte of new TextEncoder().encode(seed)) this.state = ((this.state ^ BigInt(byte)) * 0x100000001b3n) & MASK;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    this.state = (this.state * 6364136223846793005n + 1442695040888963407n) & MASK;
    return low + Number((this.state >> 32n) % BigInt(high - low + 1));
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.between(0, choices.length - 1)] ?? choices[0];
  }

  /** `length` hexadecimal digits, for invented resource ids. */
  hex(length: number): string {
    return Array.from({ length }, () => this.between(0, 15).toString(16)).join('');
  }
}
