import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { DomainError } from '#kernel';
import type { StoredFile } from '#platform';
import type { RefusedRow } from '../domain/refused-row.js';
import { RefusedRows } from './refused-rows.js';

const COLUMNS = ['BillingPeriodStart', 'BilledCost'];

function rows(count: number, from = 1, cell = 'n/a'): RefusedRow[] {
  return Array.from({ length: count }, (_, index) => ({
    lineNumber: from + index,
    column: 'BilledCost',
    value: 'n/a',
    reason: 'is not a decimal number',
    furtherProblems: [],
    amount: null,
    currency: null,
    cells: ['2025-01-01', cell],
  }));
}

/** A storage that tells what it was given, and under whose eyes it fails or falls asleep. */
class Keeper {
  content: string | null = null;
  stream: Readable | null = null;

  constructor(private readonly receive: (content: Readable) => Promise<string> = text) {}

  async put(content: Readable): Promise<StoredFile> {
    this.stream = content;
    content.on('error', () => undefined);
    this.content = await this.receive(content);
    return { sha256: 'f'.repeat(64), bytes: this.content.length };
  }
}

describe('the refused rows of a file', () => {
  it('are all in storage, and the first hundred at hand', async () => {
    const keeper = new Keeper();
    const refused = new RefusedRows(keeper, COLUMNS);
    for (let from = 1; from < 1000; from += 100) await refused.add(rows(100, from));
    expect(await refused.keep()).toBe('f'.repeat(64));
    expect(refused.count).toBe(1000);
    expect(refused.shown.map(({ lineNumber }) => lineNumber)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(refused.shown[0]).not.toHaveProperty('cells');
    const lines = keeper.content?.split('\r\n') ?? [];
    expect(lines).toHaveLength(1002);
    expect([lines[0], lines[1000]]).toEqual([
      'refused_line,refused_column,refused_value,refused_reason,refused_further_problems,refused_amount,refused_currency,BillingPeriodStart,BilledCost',
      '1000,BilledCost,n/a,is not a decimal number,,,,2025-01-01,n/a',
    ]);
  });

  it('are no file where there are none', async () => {
    const keeper = new Keeper();
    const refused = new RefusedRows(keeper, COLUMNS);
    await refused.add([]);
    expect(await refused.keep()).toBeNull();
    await refused.discard();
    expect(keeper.stream).toBeNull();
  });

  it('wait for a slow storage instead of piling up', async () => {
    let wake: () => void = () => undefined;
    const awake = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const keeper = new Keeper(async (content) => {
      await awake;
      return text(content);
    });
    const refused = new RefusedRows(keeper, COLUMNS);
    const long = 'x'.repeat(1000);
    let added = 0;
    const adding = (async () => {
      for (; added < 1000; added += 10) await refused.add(rows(10, added + 1, long));
    })();
    await new Promise(setImmediate);
    expect(added, 'rows written while nobody reads').toBeLessThan(100);
    wake();
    await adding;
    await refused.keep();
    expect(keeper.content?.length).toBeGreaterThan(1_000_000);
  });

  it('end with the storage’s own error, also in the middle', async () => {
    const keeper = new Keeper((content) => {
      content.destroy();
      return Promise.reject(new DomainError('storage.full', 'unavailable', 'There is no space left.'));
    });
    const refused = new RefusedRows(keeper, COLUMNS);
    await expect(
      (async () => {
        for (let from = 1; from < 10_000; from += 100) await refused.add(rows(100, from));
      })(),
    ).rejects.toMatchObject({ code: 'storage.full' });
    await expect(refused.keep()).rejects.toMatchObject({ code: 'storage.full' });
    await refused.discard();
  });

  it('leave nothing when they are not wanted any more', async () => {
    const keeper = new Keeper();
    const refused = new RefusedRows(keeper, COLUMNS);
    await refused.add(rows(3));
    await refused.discard();
    expect(keeper.stream?.destroyed).toBe(true);
    expect(keeper.content).toBeNull();
  });
});
