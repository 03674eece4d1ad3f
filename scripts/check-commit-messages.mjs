#!/usr/bin/env node
/**
 * Checks that commit messages are Conventional Commits, so that the changelog and a reader of `git log` can sort them.
 *
 *   node scripts/check-commit-messages.mjs [RANGE]     RANGE as for git log; default: the whole history
 *   node scripts/check-commit-messages.mjs --file F    one message, as a commit-msg hook gets it
 *
 * Exit code 0 when all are, 1 with a list of those that are not, 2 on wrong usage.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const TYPES = ['feat', 'fix', 'perf', 'refactor', 'docs', 'test', 'build', 'ci', 'chore', 'style', 'revert'];
const HEADER = new RegExp(`^(${TYPES.join('|')})(\\([a-z0-9][a-z0-9,./-]*\\))?!?: \\S.*[^.\\s]$`);
const MAX_HEADER_LENGTH = 120;
const RECORD_END = '\u0000';

/** @param {string} message @returns {string | undefined} what is wrong with it */
function problemOf(message) {
  const [header = '', blank] = message.trimEnd().split('\n');
  // Git writes these two itself.
  if (/^(Merge |Revert ")/.test(header)) return undefined;
  if (header.length > MAX_HEADER_LENGTH) return `the first line has ${header.length} characters, more than ${MAX_HEADER_LENGTH}`;
  if (!HEADER.test(header)) return `the first line is not “type(scope): what it does” without a full stop (type: ${TYPES.join(', ')})`;
  if (blank !== undefined && blank !== '') return 'the second line is not blank';
  return undefined;
}

/** @param {string[]} range @returns {{ name: string, message: string }[]} */
function readLog(range) {
  const git = spawnSync('git', ['log', '-z', '--format=%h%n%B', ...range, '--'], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (git.status !== 0) {
    console.error(git.stderr || String(git.error));
    process.exit(2);
  }
  return git.stdout
    .split(RECORD_END)
    .filter((record) => record !== '')
    .map((record) => ({ name: record.slice(0, record.indexOf('\n')), message: record.slice(record.indexOf('\n') + 1) }));
}

const { values, positionals } = parseArgs({ options: { file: { type: 'string' } }, allowPositionals: true });
const commits =
  values.file === undefined ? readLog(positionals.slice(0, 1)) : [{ name: values.file, message: readFileSync(values.file, 'utf8') }];
const bad = commits.flatMap(({ name, message }) => {
  const problem = problemOf(message);
  return problem === undefined ? [] : [`${name}: ${problem}\n    ${message.split('\n')[0]}`];
});
for (const line of bad) console.error(line);
console.log(`commit messages: ${commits.length} read, ${bad.length} wrong`);
process.exitCode = bad.length === 0 ? 0 : 1;
