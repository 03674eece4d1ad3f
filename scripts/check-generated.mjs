#!/usr/bin/env node
/**
 * Checks that generated files are what `npm run generate` makes of the sources as they are now. It compares the files
 * before and after, not with the last commit, so that it can be run before committing. When it fails, the files have
 * been brought up to date: look at them and commit them.
 *
 *   node scripts/check-generated.mjs PATH...     files and folders that are generated
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error('Name the generated files and folders.');
  process.exit(2);
}

function* filesBelow(path) {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) yield path;
  else for (const name of readdirSync(path).sort()) yield* filesBelow(join(path, name));
}

function digests() {
  const files = paths.flatMap((path) => [...filesBelow(path)]);
  return new Map(files.map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]));
}

const before = digests();
const run = spawnSync('npm', ['run', '--silent', 'generate'], { stdio: 'inherit' });
if (run.status !== 0) {
  console.error('npm run generate failed; see above.');
  process.exit(1);
}
const after = digests();
const stale = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
for (const file of stale) console.error(`${file} was out of date; npm run generate has ${after.has(file) ? 'written' : 'removed'} it`);
console.log(`generated files: ${after.size}, ${stale.length} out of date`);
process.exitCode = stale.length === 0 && after.size > 0 ? 0 : 1;
