import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalFileStorage } from '#platform';

let dir: string;
let storage: LocalFileStorage;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'storage-'));
  storage = new LocalFileStorage(join(dir, 'files'));
});
afterEach(async () => rm(dir, { recursive: true }));

async function filesKept(): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('LocalFileStorage', () => {
  it('keeps a stream under its SHA-256 and gives it back', async () => {
    const content = Array.from({ length: 500 }, (_, line) => `line ${line} of a file\n`);
    const sha256 = createHash('sha256').update(content.join('')).digest('hex');
    expect(await storage.has(sha256)).toBe(false);
    expect(await storage.put(Readable.from(content))).toEqual({ sha256, bytes: content.join('').length });
    expect(await storage.has(sha256)).toBe(true);
    expect(await text(await storage.open(sha256))).toBe(content.join(''));
    expect(await readFile(join(dir, 'files', sha256.slice(0, 2), sha256.slice(2)), 'utf8')).toBe(content.join(''));
  });

  it('keeps the same bytes once, also when several bring them at a time', async () => {
    const stored = await Promise.all([1, 2, 3].map(() => storage.putBytes(Buffer.from('same'))));
    expect(new Set(stored.map((file) => file.sha256)).size).toBe(1);
    expect(await filesKept()).toHaveLength(1);
  });

  it('keeps nothing of a stream that is aborted', async () => {
    const upload = new PassThrough();
    upload.write('half of it');
    const put = storage.put(upload);
    upload.destroy(new Error('the client went away'));
    await expect(put).rejects.toThrow('the client went away');
    expect(await filesKept()).toEqual([]);
  });

  it('keeps nothing of a stream that is cut off without an error', async () => {
    const upload = new PassThrough();
    upload.write('half of it');
    const put = storage.put(upload);
    upload.destroy();
    await expect(put).rejects.toThrow();
    expect(await filesKept()).toEqual([]);
  });

  it('says so when the disk is full, and leaves nothing', async () => {
    const full = Readable.from(
      (function* () {
        yield 'half of it';
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      })(),
    );
    await expect(storage.put(full)).rejects.toMatchObject({ code: 'storage.full', kind: 'unavailable' });
    expect(await filesKept()).toEqual([]);
  });

  it('says so when the folder can’t be written to', async () => {
    await writeFile(join(dir, 'files'), 'a file where the folder should be');
    await expect(storage.putBytes(Buffer.from('x'))).rejects.toMatchObject({ code: 'storage.not-writable' });
  });

  it('refuses names that are no digest, and knows what it lacks', async () => {
    await expect(storage.open('../../etc/passwd')).rejects.toMatchObject({ code: 'storage.malformed-name' });
    await expect(storage.open('0'.repeat(64))).rejects.toMatchObject({ code: 'storage.file-not-found' });
  });

  it('sweeps what killed processes left', async () => {
    await storage.putBytes(Buffer.from('kept'));
    const abandoned = join(dir, 'files/incoming/old');
    await writeFile(abandoned, 'half');
    await utimes(abandoned, new Date('2025-01-01'), new Date('2025-01-01'));
    await writeFile(join(dir, 'files/incoming/new'), 'half');
    expect(await storage.removeAbandoned(new Date('2025-01-02'))).toBe(1);
    expect(await filesKept()).toHaveLength(2);
  });
});
