import { createHash } from 'node:crypto';

/** JSON with sorted keys and no blanks: the same text for the same data, whatever order it was written in. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value as Record<string, unknown>)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

export interface HashedFields {
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  readonly metadata: unknown;
  readonly recordedAt: Date;
}

/** SHA-256 over the previous hash of the stream and everything the event says: the link of the hash chain. */
export function eventHash(previous: Buffer | null, event: HashedFields): Buffer {
  return createHash('sha256')
    .update(previous ?? Buffer.alloc(32))
    .update(
      canonicalJson([
        event.stream,
        event.version,
        event.type,
        event.schemaVersion,
        event.data,
        event.metadata,
        event.recordedAt.toISOString(),
      ]),
    )
    .digest();
}
