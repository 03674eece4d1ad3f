import { createHash } from 'node:crypto';

/** The running digest of a seal (see `LogSealed`): over the digest of the seal before and position and hash of every event, in reading order. */
export class SealDigest {
  private readonly sha256 = createHash('sha256');

  /** @param previous hex; null before the first seal. */
  constructor(previous: string | null) {
    this.sha256.update(previous === null ? Buffer.alloc(32) : Buffer.from(previous, 'hex'));
  }

  /** @param position 8 bytes, big endian */
  add(position: Buffer, hash: Buffer): void {
    this.sha256.update(position).update(hash);
  }

  hex(): string {
    return this.sha256.digest('hex');
  }
}
