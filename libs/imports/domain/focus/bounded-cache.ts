/** Longer texts are worked out anew each time: few of them would fill the memory that many short ones share. */
const MAX_KEY_LENGTH = 4096;

/**
 * Remembers what was worked out for a text, in bounded memory: two generations of at most `generationSize` entries. A full
 * generation becomes the old one, and what is still asked for moves back to the young one.
 */
export class BoundedCache<Value> {
  private young = new Map<string, Value>();
  private old = new Map<string, Value>();
  private lastText: string | undefined;
  private lastValue: Value | undefined;

  constructor(
    private readonly work: (text: string) => Value,
    private readonly generationSize = 4096,
  ) {}

  get(text: string): Value {
    // Comparing is cheaper than hashing, and in a file the same text often comes again in the next row.
    if (text === this.lastText && this.lastValue !== undefined) return this.lastValue;
    const value = this.find(text);
    this.lastText = text;
    this.lastValue = value;
    return value;
  }

  private find(text: string): Value {
    const known = this.young.get(text);
    if (known !== undefined) return known;
    if (text.length > MAX_KEY_LENGTH) return this.work(text);
    // The text may be a slice of a whole piece of the file, which a cache must not keep alive: store a copy.
    const key = Buffer.from(text, 'utf8').toString('utf8');
    const value = this.old.get(text) ?? this.work(key);
    if (this.young.size >= this.generationSize) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
    return value;
  }

  /** Entries held: never more than twice the generation size. */
  get size(): number {
    return this.young.size + this.old.size;
  }
}
