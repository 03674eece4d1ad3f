#!/usr/bin/env node
/**
 * Checks that package-lock.json names no registry host (a clone installs from whatever registry it is set up with),
 * that it agrees with package.json, and that every package has its checksum.
 *
 *   node scripts/check-lockfile.mjs [FOLDER]
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(process.argv[2] ?? '.');
const text = readFileSync(resolve(folder, 'package-lock.json'), 'utf8');
const lock = JSON.parse(text);
const manifest = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'));

const problems = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '') continue;
  if (entry.resolved !== undefined) {
    problems.push(
      `${path} names where it came from (${entry.resolved}); run: npm install --package-lock-only --omit-lockfile-registry-resolved`,
    );
  }
  if (entry.integrity === undefined && entry.link !== true && entry.inBundle !== true) problems.push(`${path} has no checksum`);
}
const locked = lock.packages[''] ?? {};
for (const section of ['dependencies', 'devDependencies', 'optionalDependencies']) {
  const wanted = manifest[section] ?? {};
  const held = locked[section] ?? {};
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(held)])) {
    if (wanted[name] !== held[name]) {
      problems.push(`${section}: ${name} is ${wanted[name] ?? 'absent'} in package.json but ${held[name] ?? 'absent'} in the lockfile`);
    }
  }
}
for (const problem of problems) console.error(problem);
console.log(`lockfile: ${Object.keys(lock.packages).length - 1} packages, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
