import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '#kernel';
import type { KnownSourceConfig } from '#platform';
import { by, TestProgram } from '#testing/program';
import { SourceQueries } from '../infra/source.queries.js';
import { SourceRegistry } from './source-registry.js';

const ADMIN = by('admin@example.edu');
const CONFIG = `
dev_mode: true
imports:
  known_sources:
    - {name: aws, display_name: Amazon, fund_org: IT-1}
    - {name: HPC, pattern: heron}
`;
const UNSAID: KnownSourceConfig = {
  name: '',
  displayName: undefined,
  pattern: undefined,
  fundOrg: undefined,
  accountCode: undefined,
  deliveryMode: undefined,
  costBasis: undefined,
  dateFormat: undefined,
  lineIdColumn: undefined,
  inclusivePeriodEnds: undefined,
  enabled: undefined,
};

describe('SourceRegistry', () => {
  let program: TestProgram;
  let registry: SourceRegistry;

  beforeAll(async () => {
    program = await TestProgram.start({ config: CONFIG, background: false });
    registry = program.get(SourceRegistry);
  });
  afterAll(() => program.stop());

  /** The registry of a process that starts on the same database with another configuration. */
  function startedWith(...known: (Partial<KnownSourceConfig> & { name: string })[]): SourceRegistry {
    const { database, store, config } = program.services;
    const knownSources = known.map((source) => ({ ...UNSAID, ...source }));
    return new SourceRegistry(database, store, { ...config, imports: { ...config.imports, knownSources } });
  }

  it('registers what the configuration names, with defaults for what it leaves out', async () => {
    expect(await registry.find('AWS')).toMatchObject({ displayName: 'Amazon', pattern: 'aws', fundOrg: 'IT-1', enabled: true });
    expect(await registry.find('hpc')).toMatchObject({ displayName: 'HPC', pattern: 'heron', inclusivePeriodEnds: false });
    expect(registry.statedInConfig('Aws')).toEqual(['displayName', 'fundOrg']);
    expect(registry.statedInConfig('tape')).toEqual([]);
  });

  it('restores at a start what the file says, and leaves what it does not say', async () => {
    await registry.change('aws', { fundOrg: 'IT-2', deliveryMode: 'replace', inclusivePeriodEnds: true }, ADMIN);
    await registry.syncFromConfig();
    expect(await registry.get('aws')).toMatchObject({ fundOrg: 'IT-1', deliveryMode: 'replace', inclusivePeriodEnds: true });
  });

  it('writes every setting to the list of sources', async () => {
    await program.settle();
    const [aws] = await program.get(SourceQueries).list();
    expect(aws).toEqual({ ...(await registry.get('aws')) });
  });

  it('tries a change without making it', async () => {
    const before = await registry.get('aws');
    expect(await registry.tryChange('aws', { accountCode: '7000' })).toEqual({
      changes: [{ setting: 'accountCode', before: '', after: '7000' }],
      appended: null,
    });
    await expect(registry.tryChange('aws', { dateFormat: 'whenever' })).rejects.toMatchObject({ code: 'source.invalid-settings' });
    expect(await registry.get('aws')).toEqual(before);
  });

  it('lets one of two sources have a pattern that both want at the same moment', async () => {
    const both = await Promise.allSettled([
      registry.register('tape-a', { pattern: 'lto' }, ADMIN),
      registry.register('tape-b', { pattern: 'LTO' }, ADMIN),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'source.invalid-settings' } });
  });

  it('registers a source once, however many first files come at the same moment', async () => {
    const found = await Promise.all([1, 2, 3].map(() => registry.ensure('Lab', ADMIN)));
    expect(new Set(found.map(({ displayName }) => displayName))).toEqual(new Set(['Lab']));
    expect(await program.services.store.readStream('source-lab')).toHaveLength(1);
    await expect(registry.register('lab', {}, ADMIN)).rejects.toMatchObject({ code: 'source.exists' });
  });

  it('takes the first file of a source whose name is the pattern of another', async () => {
    await registry.register('cluster', { pattern: 'slurm' }, ADMIN);
    expect(await registry.ensure('slurm', ADMIN)).toMatchObject({ name: 'slurm', pattern: '' });
  });

  it('lets the file swap patterns', async () => {
    await startedWith({ name: 'aws', pattern: 'heron' }, { name: 'hpc', pattern: 'aws' }).syncFromConfig();
    expect([(await registry.get('aws')).pattern, (await registry.get('hpc')).pattern]).toEqual(['heron', 'aws']);
    await startedWith({ name: 'aws', pattern: 'aws' }, { name: 'hpc', pattern: 'heron' }).syncFromConfig();
  });

  it('does not start with patterns that registered sources have: all of them at once, and nothing is changed', async () => {
    const wrong = startedWith(
      { name: 'aws', pattern: 'slurm', fundOrg: 'IT-9' },
      { name: 'gcp', pattern: 'cloud' },
      { name: 'hpc', pattern: 'lab' },
    );
    const started = await wrong.syncFromConfig().catch((error: unknown) => error);
    expect(started).toBeInstanceOf(DomainError);
    expect(started).toMatchObject({
      code: 'config.invalid',
      problems: [
        { where: 'imports.known_sources[0].pattern', what: expect.stringContaining('“cluster”') as string },
        { where: 'imports.known_sources[2].pattern', what: expect.stringContaining('“lab”') as string },
      ],
    });
    expect(await registry.get('aws')).toMatchObject({ pattern: 'aws', fundOrg: 'IT-1' });
    expect(await registry.find('gcp')).toBeNull();
  });
});
