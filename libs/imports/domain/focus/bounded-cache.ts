/** Longer texts are worked out anew each time: few of them would fill the memory that many short ones share. */
const MAX_KEY_BYTES = 4096;

/**
 * Remembers what was worked out for a text, in bounded memory: two generations of at most `generationSize` entries. A full
 * generation becomes the old one, and what is still asked for moves back to the young one.
 *
 * Texts come as bytes of UTF-8; they are told apart by their bytes, and decoded only to be worked on.
 */
export class BoundedCache<Value> {
  /** By the bytes, each as one character. */
  private young = new Map<string, Value>();
  private old = new Map<string, Value>();
  private lastKey: string | undefined;
  private lastValue: Value | undefined;

  constructor(
    private readonly work: (text: string) => Value,
    private readonly generationSize = 4096,
  ) {}

  /** @param start, end where the text lies in `source` */
  get(source: Buffer, start: number, end: number): Value {
    // Comparing is cheaper than hashing, and in a file the same text often comes again in the next row.
    if (this.lastValue !== undefined && this.isLast(source, start, end)) return this.lastValue;
    return this.getByKey(source.toString('latin1', start, end));
  }

  /** @param key the text's bytes, each as one character */
  getByKey(key: string): Value {
    const value = this.find(key);
    this.lastKey = key;
    this.lastValue = value;
    return value;
  }

  private isLast(source: Buffer, start: number, end: number): boolean {
    const { lastKey } = this;
    if (lastKey?.length !== end - start) return false;
    // From the end: a group's tags, and the days of a month, begin alike.
    for (let i = lastKey.length - 1; i >= 0; i--) if (lastKey.charCodeAt(i) !== source[start + i]) return false;
    return true;
  }

  private find(key: string): Value {
    const known = this.young.get(key);
    if (known !== undefined) return known;
    if (key.length > MAX_KEY_BYTES) return this.work(textOf(key));
    const value = this.old.get(key) ?? this.work(textOf(key));
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

function textOf(key: string): string {
  return Buffer.from(key, 'latin1').toString('utf8');
}
