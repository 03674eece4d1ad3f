import type { Event } from './event.js';

/** Stream of what concerns the log as a whole. */
export const LOG_STREAM = 'log';

/** The last event of a stream at the time of a seal. */
export interface SealedHead {
  readonly stream: string;
  readonly version: number;
  /** The event's link in the hash chain, hex. */
  readonly hash: string;
}

/**
 * Everything up to a place in the log is fixed: which streams there are, how each ends, and in which order their events came. Seals are
 * a chain themselves, each one fixes what came since the one before.
 */
export type LogSealed = Event<
  'LogSealed',
  {
    /** The last event the seal covers, in the order in which the log is read. */
    readonly upTo: { readonly transactionId: string; readonly position: number };
    /** Events since the seal before. */
    readonly eventCount: number;
    /** Hex SHA-256 over the digest of the seal before (32 zero bytes for the first) and position (8 bytes, big endian) and hash of every event since. */
    readonly digest: string;
    /** Streams that grew since the seal before, in the order of their names. */
    readonly heads: readonly SealedHead[];
  }
>;

/** The log was found in another database cluster than before, restored from a copy; its order goes on (docs/how-to/backup-and-restore.md). */
export type LogRestored = Event<'LogRestored', { readonly idOffset: number }>;
