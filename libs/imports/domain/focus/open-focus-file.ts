import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DomainError } from '#kernel';

export interface FocusFileOptions {
  /** For messages only: what a file is, its bytes say. */
  readonly fileName: string;
  /** Largest file, unpacked: a gzip of a few kilobytes may hold gigabytes. */
  readonly maxUnpackedBytes: number;
}

/**
 * The bytes of a `.csv` or `.csv.gz` file, unpacked. Gzip is told by its first two bytes, not by the name.
 * Reading the result throws DomainError `import.too-large`, `import.truncated-gzip`, `import.damaged-gzip`.
 */
export function openFocusFile(stream: Readable, options: FocusFileOptions): Readable {
  return Readable.from(unpacked(stream, options), { objectMode: false });
}

/** @param start of a file, two bytes at least */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

async function* unpacked(stream: Readable, options: FocusFileOptions): AsyncGenerator<Buffer> {
  const source = bytesOf(stream);
  const head: Buffer[] = [];
  let headSize = 0;
  while (headSize < 2) {
    const next = await source.next();
    if (next.done === true) break;
    head.push(next.value);
    headSize += next.value.length;
  }
  const all = chain(head, source);
  const start = Buffer.concat(head.map((chunk) => chunk.subarray(0, 2)));
  let size = 0;
  for await (const chunk of isGzip(start) ? gunzipped(all, options) : all) {
    size += chunk.length;
    if (size > options.maxUnpackedBytes) throw tooLarge(options);
    yield chunk;
  }
}

async function* gunzipped(packed: AsyncGenerator<Buffer>, options: FocusFileOptions): AsyncGenerator<Buffer> {
  const source = Readable.from(packed, { objectMode: false });
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw readableGzipError(error, options);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function* bytesOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream as AsyncIterable<Buffer | string>) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

async function* chain(head: readonly Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  yield* rest;
}

function readableGzipError(error: unknown, options: FocusFileOptions): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') {
    return new DomainError(
      'import.truncated-gzip',
      'invalid',
      `${options.fileName} ends in the middle of its gzip data, so rows are missing. Hand in the whole file.`,
    );
  }
  if (code.startsWith('Z_')) {
    return new DomainError('import.damaged-gzip', 'invalid', `${options.fileName} is a damaged gzip file. Pack or export it again.`);
  }
  return error;
}

function tooLarge(options: FocusFileOptions): DomainError {
  return new DomainError(
    'import.too-large',
    'too-large',
    `${options.fileName} is larger than ${options.maxUnpackedBytes} bytes when unpacked. Split it by billing period or account, or raise the limit.`,
  );
}
