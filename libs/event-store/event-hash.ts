import { hash } from 'node:crypto';

/** What a row of the log says, as it comes from the table: JSON as the database prints it, which is the same for the same content. */
export interface EventContent {
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Buffer;
  readonly metadata: Buffer;
  /** Microseconds since 1970; the program only writes whole milliseconds. */
  readonly recordedAtUs: number;
}

const LINK_BYTES = 32;
const BEFORE_THE_FIRST = Buffer.alloc(LINK_BYTES);
const SEPARATOR = ', ';
/** Room for everything but data and metadata: names are short. */
const FRAME_BYTES = 8192;

/**
 * The link of a stream's hash chain: SHA-256 over the link before (32 zero bytes before the first) and the array [stream, version, type,
 * schema version, data, metadata, microseconds since 1970]. `append_events` in the database makes the same from the other side.
 */
export class EventHasher {
  private scratch = Buffer.alloc(FRAME_BYTES);

  link(previous: Buffer | null, { stream, version, type, schemaVersion, data, metadata, recordedAtUs }: EventContent): Buffer {
    const head = `[${JSON.stringify(stream)}, ${version}, ${JSON.stringify(type)}, ${schemaVersion}, `;
    const tail = `, ${recordedAtUs}]`;
    this.makeRoom(head.length * 3 + data.length + metadata.length + FRAME_BYTES);
    let end = (previous ?? BEFORE_THE_FIRST).copy(this.scratch);
    end += this.scratch.write(head, end);
    end += data.copy(this.scratch, end);
    end += this.scratch.write(SEPARATOR, end);
    end += metadata.copy(this.scratch, end);
    end += this.scratch.write(tail, end);
    return hash('sha256', this.scratch.subarray(0, end), 'buffer');
  }

  private makeRoom(bytes: number): void {
    if (this.scratch.length < bytes) this.scratch = Buffer.alloc(bytes * 2);
  }
}
