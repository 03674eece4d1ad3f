import { describe, expect, it } from 'vitest';
import { guessFromFileName } from './guess-from-file-name.js';

const SOURCES = [
  { name: 'storage', pattern: 'storage' },
  { name: 'it-storage', pattern: 'it_storage' },
  { name: 'aws', pattern: 'aws_*.csv*' },
  { name: 'aws-gov', pattern: 'AWS_gov' },
  { name: 'nameless', pattern: '' },
];

describe('guessFromFileName', () => {
  it.each([
    ['it_storage_2025-01.csv', 'it-storage', '2025-01'],
    ['storage_2025_01.csv', 'storage', '2025-01'],
    ['AWS_202501.csv.gz', 'aws', '2025-01'],
    ['in/2024-12/aws_2025-Q3.csv', 'aws', '2025-07'],
    ['my_aws_2025-01.csv', null, '2025-01'],
    ['storage-2025-13.csv', 'storage', null],
    ['storage-20250131.csv', 'storage', null],
    ['storage-2025-01_to_2025-02.csv', 'storage', null],
    ['storage-2025-01-31.csv', 'storage', '2025-01'],
    ['billing.csv', null, null],
  ])('%s → %s, %s', (fileName, source, period) => {
    expect(guessFromFileName(fileName, SOURCES)).toEqual({ source, period });
  });

  it('guesses no source where two patterns are equally long', () => {
    const twins = [
      { name: 'a', pattern: 'hpc' },
      { name: 'b', pattern: 'gpu' },
    ];
    expect(guessFromFileName('hpc_gpu.csv', twins).source).toBeNull();
  });

  it('is not hung by a pattern full of stars', () => {
    const pattern = `${'*a'.repeat(50)}*b`;
    expect(guessFromFileName('a'.repeat(5000), [{ name: 'x', pattern }]).source).toBeNull();
  });
});
