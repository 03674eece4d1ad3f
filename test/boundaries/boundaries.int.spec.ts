import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const TREE = resolve(import.meta.dirname, 'fixtures/tree');

interface Verdict {
  summary: {
    violations: { from: string; to: string; rule: { name: string } }[];
    ruleSetUsed: { forbidden: { name: string; severity: string }[] };
  };
}

/** Judges the tree of examples with the project's own rules, through the same command as `npm run check`. */
async function judgeExamples(): Promise<Verdict> {
  const command = resolve(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const rules = resolve(ROOT, '.dependency-cruiser.cjs');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [command, 'apps', 'libs', 'migrations', '--config', rules, '--output-type', 'json'],
    { cwd: TREE, maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as Verdict;
}

describe('import boundaries', () => {
  let verdict: Verdict;
  let broken: Map<string, Set<string>>;

  beforeAll(async () => {
    verdict = await judgeExamples();
    broken = new Map();
    for (const { from, rule } of verdict.summary.violations) broken.set(from, (broken.get(from) ?? new Set()).add(rule.name));
  });

  it('every rule is an error and fires on the example named after it', () => {
    const rules = verdict.summary.ruleSetUsed.forbidden;
    expect(rules.filter((rule) => rule.severity !== 'error')).toEqual([]);
    const silent = rules
      .map((rule) => rule.name)
      .filter((name) => ![...broken].some(([file, names]) => file.includes(`/bad-${name}`) && names.has(name)));
    expect(silent).toEqual([]);
  });

  it('each bad example breaks the rule it is named after, and no other', () => {
    const names = verdict.summary.ruleSetUsed.forbidden.map((rule) => rule.name).sort((a, b) => b.length - a.length);
    for (const [file, rules] of broken) {
      const expected = names.find((name) => file.includes(`/bad-${name}`));
      expect([...rules], file).toEqual([expected]);
    }
  });

  it.each(['framework', 'database', 'file', 'process'])('domain/ may not touch a %s', (what) => {
    expect([...(broken.get(`libs/charges/domain/bad-domain-is-pure-${what}.ts`) ?? [])]).toEqual(['domain-is-pure']);
  });

  it('the allowed tree breaks nothing', () => {
    expect([...broken.keys()].filter((file) => !file.includes('/bad-'))).toEqual([]);
  });
});
