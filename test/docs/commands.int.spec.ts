import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

/** Pages whose blocks marked `bash` must work one after another from a fresh clone, and what they come to. */
const PAGES: readonly [page: string, outcome: RegExp][] = [
  ['docs/how-to/sources.md', /would be changed:\n {2}delivery mode: merge → replace\n[^]*\nNothing was imported from Tape library yet/],
  ['docs/how-to/review-rules.md', /pattern_match:\^storage\$ +\d+ [^]*They count for what is imported from now on[^]*wait for review now/],
  [
    'docs/how-to/chart-of-funds.md',
    /2 would be added[^]*1 retired with 2026-06-30[^]*\n\d{4}-\d\d-\d\d \d\d:\d\d +retired +Mathematics, pure/,
  ],
  ['docs/how-to/attribution-rules.md', /would change:[^]*reattributed \d+ charges?[^]*\nR1\.1 +now R1\.2\n[^]* is disabled\./],
  [
    'docs/how-to/split-charges.md',
    /Would divide 8 charges into 16 parts: [^]*Split 2: 2 charges divided into 4 parts, 48\.7614673 USD[^]*Divided into\n[^]* 300 [^]* rest [^]*Would put together 1 charge: [^]*Put together again 1 charge: [^]*Put together again 1 charge: [^]*\n2 +2025-09 .* 2 +2 +4 /,
  ],
  ['docs/how-to/a-billing-month-by-cli.md', /2025-09\s+finalized/],
  [
    'docs/how-to/close-a-month.md',
    /\nNot yet\.\n[^]*Period 2025-09 is finalized[^]* By force: Billed by hand this month\. \(\d+ statements are missing/,
  ],
  [
    'docs/how-to/correct-a-finalized-month.md',
    /Would book 1 charge in 2025-10: -14\.07056105 USD[^]*Adjustment \d+: 1 charge booked[^]*Would book \d+ charges[^]*: would be booked\n[^]*revised: other amounts than billed +1 [^]*Booked as adjustment \d+ in 2025-10: 2 charges\n[^]*corrects 1-3 of 2025-09 by -14\.07056105: “Node was down/,
  ],
  ['docs/how-to/answer-an-auditor.md', /\nmaren\.aldous@wrenvalley\.example .*\n {2}\d+ .* recorded \(hpc_2025-09\.csv\)/],
];

it.each(PAGES)(
  'the commands of %s do what the page says',
  async (page, outcome) => {
    const blocks = [...(await readFile(page, 'utf8')).matchAll(/^```bash\n(.*?)^```/gms)].map((match) => match[1] ?? '');
    expect(blocks.length).toBeGreaterThan(0);
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-docs-'));
    await chmod(folder, 0o755);
    await symlink(resolve('sample_data'), join(folder, 'sample_data'));
    const program = resolve('dist/apps/cli/main.js');
    // In a clone npx finds the program that was built; here it is named.
    const script = ['set -eu', `npx() { shift; '${process.execPath}' '${program}' "$@"; }`, ...blocks].join('\n');
    const shell = spawn('bash', ['-c', script], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = once(shell, 'exit') as Promise<[number | null]>;
    const [out, complaints, [code]] = await Promise.all([text(shell.stdout), text(shell.stderr), exited]);
    await rm(folder, { recursive: true, force: true });
    expect(code, `${out}\n${complaints}`).toBe(0);
    expect(out).toMatch(outcome);
  },
  300_000,
);
