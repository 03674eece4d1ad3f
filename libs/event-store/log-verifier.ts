import type { PoolClient } from 'pg';
import { DomainError } from '#kernel';
import type { Database } from '#platform';
import { type BinaryRow, readBinaryCopy } from './binary-copy.js';
import { type EventContent, EventHasher } from './event-hash.js';
import { START } from './event-store.js';
import { LOG_STREAM } from './log.events.js';
import { type BrokenSeal, compareWithSeal, formatSeal, type Head, type SealRow } from './seal-comparison.js';
import { SealDigest } from './seal-digest.js';
import { diagnoseStream, type LogFinding, type LogRow } from './stream-diagnosis.js';

export interface VerifyLogOptions {
  /** A seal up to which the log is known to be right: its version, or `version:hash` as {@link formatSeal} writes it. */
  readonly since?: string | undefined;
  readonly progress?: (checkedEvents: number, eventsToCheck: number) => void;
}

export interface LogVerification {
  readonly eventCount: number;
  readonly streamCount: number;
  readonly sealCount: number;
  /** Position up to which a given seal was taken for right; 0 without one. */
  readonly trustedUpTo: number;
  /** Events after the last seal: their chains were checked, but a stream that is gone as a whole would not show. */
  readonly unsealedCount: number;
  readonly lastSeal: string | null;
  /** In the order of the log; at most one per stream and seal. */
  readonly findings: readonly LogFinding[];
}

const MICROSECONDS_1970_TO_2000 = 946_684_800_000_000;
const TWO_TO_32 = 0x1_0000_0000;
/** In its binary form, jsonb is such a byte and text. */
const JSONB_VERSION_BYTES = 1;
/** More than this say nothing new, and each costs a look at its stream. */
const MAX_STREAMS_DIAGNOSED = 50;
const ROW_COLUMNS = 'position, transaction_id, stream, version, type, schema_version, data, metadata, recorded_at, prev_hash, hash';

/**
 * Proves the log: every event against its hash and its predecessor, every seal against what it sealed. One pass in reading order, on one
 * snapshot, beside a running program.
 * @throws DomainError `audit.unknown-seal` if the log doesn't hold the seal to start from
 */
export async function verifyLog(database: Database, options: VerifyLogOptions = {}): Promise<LogVerification> {
  return database.snapshot(({ client }) => new LogPass(client).run(options));
}

class LogPass {
  private readonly hasher = new EventHasher();
  private readonly heads = new Map<string, Head>();
  /** Streams whose chain is broken; what is wrong there is found out after the pass. */
  private readonly brokenStreams = new Set<string>();
  private readonly brokenSeals: BrokenSeal[] = [];
  /** Streams that grew since the last seal passed. */
  private grown = new Map<string, Head>();
  private digest = new SealDigest(null);
  private eventCount = 0;
  private unsealedCount = 0;

  constructor(private readonly client: PoolClient) {}

  async run({ since, progress }: VerifyLogOptions): Promise<LogVerification> {
    const { rows: seals } = await this.client.query<SealRow>(
      `select version, encode(hash, 'hex') as hash, data from events where stream = $1 and type = 'LogSealed' order by version`,
      [LOG_STREAM],
    );
    const trusted = since === undefined ? [] : sealsUpTo(seals, since);
    for (const { data } of trusted)
      for (const head of data.heads) this.heads.set(head.stream, { ...head, hash: Buffer.from(head.hash, 'hex'), position: 0 });
    this.digest = new SealDigest(trusted.at(-1)?.data.digest ?? null);
    const toCheck = seals.slice(trusted.length);

    const from = trusted.at(-1)?.data.upTo ?? START;
    const range = `(transaction_id, position) > ('${BigInt(from.transactionId)}'::xid8, ${BigInt(from.position)})`;
    const { rows: counts } = await this.client.query<{ events: string }>(`select count(*) as events from events where ${range}`);
    const eventsToCheck = Number(counts[0]?.events ?? 0);
    let next = 0;
    for await (const rows of readBinaryCopy(
      this.client,
      `select ${ROW_COLUMNS} from events where ${range} order by transaction_id, position`,
    )) {
      for (const row of rows) {
        const position = readPosition(row);
        for (let seal = toCheck[next]; seal !== undefined && isPast(seal, readTransactionId(row), position); seal = toCheck[next]) {
          this.passSeal(seal);
          next += 1;
        }
        this.passRow(position, row);
      }
      progress?.(this.eventCount, eventsToCheck);
    }
    for (const seal of toCheck.slice(next)) this.passSeal(seal);

    const last = seals.at(-1);
    return {
      eventCount: this.eventCount,
      streamCount: this.heads.size,
      sealCount: toCheck.length,
      trustedUpTo: from.position,
      unsealedCount: this.unsealedCount,
      lastSeal: last === undefined ? null : formatSeal(last),
      findings: await this.findings(),
    };
  }

  private passRow(position: number, row: BinaryRow): void {
    const { stream, version, prevHash, hash, ...content } = readContent(row);
    const before = this.heads.get(stream);
    const follows =
      version === (before?.version ?? 0) + 1 && (before === undefined ? prevHash === null : prevHash?.equals(before.hash) === true);
    if (!follows || !this.hasher.link(prevHash, { stream, version, ...content }).equals(hash)) this.brokenStreams.add(stream);
    const head = { version, hash: Buffer.from(hash), position };
    this.heads.set(stream, head);
    this.grown.set(stream, head);
    this.digest.add(field(row, 0), hash);
    this.eventCount += 1;
    this.unsealedCount += 1;
  }

  private passSeal(seal: SealRow): void {
    if (this.digest.hex() !== seal.data.digest) {
      const reached = new Map(seal.data.heads.map(({ stream }) => [stream, this.heads.get(stream)?.version ?? 0]));
      this.brokenSeals.push({ seal, grown: this.grown, reached });
    }
    this.grown = new Map();
    this.digest = new SealDigest(seal.data.digest);
    this.unsealedCount = 0;
  }

  private async findings(): Promise<LogFinding[]> {
    const found: LogFinding[] = [];
    for (const stream of [...this.brokenStreams].slice(0, MAX_STREAMS_DIAGNOSED)) {
      const finding = diagnoseStream(await this.readStream(stream));
      if (finding !== undefined) found.push(finding);
    }
    for (const broken of this.brokenSeals) {
      // What a stream's own chain tells is told already.
      const more = (await compareWithSeal(this.client, broken)).filter(({ stream }) => !this.brokenStreams.has(stream));
      if (more.length > 0 || found.length === 0) found.push(...more);
    }
    const place = ({ position, stream }: LogFinding): number => position ?? this.heads.get(stream)?.position ?? 0;
    return found.sort((a, b) => place(a) - place(b));
  }

  private async readStream(stream: string): Promise<LogRow[]> {
    const query = `select ${ROW_COLUMNS} from events where stream = ${this.client.escapeLiteral(stream)} order by version, position`;
    const read: LogRow[] = [];
    for await (const batch of readBinaryCopy(this.client, query)) {
      for (const row of batch) {
        const { hash, prevHash, data, metadata, ...content } = readContent(row);
        read.push({
          ...content,
          position: readPosition(row),
          transactionId: readTransactionId(row),
          data: Buffer.from(data),
          metadata: Buffer.from(metadata),
          prevHash: prevHash && Buffer.from(prevHash),
          hash: Buffer.from(hash),
        });
      }
    }
    return read;
  }
}

/** The buffers share memory with the connection's. */
function readContent(row: BinaryRow): EventContent & Pick<LogRow, 'prevHash' | 'hash'> {
  const time = field(row, 8);
  return {
    stream: field(row, 2).toString(),
    version: field(row, 3).readInt32BE(),
    type: field(row, 4).toString(),
    schemaVersion: field(row, 5).readInt32BE(),
    data: field(row, 6).subarray(JSONB_VERSION_BYTES),
    metadata: field(row, 7).subarray(JSONB_VERSION_BYTES),
    // Exact as a number until the year 2255.
    recordedAtUs: time.readInt32BE(0) * TWO_TO_32 + time.readUInt32BE(4) + MICROSECONDS_1970_TO_2000,
    prevHash: row[9] ?? null,
    hash: field(row, 10),
  };
}

function readPosition(row: BinaryRow): number {
  return Number(field(row, 0).readBigInt64BE());
}

function readTransactionId(row: BinaryRow): bigint {
  return field(row, 1).readBigUInt64BE();
}

function isPast(seal: SealRow, transactionId: bigint, position: number): boolean {
  const upTo = BigInt(seal.data.upTo.transactionId);
  return transactionId === upTo ? position > seal.data.upTo.position : transactionId > upTo;
}

/** The seals up to the one that `since` names. */
function sealsUpTo(seals: readonly SealRow[], since: string): readonly SealRow[] {
  const [version, hash = ''] = since.split(':');
  const index = seals.findIndex((seal) => String(seal.version) === version && seal.hash.startsWith(hash));
  if (index >= 0) return seals.slice(0, index + 1);
  const last = seals.at(-1);
  throw new DomainError(
    'audit.unknown-seal',
    'not-found',
    `The log holds no seal ${since}. ${last === undefined ? 'It has not been sealed yet.' : `The newest is ${formatSeal(last)}.`} If somebody wrote this one down, the log is not the one that was sealed then.`,
  );
}

function field(row: BinaryRow, index: number): Buffer {
  const value = row[index];
  if (value == null) throw new Error(`column ${index} of an event is null`);
  return value;
}
