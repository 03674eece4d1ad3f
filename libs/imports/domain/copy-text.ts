/** A piece counts as full early enough that the next rows still fit without a larger buffer. */
const FULL_SHARE = 0.8;

const BACKSLASH = 92;
const CAPITAL_N = 78;
const TAB = 9;
const LINE_FEED = 10;
const BLANK = 32;
const QUOTE = 34;
const PLUS = 43;
const HYPHEN = 45;
const ZERO = 48;
const FIRST_BEYOND_ASCII = 128;
/** Bytes that a UTF-16 unit takes at most: three of UTF-8, or two where it is escaped. */
const MAX_BYTES_PER_UNIT = 3;
/** Where the time begins in `2025-01-01T00:00:00Z`. */
const TIME_AT = 10;
/** Hexadecimal digits of a UUID before which a hyphen stands. */
const UUID_HYPHENS = [8, 12, 16, 20] as const;
/** From so many bytes on, copying as a whole is faster than one by one. */
const LONG = 160;

/** What COPY's text format escapes → the letter after the backslash; 0 for all other bytes. */
const ESCAPES = new Uint8Array(256);
for (const [character, letter] of ['\\\\', '\bb', '\ff', '\nn', '\rr', '\tt', '\vv']) {
  if (character !== undefined && letter !== undefined) ESCAPES[character.charCodeAt(0)] = letter.charCodeAt(0);
}
/** What can't stand as it is within a string of JSON that is then written by COPY. */
const NOT_PLAIN_IN_JSON = Uint8Array.from({ length: 256 }, (_, byte) => (byte < BLANK || byte === QUOTE || byte === BACKSLASH ? 1 : 0));

/**
 * Writes rows for `COPY … FROM STDIN` in text format, exactly as `COPY … TO` prints them (time zone UTC, DateStyle ISO), so that a digest over
 * these bytes can be checked against the table.
 *
 * Cells go from the bytes of a file into these bytes one by one: made texts in between, a line took three times as long to read and write.
 */
export class CopyText {
  private bytes: Buffer;
  private used = 0;
  /** What was taken, and where in memory it lies. */
  private readonly taken = new WeakMap<Buffer, Buffer>();
  private spare: Buffer | undefined;

  /** @param pieceBytes about how large the pieces are that {@link take} answers */
  constructor(private readonly pieceBytes: number) {
    this.bytes = Buffer.allocUnsafe(pieceBytes);
  }

  /** Time to {@link take} what is written. */
  get isFull(): boolean {
    return this.used >= this.pieceBytes * FULL_SHARE;
  }

  /** The bytes written so far; what follows is written elsewhere, so these may be read meanwhile. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.used);
    this.taken.set(taken, this.bytes);
    this.bytes = this.spare ?? Buffer.allocUnsafe(this.pieceBytes);
    this.spare = undefined;
    this.used = 0;
    return taken;
  }

  /** Nobody reads any more what was {@link take}n: its memory is written over, which spares the garbage collector a run for every few pieces. */
  giveBack(taken: Buffer): void {
    this.spare = this.taken.get(taken);
    this.taken.delete(taken);
  }

  /** A cell whose text is UTF-8 from `start` to `end` of `source`; a negative `start` is null. */
  cell(source: Buffer, start: number, end: number): void {
    if (start < 0) {
      this.null();
      return;
    }
    this.reserve((end - start) * 2 + 1);
    const { bytes } = this;
    let at = this.used;
    for (let i = start; i < end; i++) {
      const byte = source[i] ?? 0;
      const letter = ESCAPES[byte] ?? 0;
      if (letter === 0) {
        bytes[at] = byte;
        at += 1;
      } else {
        bytes[at] = BACKSLASH;
        bytes[at + 1] = letter;
        at += 2;
      }
    }
    bytes[at] = TAB;
    this.used = at + 1;
  }

  text(value: string | null): void {
    if (value === null) {
      this.null();
      return;
    }
    const { length } = value;
    this.reserve(length * MAX_BYTES_PER_UNIT + 1);
    const { bytes } = this;
    let at = this.used;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code >= FIRST_BEYOND_ASCII || ESCAPES[code] !== 0) {
        const text = Buffer.from(value);
        this.cell(text, 0, text.length);
        return;
      }
      bytes[at] = code;
      at += 1;
    }
    bytes[at] = TAB;
    this.used = at + 1;
  }

  /** `2025-01-01T00:00:00Z` as Postgres prints a timestamptz in UTC: `2025-01-01 00:00:00+00`. */
  instant(value: string | null): void {
    if (value === null) {
      this.null();
      return;
    }
    const begin = this.used;
    const length = value.length - 1;
    this.reserve(length + 4);
    const { bytes } = this;
    for (let i = 0; i < length; i++) bytes[begin + i] = value.charCodeAt(i);
    bytes[begin + TIME_AT] = BLANK;
    bytes[begin + length] = PLUS;
    bytes[begin + length + 1] = ZERO;
    bytes[begin + length + 2] = ZERO;
    bytes[begin + length + 3] = TAB;
    this.used = begin + length + 4;
  }

  /** @param hex 32 hexadecimal digits */
  uuid(hex: string): void {
    this.reserve(hex.length + UUID_HYPHENS.length + 1);
    const { bytes } = this;
    let at = this.used;
    for (let i = 0; i < hex.length; i++) {
      if (i === UUID_HYPHENS[0] || i === UUID_HYPHENS[1] || i === UUID_HYPHENS[2] || i === UUID_HYPHENS[3]) {
        bytes[at] = HYPHEN;
        at += 1;
      }
      bytes[at] = hex.charCodeAt(i);
      at += 1;
    }
    bytes[at] = TAB;
    this.used = at + 1;
  }

  null(): void {
    this.reserve(3);
    this.bytes[this.used] = BACKSLASH;
    this.bytes[this.used + 1] = CAPITAL_N;
    this.bytes[this.used + 2] = TAB;
    this.used += 3;
  }

  /** Bytes that are written as they are: what {@link printedCells} made, or a part of a cell without anything to escape. */
  raw(printed: Buffer): void {
    this.plain(printed, 0, printed.length);
  }

  /** UTF-8 from `start` to `end` of `source` that holds nothing to escape, such as digits; no tab after it. */
  plain(source: Buffer, start: number, end: number): void {
    this.reserve(end - start + 1);
    const { bytes } = this;
    let at = this.used;
    if (end - start >= LONG) {
      source.copy(bytes, at, start, end);
      this.used = at + end - start;
      return;
    }
    for (let i = start; i < end; i++) {
      bytes[at] = source[i] ?? 0;
      at += 1;
    }
    this.used = at;
  }

  /** UTF-8 from `start` to `end` of `source` as a string of JSON, within a cell. */
  jsonString(source: Buffer, start: number, end: number): void {
    this.reserve(end - start + 2);
    const { bytes } = this;
    let at = this.used;
    bytes[at] = QUOTE;
    at += 1;
    for (let i = start; i < end; i++) {
      const byte = source[i] ?? 0;
      if (NOT_PLAIN_IN_JSON[byte] === 1) {
        this.raw(escaped(JSON.stringify(source.toString('utf8', start, end))));
        return;
      }
      bytes[at] = byte;
      at += 1;
    }
    bytes[at] = QUOTE;
    this.used = at + 1;
  }

  /** Ends a cell that was written in parts. */
  endCell(): void {
    this.reserve(1);
    this.bytes[this.used] = TAB;
    this.used += 1;
  }

  /** Ends the row, in place of the tab after its last cell. */
  endRow(): void {
    this.bytes[this.used - 1] = LINE_FEED;
  }

  private reserve(size: number): void {
    if (this.used + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.used + size, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }
}

/** A text as it stands within a cell of COPY, in UTF-8. */
export function escaped(text: string): Buffer {
  return Buffer.from(text.replace(/[\\\b\f\n\r\t\v]/g, (character) => `\\${String.fromCharCode(ESCAPES[character.charCodeAt(0)] ?? 0)}`));
}

/** Cells as {@link CopyText} writes them, for those that many rows share. */
export function printedCells(cells: readonly (string | null)[]): Buffer {
  return Buffer.concat(cells.map((cell) => (cell === null ? Buffer.from('\\N\t') : Buffer.concat([escaped(cell), Buffer.of(TAB)]))));
}
