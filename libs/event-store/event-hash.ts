import { createHash, hash } from 'node:crypto';

/** JSON with sorted keys and no blanks: the same text for the same data, whatever order it was written in. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

export interface HashedFields {
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  /** {@link canonicalJson} of the metadata: one command's events share it. */
  readonly metadata: string;
  /** Milliseconds since 1970, as the log keeps time. */
  readonly recordedAtMs: number;
}

/** SHA-256, in hex, over everything an event says; the chain adds what came before it. */
export function contentHash(event: HashedFields): string {
  const { stream, version, type, schemaVersion, data, metadata, recordedAtMs } = event;
  const head = `${JSON.stringify(stream)},${version},${JSON.stringify(type)},${schemaVersion}`;
  return hash('sha256', `[${head},${canonicalJson(data)},${metadata},"${new Date(recordedAtMs).toISOString()}"]`, 'hex');
}

const BEFORE_THE_FIRST = Buffer.alloc(32);

/** The link of a stream's hash chain: SHA-256 over the previous link (32 zero bytes before the first) and the event's {@link contentHash}. */
export function chainLink(previous: Buffer | null, content: string): Buffer {
  return createHash('sha256')
    .update(previous ?? BEFORE_THE_FIRST)
    .update(content, 'hex')
    .digest();
}
