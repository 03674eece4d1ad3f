#!/usr/bin/env node
/**
 * JSON Schemas of the events' data in docs/events, made from the types in the sources, and the promise that released ones never change.
 *
 *   node scripts/event-schemas.mjs generate [--root DIR]   writes the schemas of the current versions, and the table in README.md
 *   node scripts/event-schemas.mjs check [--root DIR]      changes nothing; exit code 1 with a list of what is wrong
 *   node scripts/event-schemas.mjs release [--root DIR]    enters all current schemas in released.json
 *
 * The schemas of older versions are kept as they are. The structure of a released one (everything but its words) is pinned by a hash
 * in released.json, and released.json by the history of the repository: an entry that was ever committed stays.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { check, generate, release } from './event-schemas/commands.mjs';

const COMMANDS = { generate, check, release };
const { positionals, values } = parseArgs({ allowPositionals: true, options: { root: { type: 'string', default: '.' } } });
const command = positionals.length === 1 ? COMMANDS[positionals[0]] : undefined;
if (command === undefined) {
  console.error('usage: node scripts/event-schemas.mjs generate|check|release [--root DIR]');
  process.exit(2);
}
const { problems, notes } = command(resolve(values.root));
for (const note of notes) console.log(note);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
