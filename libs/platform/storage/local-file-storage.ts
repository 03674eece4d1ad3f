import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { DomainError } from '#kernel';
import type { FileStorage, StoredFile } from './file-storage.js';

const SHA256_PATTERN = /^[0-9a-f]{64}$/;
const INCOMING = 'incoming';
/** A file as short as most statements is read sooner than the four trips to another thread that reading beside takes. */
const AT_ONCE_BYTES = 256 * 1024;

/** Files in a local folder: `<dir>/ab/cdef…`, where `abcdef…` is the SHA-256. Several processes may share it. */
export class LocalFileStorage implements FileStorage {
  /** @param dir made at the first write. */
  constructor(private readonly dir: string) {}

  async put(content: Readable): Promise<StoredFile> {
    const draft = join(this.dir, INCOMING, randomUUID());
    // An upload may fail before reading begins; reading then reports it, but the event itself must not end the process.
    content.on('error', () => undefined);
    try {
      const stored = await this.receive(content, draft);
      await this.keep(draft, stored.sha256);
      return stored;
    } catch (error) {
      content.destroy();
      await rm(draft, { force: true }).catch(() => undefined);
      throw this.refusal(error);
    }
  }

  async putBytes(content: Uint8Array): Promise<StoredFile> {
    return this.put(Readable.from([content]));
  }

  async open(sha256: string): Promise<Readable> {
    const path = this.path(sha256);
    const file = await open(path).catch((error: unknown) => this.notFound(sha256, error));
    return file.createReadStream();
  }

  async read(sha256: string): Promise<Buffer> {
    const path = this.path(sha256);
    try {
      return statSync(path).size <= AT_ONCE_BYTES ? readFileSync(path) : await readFile(path);
    } catch (error) {
      return this.notFound(sha256, error);
    }
  }

  async has(sha256: string): Promise<boolean> {
    return (await stat(this.path(sha256)).catch(() => undefined)) !== undefined;
  }

  /** Where the file lies, or would lie. */
  path(sha256: string): string {
    if (!SHA256_PATTERN.test(sha256))
      throw new DomainError('storage.malformed-name', 'invalid', `“${sha256}” is not a SHA-256 in lower-case hex.`);
    return join(this.dir, sha256.slice(0, 2), sha256.slice(2));
  }

  private notFound(sha256: string, error: unknown): never {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new DomainError(
      'storage.file-not-found',
      'not-found',
      `There is no file ${sha256} in ${this.dir}; was the folder moved or restored in part?`,
    );
  }

  /** Removes what processes that were killed had half received before that time; returns how many files. */
  async removeAbandoned(before: Date): Promise<number> {
    const folder = join(this.dir, INCOMING);
    let removed = 0;
    for (const name of await readdir(folder).catch(() => [])) {
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (found === undefined || found.mtime >= before) continue;
      await rm(join(folder, name), { force: true });
      removed += 1;
    }
    return removed;
  }

  private async receive(content: Readable, draft: string): Promise<StoredFile> {
    const file = await inFolder(draft, () => open(draft, 'wx', 0o640));
    try {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of content as AsyncIterable<Uint8Array | string>) {
        const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        hash.update(data);
        await writeAll(file, data);
        bytes += data.byteLength;
      }
      // A request that was cut off ends some streams without an error.
      if (content.readableAborted) throw new Error('the stream was aborted');
      await file.sync();
      return { sha256: hash.digest('hex'), bytes };
    } finally {
      await file.close();
    }
  }

  /** The rename makes the file appear whole; synchronising the folder makes it stay after a power cut. */
  private async keep(draft: string, sha256: string): Promise<void> {
    const target = this.path(sha256);
    await inFolder(target, () => rename(draft, target));
    if (process.platform === 'win32') return;
    const folder = await open(dirname(target));
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  private refusal(error: unknown): unknown {
    switch (codeOf(error)) {
      case 'ENOSPC':
      case 'EDQUOT':
        return new DomainError(
          'storage.full',
          'unavailable',
          `There is no space left for files in ${this.dir}; free some and try again. Nothing was kept.`,
        );
      case 'EACCES':
      case 'EPERM':
      case 'EROFS':
      case 'ENOTDIR':
        return new DomainError(
          'storage.not-writable',
          'unavailable',
          `Files can't be written to ${this.dir} (${String(error)}); check storage.dir and its owner.`,
        );
      default:
        return error;
    }
  }
}

/** Makes the folder of `path` only if it is missing: it is there for all but the first files. */
async function inFolder<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    return write();
  }
}

async function writeAll(file: FileHandle, data: Uint8Array): Promise<void> {
  let written = 0;
  while (written < data.byteLength) written += (await file.write(data, written)).bytesWritten;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
