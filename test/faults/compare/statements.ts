import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { World } from '../services/world.js';

/** Reads pairs of file names; a shell for all, since starting hundreds of programs from Node takes longer than their work. */
const READ_ALL = 'while read -r pdf && read -r text; do pdftotext -raw "$pdf" "$text" || exit; done';

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
export async function readStatements({ postgres, filesDir, folder }: World): Promise<StatementFiles> {
  const rows = await postgres.query<StatementFile>(
    `select distinct on (period, pi_email, project_id) pi_email, project_id, revision, sha256, file_name from statements
     order by period, pi_email, project_id, revision desc`,
  );
  const textDir = join(folder, 'texts');
  await mkdir(textDir, { recursive: true });
  const shares = cpus().map((_cpu, index, { length }) => rows.filter((_row, place) => place % length === index));
  await Promise.all(shares.map((share) => writeTexts(share, filesDir, textDir)));
  const texts = new Map<string, string>();
  for (const { pi_email: pi, project_id: project, sha256 } of rows) {
    texts.set(`${pi} ${project}`, withoutMaking(await readFile(join(textDir, sha256), 'utf8')));
  }
  const attachments = new Map<string, readonly string[]>();
  for (const row of rows) {
    const others = attachments.get(row.pi_email) ?? [];
    attachments.set(row.pi_email, [...others, `${row.file_name} ${row.sha256}`].sort());
  }
  return { texts, attachments };
}

async function writeTexts(rows: readonly StatementFile[], filesDir: string, textDir: string): Promise<void> {
  const shell = spawn('sh', ['-c', READ_ALL], { stdio: ['pipe', 'ignore', 'inherit'] });
  shell.stdin.end(rows.map(({ sha256 }) => `${join(filesDir, sha256.slice(0, 2), sha256.slice(2))}\n${join(textDir, sha256)}\n`).join(''));
  const [code] = (await once(shell, 'close')) as [number | null];
  if (code !== 0) throw new Error(`pdftotext (apt-get install poppler-utils) ended with code ${code ?? 'unknown'}`);
}

/** Heads and feet of pages, and table headings that are repeated after a page break. */
const FURNITURE = /^(\f|Page \d+ of|Revision \d+ +·|Service Share |Date Resource Service )/;

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
