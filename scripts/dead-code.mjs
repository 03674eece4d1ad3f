#!/usr/bin/env node
/**
 * Finds code that nothing uses: files that no entry point reaches, and exports that no other file imports.
 *
 *   node scripts/dead-code.mjs [--root DIR]
 *
 * Exit code 0 when there is none, 1 with a list when there is some, 2 on wrong usage.
 *
 * It reads the imports with TypeScript's parser and resolves them with TypeScript's own resolution and the project's
 * options, so that `#kernel` and `./x.js` lead to the sources. What counts:
 * - a value is used when another file imports it; a re-export only passes the question on to whoever imports from it;
 * - a type is used when it is named anywhere besides its declaration, as it may be part of a used function's signature;
 * - specs and benches are users like any other.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { readModule } from './dead-code/read-module.mjs';

const ENTRY_POINTS = [
  /^apps\/[^/]+\/(src\/)?main\.tsx?$/,
  /\.spec\.tsx?$/,
  /\.config\.ts$/,
  /\.d\.ts$/,
  /^migrations\//,
  /^(bench|test)\//,
  /^sample_data\/generator\/main\.ts$/,
  /^apps\/cli\/demo\/main\.ts$/,
  /^apps\/api\/write-openapi\.ts$/,
  // Written by `npm run generate`, and offered whole to clients.
  /^libs\/sdk\//,
];

/** @param {string} root @returns {Map<string, import('./dead-code/read-module.mjs').Module>} the modules of every tsconfig, by absolute path */
function readProject(root) {
  const modules = new Map();
  for (const name of ['tsconfig.json', 'apps/console/tsconfig.json']) {
    const configFile = resolve(root, name);
    if (!ts.sys.fileExists(configFile)) continue;
    const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (d) => fail(ts.flattenDiagnosticMessageText(d.messageText, '\n')) };
    const parsed = ts.getParsedCommandLineOfConfigFile(configFile, {}, host);
    const cache = ts.createModuleResolutionCache(root, (file) => file, parsed.options);
    const resolveImport = (specifier, file) => {
      // The package is of type module, so each import is resolved as one.
      const found = ts.resolveModuleName(specifier, file, parsed.options, ts.sys, cache, undefined, ts.ModuleKind.ESNext).resolvedModule;
      return found === undefined || found.isExternalLibraryImport === true ? undefined : found.resolvedFileName;
    };
    for (const file of parsed.fileNames) {
      const path = resolve(file);
      if (!modules.has(path)) modules.set(path, readModule(path, readFileSync(path, 'utf8'), resolveImport));
    }
  }
  return modules;
}

/** Adds to a module's targets the files it starts by name (a worker thread, a child process of a test). */
function addStartedFiles(modules) {
  for (const [file, module] of modules) {
    if (module.namedFiles.size === 0) continue;
    for (const other of modules.keys()) {
      if (other === file || !module.namedFiles.has(basename(other)) || !other.startsWith(`${dirname(file)}/`)) continue;
      module.targets.add(other);
      module.imports.push({ target: other, name: '*' });
    }
  }
}

/** Files that are reached from the entry points by any import. */
function reachedFrom(entries, modules) {
  const reached = new Set(entries);
  for (const file of reached) {
    for (const target of modules.get(file)?.targets ?? []) reached.add(target);
  }
  return reached;
}

/**
 * Exports in use, as `file\nname`. A use of a re-exported name is followed to the file that declares it.
 */
function usedExports(modules, entries) {
  const used = new Set();
  const pending = [];
  const use = (file, name) => {
    const key = `${file}\n${name}`;
    if (used.has(key)) return;
    used.add(key);
    pending.push([file, name]);
  };
  const useAll = (file) => {
    for (const name of modules.get(file)?.exports.keys() ?? []) use(file, name);
    for (const target of modules.get(file)?.starReExports ?? []) useAll(target);
  };
  for (const [file, module] of modules) {
    for (const { target, name } of module.imports) {
      if (name === '*') useAll(target);
      else use(target, name);
    }
    if (entries.has(file)) useAll(file);
  }
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [file, name] = next;
    const module = modules.get(file);
    const origin = module?.exports.get(name)?.reExportOf;
    if (origin !== undefined && origin.name === '*') useAll(origin.target);
    else if (origin !== undefined) use(origin.target, origin.name);
    else if (module !== undefined && !module.exports.has(name)) for (const target of module.starReExports) use(target, name);
  }
  return used;
}

/**
 * Is this a type that is named somewhere besides its declaration? Then it may be part of the signature of something
 * that is used, and a lib does well to offer it at its door although nobody has asked for it by name yet.
 */
function isTypeInUse(modules, used, file, name) {
  const found = modules.get(file)?.exports.get(name);
  if (found?.reExportOf === undefined) return found?.isType === true && (found.isNamedElsewhereInFile || used.has(`${file}\n${name}`));
  return isTypeInUse(modules, used, found.reExportOf.target, found.reExportOf.name);
}

/** A dead export that is passed on by a door is reported at the door only. */
function passedOn(modules) {
  const keys = new Set();
  for (const module of modules.values()) {
    for (const { reExportOf } of module.exports.values()) {
      if (reExportOf !== undefined) keys.add(`${reExportOf.target}\n${reExportOf.name}`);
    }
  }
  return keys;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

const { values } = parseArgs({ options: { root: { type: 'string', default: '.' } } });
const root = resolve(values.root);
const modules = readProject(root);
addStartedFiles(modules);
const nameOf = (file) => relative(root, file).replaceAll('\\', '/');
const entries = new Set([...modules.keys()].filter((file) => ENTRY_POINTS.some((pattern) => pattern.test(nameOf(file)))));

const reached = reachedFrom(entries, modules);
const findings = [];
for (const file of modules.keys()) {
  if (!reached.has(file)) findings.push(`${nameOf(file)}: no entry point reaches this file; delete it or import it where it belongs`);
}
const used = usedExports(modules, entries);
const reportedElsewhere = passedOn(modules);
for (const [file, module] of modules) {
  if (!reached.has(file) || entries.has(file)) continue;
  for (const [name, found] of module.exports) {
    const key = `${file}\n${name}`;
    if (used.has(key) || reportedElsewhere.has(key) || isTypeInUse(modules, used, file, name)) continue;
    findings.push(`${nameOf(file)}:${found.line}: nothing imports “${name}”; delete it, or drop the export if its own file needs it`);
  }
}
findings.sort();
for (const finding of findings) console.log(finding);
console.log(`dead code: ${findings.length} found in ${modules.size} files`);
process.exitCode = findings.length === 0 ? 0 : 1;
