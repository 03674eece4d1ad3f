import type { PoolClient } from 'pg';
import { LOG_STREAM, type LogSealed } from './log.events.js';
import { type LogFinding, missing } from './stream-diagnosis.js';

/** The last event of a stream that a reader has met. */
export interface Head {
  readonly version: number;
  readonly hash: Buffer;
  readonly position: number;
}

/** A seal as its row says. */
export interface SealRow {
  readonly version: number;
  /** Hex. */
  readonly hash: string;
  readonly data: LogSealed['data'];
}

/** A seal that does not fit what was read up to its place. */
export interface BrokenSeal {
  readonly seal: SealRow;
  /** The streams that grew between the seal before and this one, as read. */
  readonly grown: ReadonlyMap<string, Head>;
  /** How far each stream that the seal names had come by then, as read; 0 for one that was not met. */
  readonly reached: ReadonlyMap<string, number>;
}

const HASH_DIGITS_SHOWN = 16;

/** `12:ab34…`: short enough to be written down, long enough to prove. */
export function formatSeal(seal: { readonly version: number; readonly hash: string }): string {
  return `${seal.version}:${seal.hash.slice(0, HASH_DIGITS_SHOWN)}`;
}

/** What is different from what was sealed. */
export async function compareWithSeal(client: PoolClient, { seal, grown, reached }: BrokenSeal): Promise<LogFinding[]> {
  const name = `seal ${formatSeal(seal)}`;
  const found: LogFinding[] = [];
  const sealed = new Set<string>();
  for (const { stream, version, hash } of seal.data.heads) {
    sealed.add(stream);
    const there = grown.get(stream);
    if (there === undefined || there.version < version)
      found.push(await lost(client, stream, reached.get(stream) ?? 0, { version, hash }, name));
    else if (there.version > version) found.push(await inserted(client, stream, version + 1, name));
    else if (there.hash.toString('hex') !== hash) found.push(rewritten(stream, there, name));
  }
  for (const stream of grown.keys()) {
    if (!sealed.has(stream)) found.push(await inserted(client, stream, (await sealedBefore(client, stream, seal.version)) + 1, name));
  }
  return found.length > 0 ? found : [outOfOrder(seal.version, name)];
}

async function lost(
  client: PoolClient,
  stream: string,
  reached: number,
  sealed: { readonly version: number; readonly hash: string },
  name: string,
): Promise<LogFinding> {
  const { rows } = await client.query<{ version: number; position: string; hash: string }>(
    `select version, position, encode(hash, 'hex') as hash from events where stream = $1 order by version = $2 desc limit 1`,
    [stream, sealed.version],
  );
  const row = rows[0];
  if (row === undefined) {
    return {
      kind: 'stream-gone',
      stream,
      version: null,
      position: null,
      what: `The stream “${stream}” is gone; ${name} holds its version ${sealed.version}.`,
    };
  }
  if (row.version !== sealed.version || row.hash !== sealed.hash) return missing(stream, reached + 1, sealed.version);
  return {
    kind: 'reordered',
    stream,
    version: row.version,
    position: Number(row.position),
    what: `Version ${row.version} of “${stream}” at position ${row.position} comes after ${name}, which holds it.`,
  };
}

async function inserted(client: PoolClient, stream: string, version: number, name: string): Promise<LogFinding> {
  const { rows } = await client.query<{ position: string }>('select position from events where stream = $1 and version = $2', [
    stream,
    version,
  ]);
  const position = rows[0] === undefined ? null : Number(rows[0].position);
  const what = `Version ${version} of “${stream}”${position === null ? '' : ` at position ${position}`} comes before ${name}, which doesn't know it.`;
  return { kind: 'inserted', stream, version, position, what };
}

function rewritten(stream: string, { version, position }: Head, name: string): LogFinding {
  const what = `“${stream}” up to version ${version} at position ${position} was rewritten together with its hashes: ${name} holds another one.`;
  return { kind: 'changed', stream, version, position, what };
}

function outOfOrder(version: number, name: string): LogFinding {
  const what = `The events between ${name} and the seal before it do not stand in the order in which they were sealed.`;
  return { kind: 'reordered', stream: LOG_STREAM, version, position: null, what };
}

/** How far a stream had come by the seals before the one of `version`; 0 if they don't know it. */
async function sealedBefore(client: PoolClient, stream: string, version: number): Promise<number> {
  const { rows } = await client.query<{ version: number | null }>(
    `select max((h ->> 'version')::int) as version from events, jsonb_array_elements(data -> 'heads') h
     where events.stream = $1 and type = 'LogSealed' and events.version < $2 and h ->> 'stream' = $3`,
    [LOG_STREAM, version, stream],
  );
  return rows[0]?.version ?? 0;
}
