import { isAscii, isUtf8 } from 'node:buffer';
import { DomainError } from '#kernel';

const NOTHING = Buffer.alloc(0);

/**
 * Lets the bytes of a file through, piece by piece, as long as they are text in UTF-8, and refuses them otherwise: guessing an encoding
 * would bill the wrong name without anybody noticing. Every piece that comes out ends with a whole character; a byte order mark doesn't come out.
 */
export class Utf8Check {
  /** The first bytes of a character whose last ones are still to come. */
  private rest: Buffer = NOTHING;
  private isFirst = true;

  /**
   * @param currentLine the physical line on which the next character lies, for the message.
   * @throws DomainError `import.not-text` (another file format), `import.encoding` (UTF-16, Latin-1, …), `import.nul-byte`.
   */
  pass(bytes: Buffer, currentLine: number): Buffer {
    let buffer = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    if (this.isFirst) {
      if (buffer.length < 4) {
        this.rest = buffer;
        return NOTHING;
      }
      buffer = this.begin(buffer);
    }
    if (buffer.includes(0)) throw nulByte(buffer, currentLine);
    if (isAscii(buffer)) {
      this.rest = NOTHING;
      return buffer;
    }
    const end = buffer.length - incompleteTail(buffer);
    this.rest = Buffer.from(buffer.subarray(end));
    return requireUtf8(buffer.subarray(0, end), currentLine);
  }

  /** Ends the file. @throws DomainError as {@link pass}. */
  end(currentLine: number): Buffer {
    const buffer = this.isFirst ? this.begin(this.rest) : this.rest;
    this.rest = NOTHING;
    if (buffer.includes(0)) throw nulByte(buffer, currentLine);
    return requireUtf8(buffer, currentLine);
  }

  private begin(buffer: Buffer): Buffer {
    this.isFirst = false;
    refuseForeignFormat(buffer);
    const hasMark = buffer.length >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf;
    return hasMark ? buffer.subarray(3) : buffer;
  }
}

const MAGIC_NUMBERS: readonly (readonly [bytes: readonly number[], format: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive or an Excel workbook; unpack it, or save the sheet as “CSV UTF-8”'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file; export FOCUS as CSV (gzip is fine)'],
  [[0x1f, 0x8b], 'a gzip file within a gzip file; pack it once'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'packed with zstd; unpack it, or use gzip'],
  [[0x42, 0x5a, 0x68], 'packed with bzip2; unpack it, or use gzip'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF; export FOCUS as CSV'],
];

function refuseForeignFormat(buffer: Buffer): void {
  for (const [bytes, format] of MAGIC_NUMBERS) {
    if (bytes.every((byte, index) => buffer[index] === byte)) {
      throw new DomainError('import.not-text', 'invalid', `The file is no CSV file: it is ${format}.`);
    }
  }
  const [first, second, third, fourth] = buffer;
  if (first === 0xff && second === 0xfe) throw wrongEncoding(third === 0 && fourth === 0 ? 'UTF-32' : 'UTF-16 (little endian)', 1);
  if (first === 0xfe && second === 0xff) throw wrongEncoding('UTF-16 (big endian)', 1);
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) throw wrongEncoding('UTF-16 (little endian, without byte order mark)', 1);
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) throw wrongEncoding('UTF-16 (big endian, without byte order mark)', 1);
}

function requireUtf8(buffer: Buffer, currentLine: number): Buffer {
  if (isUtf8(buffer)) return buffer;
  const at = firstInvalidByte(buffer);
  const line = currentLine + countLineFeeds(buffer, at);
  // 0x80 to 0x9f are control characters in Latin-1, but quotes and dashes in Windows-1252.
  const isWindows = buffer.subarray(at).some((byte) => byte >= 0x80 && byte <= 0x9f);
  throw wrongEncoding(isWindows ? 'Windows-1252' : 'Latin-1 (ISO 8859-1)', line, buffer[at]);
}

/** Offset of the first byte at which the text stops being UTF-8, found by halving. */
function firstInvalidByte(buffer: Buffer): number {
  let valid = 0;
  let invalid = buffer.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    const head = buffer.subarray(0, middle);
    if (isUtf8(head.subarray(0, middle - incompleteTail(head)))) valid = middle;
    else invalid = middle;
  }
  return valid - incompleteTail(buffer.subarray(0, valid));
}

/** How many bytes at the end begin a character that is not complete: 0 to 3. */
function incompleteTail(buffer: Buffer): number {
  for (let back = 1; back <= Math.min(3, buffer.length); back++) {
    const byte = buffer[buffer.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return size > back ? back : 0;
    }
  }
  return 0;
}

function countLineFeeds(buffer: Buffer, end: number): number {
  let count = 0;
  for (let i = 0; i < end; i++) if (buffer[i] === 10) count += 1;
  return count;
}

function wrongEncoding(encoding: string, line: number, byte?: number): DomainError {
  const where = byte === undefined ? '' : ` Line ${line} has the byte 0x${byte.toString(16)}, which is no UTF-8.`;
  return new DomainError(
    'import.encoding',
    'invalid',
    `The file is not UTF-8; it looks like ${encoding}.${where} Save or export it as UTF-8.`,
  );
}

function nulByte(buffer: Buffer, currentLine: number): DomainError {
  const line = currentLine + countLineFeeds(buffer, buffer.indexOf(0));
  return new DomainError(
    'import.nul-byte',
    'invalid',
    `Line ${line} holds a NUL byte, which no CSV text has. The file is damaged or not UTF-8; export it again.`,
  );
}
