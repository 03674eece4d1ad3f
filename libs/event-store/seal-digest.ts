import { createHash } from 'node:crypto';

/** The running digest of a seal (see `LogSealed`): over the digest of the seal before and position and hash of every event, in reading order. */
export class SealDigest {
  private readonly sha256 = createHash('sha256');
  private readonly position = Buffer.alloc(8);

  /** @param previous hex; null before the first seal. */
  constructor(previous: string | null) {
    this.sha256.update(previous === null ? Buffer.alloc(32) : Buffer.from(previous, 'hex'));
  }

  add(position: number, hash: Buffer): void {
    this.position.writeBigInt64BE(BigInt(position));
    this.sha256.update(this.position).update(hash);
  }

  hex(): string {
    return this.sha256.digest('hex');
  }
}
