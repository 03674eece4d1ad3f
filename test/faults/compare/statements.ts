import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { World } from '../services/world.js';

const run = promisify(execFile);
const MAX_TEXT_BYTES = 64 << 20;

interface StatementFile {
  readonly pi_email: string;
  readonly project_id: string;
  readonly revision: number;
  readonly sha256: string;
  readonly file_name: string;
}

/** The statements that hold at the end: the newest revision of each. */
export interface StatementFiles {
  /** `PI project` → text of its PDF, without the line that tells when it was made. */
  readonly texts: ReadonlyMap<string, string>;
  /** PI → attachments that its message must have. */
  readonly attachments: ReadonlyMap<string, readonly string[]>;
}

/** @throws Error where `pdftotext` is not installed. */
export async function readStatements({ postgres, filesDir }: World): Promise<StatementFiles> {
  const rows = await postgres.query<StatementFile>(
    `select distinct on (period, pi_email, project_id) pi_email, project_id, revision, sha256, file_name from statements
     order by period, pi_email, project_id, revision desc`,
  );
  const texts = new Map<string, string>();
  const waiting = [...rows];
  const read = async (): Promise<void> => {
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      const path = join(filesDir, row.sha256.slice(0, 2), row.sha256.slice(2));
      const { stdout } = await run('pdftotext', ['-raw', path, '-'], { maxBuffer: MAX_TEXT_BYTES });
      texts.set(`${row.pi_email} ${row.project_id}`, withoutMaking(stdout));
    }
  };
  await Promise.all(cpus().map(read));
  const attachments = new Map<string, readonly string[]>();
  for (const row of rows) {
    const others = attachments.get(row.pi_email) ?? [];
    attachments.set(row.pi_email, [...others, `${row.file_name} ${row.sha256}`].sort());
  }
  return { texts, attachments };
}

/** Heads and feet of pages, and table headings that are repeated after a page break. */
const FURNITURE = /^(\f|Revision \d+ +·|Service Source Charges |Date Resource Service )/;

/**
 * When it was made, and the verification code (from a digest with import ids in it), are other in every run; line and page breaks
 * follow the width of the code. So the text is one long line without them.
 */
function withoutMaking(text: string): string {
  return text
    .split('\n')
    .filter((line) => !FURNITURE.test(line))
    .join(' ')
    .replaceAll(/\w+ \d{1,2}, \d{4} at \d{1,2}:\d{2} UTC/g, 'TIME')
    .replaceAll(/Verification code [0-9a-f]+/g, 'Verification code');
}
