import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

function deadCodeIn(folder: string): { exitCode: number | null; lines: string[] } {
  const run = spawnSync(process.execPath, [resolve(ROOT, 'scripts/dead-code.mjs'), '--root', folder], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return { exitCode: run.status, lines: run.stdout.trimEnd().split('\n') };
}

describe('dead code', () => {
  it('finds what nothing uses, through subpath imports, doors, stars, lazy imports and workers, and nothing else', () => {
    const { exitCode, lines } = deadCodeIn(resolve(import.meta.dirname, 'fixtures/dead-code'));
    expect(lines).toEqual([
      'libs/charges/domain/charge.ts:19: nothing imports “onlyHere”; delete it, or drop the export if its own file needs it',
      'libs/charges/domain/orphan.ts: no entry point reaches this file; delete it or import it where it belongs',
      'libs/charges/index.ts:3: nothing imports “Forgotten”; delete it, or drop the export if its own file needs it',
      'libs/kernel/decimal.ts:5: nothing imports “deadBehindAStar”; delete it, or drop the export if its own file needs it',
      'libs/kernel/index.ts:2: nothing imports “unusedAtTheDoor”; delete it, or drop the export if its own file needs it',
      'dead code: 5 found in 9 files',
    ]);
    expect(exitCode).toBe(1);
  });
});
