import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { createLogger, startEmbeddedPostgres } from '#platform';

const SILENT = createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'docs' });

/** A page whose blocks marked `bash` must work one after another from a fresh clone, and what they come to. */
export type PageOfCommands = readonly [page: string, outcome: RegExp];

/** For a page's commands: each starts a program of its own. */
export const PAGE_TIMEOUT_MS = 300_000;

/** Runs the commands of a page in a folder of their own, as a reader would, and holds what they print against what they are to come to. */
export async function runPage(page: string, outcome: RegExp): Promise<void> {
  const blocks = [...(await readFile(page, 'utf8')).matchAll(/^```bash\n(.*?)^```/gms)].map((match) => match[1] ?? '');
  expect(blocks.length).toBeGreaterThan(0);
  const folder = await mkdtemp(join(tmpdir(), 'openchargeback-docs-'));
  await chmod(folder, 0o755);
  await symlink(resolve('sample_data'), join(folder, 'sample_data'));
  const program = resolve('dist/programs/openchargeback.js');
  // In a clone npx finds the program that was built; here it is named.
  const script = ['set -eu', `npx() { shift; '${process.execPath}' '${program}' "$@"; }`, ...blocks].join('\n');
  // Each command would start the folder's Postgres and stop it again, which takes longer than all it does; it finds it running.
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'instance'), logger: SILENT, settings: { fsync: 'off' } });
  const shell = spawn('bash', ['-c', script], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(shell, 'exit') as Promise<[number | null]>;
  const [out, complaints, [code]] = await Promise.all([text(shell.stdout), text(shell.stderr), exited]);
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
  expect(code, `${out}\n${complaints}`).toBe(0);
  expect(out).toMatch(outcome);
}
