import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openFocusFile } from './index.js';

const CONTENT = Buffer.from('BillingPeriodStart,BilledCost\n'.repeat(5000));

async function read(bytes: Buffer, maxUnpackedBytes = 1_000_000, pieceSize = 1000): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceSize) pieces.push(bytes.subarray(at, at + pieceSize));
  const read: Buffer[] = [];
  for await (const chunk of openFocusFile(Readable.from(pieces), { fileName: 'aws.csv.gz', maxUnpackedBytes })) read.push(chunk as Buffer);
  return Buffer.concat(read);
}

describe('openFocusFile', () => {
  it('passes plain bytes on and unpacks gzip, whatever the name and the pieces', async () => {
    expect((await read(CONTENT)).equals(CONTENT)).toBe(true);
    expect((await read(gzipSync(CONTENT))).equals(CONTENT)).toBe(true);
    expect((await read(gzipSync(CONTENT), undefined, 1)).equals(CONTENT)).toBe(true);
    expect((await read(Buffer.concat([gzipSync('a'), gzipSync('b')]))).toString()).toBe('ab');
    expect(await read(Buffer.alloc(0))).toHaveLength(0);
  });

  it('refuses a file that unpacks to more than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    await expect(read(bomb)).rejects.toMatchObject({ code: 'import.too-large', kind: 'too-large' });
    await expect(read(CONTENT, 1000)).rejects.toMatchObject({ code: 'import.too-large' });
  });

  it('refuses a gzip that is cut short or damaged', async () => {
    const packed = gzipSync(CONTENT);
    await expect(read(packed.subarray(0, packed.length - 20))).rejects.toMatchObject({ code: 'import.truncated-gzip' });
    await expect(read(packed.subarray(0, packed.length - 4))).rejects.toMatchObject({ code: 'import.truncated-gzip' });
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 20, 60);
    await expect(read(damaged)).rejects.toMatchObject({ code: 'import.damaged-gzip' });
  });

  it('lets an error of the stream through', async () => {
    const broken = Readable.from(
      (function* () {
        yield gzipSync(CONTENT).subarray(0, 50);
        throw new Error('connection lost');
      })(),
    );
    const reading = (async (): Promise<void> => {
      for await (const chunk of openFocusFile(broken, { fileName: 'a', maxUnpackedBytes: 1e6 })) expect(chunk).toBeDefined();
    })();
    await expect(reading).rejects.toThrow('connection lost');
  });
});
