import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SCHEMAS = 'docs/events';
export const RELEASED = `${SCHEMAS}/released.json`;

/** Keywords that bind nothing. */
const ANNOTATIONS = new Set(['$schema', '$id', 'title', 'description']);
/** Keywords whose order says nothing. */
const SETS = new Set(['required', 'enum', 'type', 'anyOf']);

/** @param {object} schema @returns {string} SHA-256 of what it binds: words may be bettered after a release, the structure may not */
export function structureHash(schema) {
  return createHash('sha256')
    .update(canonical(structureOf(schema)))
    .digest('hex');
}

function structureOf(schema) {
  if (typeof schema !== 'object') return schema;
  const members = Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword));
  return Object.fromEntries(members.map(([keyword, value]) => [keyword, structureOfMember(keyword, value)]));
}

function structureOfMember(keyword, value) {
  // Names of fields, not keywords: one may well be named `description`.
  if (keyword === 'properties') return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, structureOf(schema)]));
  if (keyword === 'items' || keyword === 'additionalProperties') return structureOf(value);
  if (keyword === 'prefixItems') return value.map(structureOf);
  const members = keyword === 'anyOf' ? value.map(structureOf) : value;
  return SETS.has(keyword) && Array.isArray(members) ? members.map(canonical).sort() : members;
}

function canonical(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

/** @param {string} root @returns {Record<string, string>} `<Type>.v<N>` → hash of the structure it was released with */
export function readReleased(root) {
  const file = join(root, RELEASED);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

export function writeReleased(root, released) {
  const sorted = Object.fromEntries(Object.entries(released).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(root, RELEASED), `${JSON.stringify(sorted, null, 2)}\n`);
}

/**
 * Every entry that any commit of the history ever had in released.json, as it was first written.
 *
 * @param {string} root
 * @returns {Map<string, { hash: string, commit: string }> | undefined} undefined where there is no git history
 */
export function readReleaseHistory(root) {
  const git = (args, input) => spawnSync('git', args, { cwd: root, encoding: 'utf8', input, maxBuffer: 2 ** 28 });
  // Full history: an entry that a merge lost was released all the same.
  const log = git(['log', '--full-history', '--reverse', '--format=%H', '--', RELEASED]);
  if (log.status !== 0) return undefined;
  const commits = log.stdout.split('\n').filter((line) => line !== '');
  const entries = new Map();
  for (const commit of commits) {
    const shown = git(['show', `${commit}:./${RELEASED}`]);
    // The commit that removed the file shows none.
    if (shown.status !== 0) continue;
    for (const [name, hash] of Object.entries(JSON.parse(shown.stdout))) {
      if (!entries.has(name)) entries.set(name, { hash, commit: commit.slice(0, 9) });
    }
  }
  return entries;
}
