import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '#platform';

const ROOT = resolve(import.meta.dirname, '../..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'project-checks-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function run(script: string, ...args: string[]): { exitCode: number | null; output: string } {
  const result = spawnSync(process.execPath, [resolve(ROOT, 'scripts', script), ...args], { encoding: 'utf8' });
  return { exitCode: result.status, output: result.stdout + result.stderr };
}

describe('commit messages', () => {
  it.each(['feat(imports): read gzip', 'fix!: drop a column\n\nIt was never filled.', 'Merge branch main into x', 'docs: say how'])(
    'accepts %j',
    (message) => {
      expect(run('check-commit-messages.mjs', '--file', write('message', message)).exitCode).toBe(0);
    },
  );

  it.each([
    'add things',
    'Feat: x',
    'feat: ends with a stop.',
    'feat(imports) no colon',
    'feat: a\nno blank line',
    `feat: ${'x'.repeat(120)}`,
  ])('refuses %j', (message) => {
    expect(run('check-commit-messages.mjs', '--file', write('message', message)).exitCode).toBe(1);
  });
});

describe('lockfile', () => {
  const checksum = { integrity: 'sha512-x' };
  function lockfile(packages: object): number | null {
    write('package.json', JSON.stringify({ dependencies: { pg: '^8.0.0' } }));
    write('package-lock.json', JSON.stringify({ packages: { '': { dependencies: { pg: '^8.0.0' } }, ...packages } }));
    return run('check-lockfile.mjs', folder).exitCode;
  }

  it('accepts packages with a checksum and without a registry', () => {
    expect(lockfile({ 'node_modules/pg': checksum })).toBe(0);
  });

  it.each([
    ['a registry host', { 'node_modules/pg': { ...checksum, resolved: 'https://registry.example/pg.tgz' } }],
    ['a missing checksum', { 'node_modules/pg': {} }],
    ['a dependency package.json does not have', { '': { dependencies: { pg: '^8.0.0', left: '1.0.0' } } }],
  ])('refuses %s', (_, packages) => {
    expect(lockfile(packages)).toBe(1);
  });
});

describe('generated files', () => {
  function check(generate: string): number | null {
    write('package.json', JSON.stringify({ scripts: { generate } }));
    write('made.json', '{"made":1}');
    const script = resolve(ROOT, 'scripts/check-generated.mjs');
    return spawnSync(process.execPath, [script, 'made.json', 'more.json'], { cwd: folder, encoding: 'utf8' }).status;
  }
  const writing = (file: string, text: string): string => `node -e "require('fs').writeFileSync('${file}', JSON.stringify(${text}))"`;

  it('accepts files that stay the same', () => {
    expect(check(writing('made.json', '{made:1}'))).toBe(0);
  });

  it.each([
    ['a changed file', writing('made.json', '{made:2}')],
    ['a new file', writing('more.json', '{}')],
    ['a generator that fails', 'exit 3'],
  ])('refuses %s', (_, generate) => {
    expect(check(generate)).toBe(1);
  });
});

describe('test count', () => {
  const report = (numbers: object): string =>
    JSON.stringify({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...numbers });

  it('adds reports and outputs up', () => {
    const result = run('count-tests.mjs', write('a.json', report({})), write('b.log', 'reading …\n12 passed, 0 failed\n'));
    expect(result).toEqual({ exitCode: 0, output: '15 passed, 0 failed\n' });
  });

  it.each([
    ['a failed test', 'a.json', report({ numFailedTests: 1 })],
    ['a skipped test', 'a.json', report({ numPendingTests: 1 })],
    ['a file that could not be loaded', 'a.json', report({ testResults: [{ status: 'failed', assertionResults: [] }] })],
    ['no test at all', 'a.json', report({ numPassedTests: 0 })],
    ['an output without a count', 'b.log', 'done\n'],
  ])('fails on %s', (_, name, text) => {
    expect(run('count-tests.mjs', write(name, text)).exitCode).toBe(1);
  });
});

describe('the files around the code', () => {
  const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');

  it('name only commands that package.json has', () => {
    const { scripts = {} } = JSON.parse(read('package.json')) as { scripts?: Record<string, string> };
    for (const path of ['.ci/run', '.github/workflows/ci.yml', 'CONTRIBUTING.md', 'Dockerfile', 'scripts/check-generated.mjs']) {
      for (const [command, name = ''] of read(path).matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)) {
        expect(Object.keys(scripts), `${path}: ${command}`).toContain(name);
      }
    }
  });

  it('set up a queue that loses nothing, one folder for all processes, and no password of their own', () => {
    const compose = parse(read('docker-compose.yml'), { merge: true }) as {
      services: Record<'postgres' | 'redis' | 'api' | 'worker', { image: string; command: string[]; volumes: string[] }>;
      volumes: Record<string, unknown>;
    };
    const { postgres, redis, api, worker } = compose.services;
    expect([postgres.image, redis.image]).toEqual(['postgres:18', 'redis:7']);
    expect(redis.command.join(' ')).toContain('--maxmemory-policy noeviction');
    expect(worker.volumes).toEqual(api.volumes);
    expect(Object.keys(compose.volumes)).toEqual(['postgres', 'redis', 'files']);
    expect(read('docker-compose.yml').match(/PASSWORD: (?!\$\{)/g)).toBeNull();
  });

  it('give the containers a configuration that the program accepts', () => {
    const compose = parse(read('docker-compose.yml'), { merge: true }) as {
      configs: { openchargeback: { content: string } };
      services: { api: { environment: Record<string, string> } };
    };
    const filledIn = (text: string): string =>
      text.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replace(/\$\{\w+:\?[^}]*\}/g, 'given-by-the-operator-of-the-site');
    write('config.yaml', filledIn(compose.configs.openchargeback.content));
    const env = Object.fromEntries(Object.entries(compose.services.api.environment).map(([name, value]) => [name, filledIn(value)]));

    const config = loadConfig({ cwd: folder, env });

    expect(config.web.host).toBe('0.0.0.0');
    expect(config.devMode).toBe(true);
    expect(config.database).toEqual({
      url: 'postgres://openchargeback_app:given-by-the-operator-of-the-site@postgres:5432/openchargeback',
      ownerUrl: 'postgres://openchargeback:given-by-the-operator-of-the-site@postgres:5432/openchargeback',
    });
    expect(config.redis.url).toBe('redis://redis:6379');
    expect(config.dataDir).toBe('/data');
  });

  it('check every change elsewhere as the gate does here', () => {
    const workflow = parse(read('.github/workflows/ci.yml')) as { jobs: Record<string, { steps: { run?: string }[] }> };
    const steps = workflow.jobs['check-and-test']?.steps.map((step) => step.run);
    expect(steps).toEqual(expect.arrayContaining(['npm ci', 'npm run check', 'npm test', 'npm run test:redis', 'npm run test:browser']));
  });
});
