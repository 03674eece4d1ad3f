/**
 * What `scripts/event-schemas.mjs` does, one function per command; each takes the root of a project and answers what is wrong with it
 * (empty: nothing) and what else is worth saying.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAppendedTypes } from './appended-types.mjs';
import { MARK, withCatalogue } from './catalogue-page.mjs';
import { readEventTypes } from './read-event-types.mjs';
import { readReleased, readReleaseHistory, RELEASED, SCHEMAS, structureHash, writeReleased } from './released-schemas.mjs';

const SCHEMA_FILE = /^([A-Za-z]+)\.v([1-9]\d*)\.json$/;

/** What docs/events has to hold, by file name; old versions and retired types as they are. */
function plan(root) {
  const { types, problems } = readEventTypes(root);
  const folder = join(root, SCHEMAS);
  const present = existsSync(folder) ? readdirSync(folder).filter((file) => SCHEMA_FILE.test(file)) : [];
  const released = readReleased(root);
  const byType = new Map(types.map((type) => [type.type, type]));
  const schemas = new Map();
  for (const file of present) {
    const [, name, version] = SCHEMA_FILE.exec(file);
    const isOlder = Number(version) < (byType.get(name)?.version ?? 0);
    if (isOlder || `${name}.v${version}` in released) schemas.set(file, readFileSync(join(folder, file), 'utf8'));
  }
  for (const { type, version, schema } of types) {
    const name = `${type}.v${version}`;
    for (let older = 1; older < version; older += 1) {
      if (schemas.has(`${type}.v${older}.json`)) continue;
      problems.push(
        `${SCHEMAS}/${type}.v${older}.json is missing: ${type} is at version ${version}, and the log may hold older ones. Restore the file from the history`,
      );
    }
    if (name in released && structureHash(schema) !== released[name]) {
      problems.push(
        `${name} was released and the type ${type} no longer says the same. Raise the version: give ${type} its new form, write an upcaster { type: '${type}', from: ${version}, upcast } beside it in ….upcasters.ts, and run npm run generate:events; or take the change back`,
      );
    } else schemas.set(`${name}.json`, `${JSON.stringify(schema, null, 2)}\n`);
  }
  const files = new Map([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  const pageFile = join(folder, 'README.md');
  const page = existsSync(pageFile) ? readFileSync(pageFile, 'utf8') : '# Events\n';
  const rows = [...files].map(([file, text]) => {
    const [, name, version] = SCHEMA_FILE.exec(file);
    return { file, schema: JSON.parse(text), version: Number(version), current: byType.get(name) };
  });
  if (page.split(MARK).length > 2) problems.push(`${SCHEMAS}/README.md has the line “${MARK}” twice; leave one`);
  files.set('README.md', withCatalogue(page, rows));
  return { types, files, present, released, problems };
}

/** @param {ReturnType<typeof plan>} planned @returns {string[]} names of files that generate would write or remove */
function driftOf(root, { files, present }) {
  const stale = [...files].filter(([file, text]) => {
    const path = join(root, SCHEMAS, file);
    return !existsSync(path) || readFileSync(path, 'utf8') !== text;
  });
  return [...stale.map(([file]) => file), ...present.filter((file) => !files.has(file))];
}

/** @returns {string[]} what is wrong with the released schemas, apart from current types that changed */
function releaseProblems(root, released, notes) {
  const problems = [];
  for (const [name, hash] of Object.entries(released)) {
    const file = join(root, SCHEMAS, `${name}.json`);
    if (!existsSync(file)) {
      problems.push(
        `${SCHEMAS}/${name}.json is missing: it was released, and logs hold events that it describes. Restore it from the history`,
      );
    } else if (structureHash(JSON.parse(readFileSync(file, 'utf8'))) !== hash) {
      problems.push(
        `${SCHEMAS}/${name}.json was changed after its release. Restore it from the history; a new form of the event is a new version`,
      );
    }
  }
  const history = readReleaseHistory(root);
  if (history === undefined) notes.push('no git history here: released.json is not compared with earlier ones');
  for (const [name, { hash, commit }] of history ?? []) {
    if (released[name] === hash) continue;
    const what = name in released ? 'differs from' : 'vanished since';
    problems.push(`${RELEASED}: the entry ${name} ${what} commit ${commit}. What was released stays so; put back "${name}": "${hash}"`);
  }
  return problems;
}

/** Events that are appended and have no type, and types that nothing appends. */
function appendProblems(root, types, released) {
  const appended = findAppendedTypes(root);
  const known = new Set(types.map(({ type }) => type));
  const unknown = [...appended.types].filter(([type]) => !known.has(type));
  // A released type may be retired: logs hold its events, and they must still be read.
  const idle = types.filter(({ type, version }) => !appended.types.has(type) && !(`${type}.v${version}` in released));
  return [
    ...appended.problems,
    ...unknown.map(
      ([type, place]) => `${place}: ${type} is appended and has no type; write type ${type} = Event<'${type}', {…}> in a file ….events.ts`,
    ),
    ...idle.map(({ type }) => `${type} is appended nowhere; delete the type, or append it`),
  ];
}

/**
 * Writes the schemas of the current versions, and the table in README.md; nothing if there is a problem.
 *
 * @param {string} root @returns {{ problems: string[], notes: string[] }}
 */
export function generate(root) {
  const planned = plan(root);
  if (planned.problems.length > 0) return { problems: planned.problems, notes: [] };
  const drift = driftOf(root, planned);
  mkdirSync(join(root, SCHEMAS), { recursive: true });
  for (const file of drift) {
    const text = planned.files.get(file);
    if (text === undefined) rmSync(join(root, SCHEMAS, file));
    else writeFileSync(join(root, SCHEMAS, file), text);
  }
  if (!existsSync(join(root, RELEASED))) writeReleased(root, {});
  return { problems: [], notes: [`event schemas: ${planned.types.length} types, ${drift.length} files written or removed`] };
}

/** Changes nothing. @param {string} root @returns {{ problems: string[], notes: string[] }} */
export function check(root) {
  const notes = [];
  const planned = plan(root);
  const drift = planned.problems.length > 0 ? [] : driftOf(root, planned);
  const problems = [
    ...planned.problems,
    ...drift.map((file) => `${SCHEMAS}/${file} is not what the sources make of it: run npm run generate:events, look at it and commit it`),
    ...releaseProblems(root, planned.released, notes),
    ...appendProblems(root, planned.types, planned.released),
  ];
  return { problems, notes: [...notes, `event schemas: ${problems.length} problems`] };
}

/** Enters all current schemas in released.json; none if {@link check} finds a problem. @param {string} root @returns {{ problems: string[], notes: string[] }} */
export function release(root) {
  const checked = check(root);
  if (checked.problems.length > 0) return checked;
  const { types, released } = plan(root);
  const fresh = types.filter(({ type, version }) => !(`${type}.v${version}` in released));
  writeReleased(root, {
    ...released,
    ...Object.fromEntries(fresh.map(({ type, version, schema }) => [`${type}.v${version}`, structureHash(schema)])),
  });
  const names = fresh.map(({ type, version }) => `${type}.v${version}`).join(', ');
  return { problems: [], notes: [...checked.notes, `released: ${names || 'nothing new'}`] };
}
