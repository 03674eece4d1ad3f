import { describe, expect, it } from 'vitest';
import { type FileNamePattern, guessFromFileName } from './guess-from-file-name.js';

const SOURCES: readonly FileNamePattern[] = [
  { name: 'storage', pattern: 'storage', enabled: true },
  { name: 'it-storage', pattern: 'it_storage', enabled: true },
  { name: 'aws', pattern: 'aws_*.csv*', enabled: true },
  { name: 'aws-gov', pattern: ' AWS_gov ', enabled: true },
  { name: 'tape', pattern: 'lto?_', enabled: true },
  { name: 'vault', pattern: '*vault*.csv', enabled: true },
  { name: 'nameless', pattern: '', enabled: true },
  { name: 'old-hpc', pattern: 'hpc_classic', enabled: false },
];

describe('guessFromFileName', () => {
  it.each([
    // a part of the name, in any case; the longest wins
    ['it_storage_2025-01.csv', 'it-storage', '2025-01'],
    ['Storage_2025_01.CSV', 'storage', '2025-01'],
    ['usage.storage.csv', 'storage', null],
    // a glob is measured against all of the name
    ['AWS_202501.csv.gz', 'aws', '2025-01'],
    ['my_aws_2025-01.csv', null, '2025-01'],
    ['lto9_2025-01.csv', null, '2025-01'],
    ['deep_vault_2025-01.csv', 'vault', '2025-01'],
    // the longest pattern wins, also a glob over a part
    ['aws_gov_2025-01.csv', 'aws', '2025-01'],
    ['aws_gov_2025-01.parquet', 'aws-gov', '2025-01'],
    ['storage_vault_2025-01.csv', 'vault', '2025-01'],
    // folders say nothing
    ['in/2024-12/aws_2025-Q3.csv', 'aws', '2025-07'],
    ['storage\\hpc.csv', null, null],
    // the month in every form, quarters, and what is none
    ['storage_202501.csv', 'storage', '2025-01'],
    ['storage_2025_Q1.csv', 'storage', '2025-01'],
    ['storage-2025q4.csv', 'storage', '2025-10'],
    ['storage-2025-Q5.csv', 'storage', null],
    ['storage-2025-13.csv', 'storage', null],
    ['storage-1850-01.csv', 'storage', null],
    ['storage-20250131.csv', 'storage', null],
    ['storage-2025-01-31.csv', 'storage', '2025-01'],
    ['storage-2025-01_202501.csv', 'storage', '2025-01'],
    ['storage-2025-01_to_2025-02.csv', 'storage', null],
    // no pattern, no source; a disabled one takes no files
    ['billing.csv', null, null],
    ['hpc_classic_2025-01.csv', null, '2025-01'],
  ])('%s → %s, %s', (fileName, source, period) => {
    expect(guessFromFileName(fileName, SOURCES)).toMatchObject({ source, period });
  });

  it('guesses no source where two patterns are equally long, and names both', () => {
    const twins = [
      { name: 'a', pattern: 'hpc', enabled: true },
      { name: 'b', pattern: 'gpu', enabled: true },
      { name: 'c', pattern: 'hp', enabled: true },
    ];
    expect(guessFromFileName('hpc_gpu.csv', twins)).toMatchObject({
      source: null,
      sourceReason: expect.stringMatching(/2 sources, which are equally long: a \(“hpc”\), b \(“gpu”\)/) as string,
    });
    const oneDisabled = twins.map((source) => ({ ...source, enabled: source.name !== 'b' }));
    expect(guessFromFileName('hpc_gpu.csv', oneDisabled).source).toBe('a');
  });

  it.each([
    [
      'it_storage_2025-01.csv',
      'The name fits the pattern “it_storage” of it-storage; it is longer than “storage” of storage, which also fits.',
    ],
    ['usage.storage.csv', 'The name fits the pattern “storage” of storage.'],
    ['hpc_classic.csv', 'The name fits the pattern of no source that is enabled, only of old-hpc (“hpc_classic”).'],
    ['billing.csv', 'The name fits the pattern of no source.'],
  ])('says why: %s', (fileName, reason) => {
    expect(guessFromFileName(fileName, SOURCES).sourceReason).toBe(reason);
  });

  it.each([
    ['x_2025_01.csv', 'The name holds “2025_01”.'],
    ['x_2025-q2.csv', 'The name holds “2025-Q2”, and a quarter stands for its first month.'],
    ['x_2025-01_2025-02.csv', 'The name holds several months, 2025-01 and 2025-02, so it tells none of them.'],
    ['x.csv', 'The name holds no month such as 2025-01, 2025_01, 202501 or 2025-Q1.'],
  ])('says why of the period: %s', (fileName, reason) => {
    expect(guessFromFileName(fileName, SOURCES).periodReason).toBe(reason);
  });

  it('is not hung by a pattern full of stars', () => {
    const pattern = `${'*a'.repeat(50)}*b`;
    expect(guessFromFileName('a'.repeat(5000), [{ name: 'x', pattern, enabled: true }]).source).toBeNull();
  });
});
