import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImportQueries, type ImportRow, ReceiveImportHandler } from '#imports';
import { FailedJobQueries } from '#jobs';
import { Decimal } from '#kernel';
import type { DeliveryMode } from '#sources';
import { by, TestProgram } from '#testing/program';
import { Random } from '../faults/random.js';
import { eventually } from '../support/eventually.js';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';

const SOURCES = ['aws', 'hpc', 'lab'];
const PERIODS = ['2025-01', '2025-02', '2025-03', '2025-04'];
const FILES_PER_SOURCE = 4;
const OWN_ROWS = 400;
const SHARED_ROWS = 60;

interface Delivered {
  readonly source: string;
  readonly rows: readonly FocusRow[];
}

/** Twelve files of three sources, each over all periods; those of a source share some lines, which are to count once. */
function deliveries(): Delivered[] {
  const random = new Random(20_250_301);
  const rowsNamed = (name: string, count: number): FocusRow[] =>
    Array.from({ length: count }, (_, index) => ({
      period: random.one(PERIODS),
      billed: `${random.below(2_000_000) - 300_000}e-${random.below(7)}`,
      service: random.one(['Compute', 'Storage']),
      resource: `${name}-${index}`,
      tags: tags({ pi_email: `pi${random.below(9)}@example.edu`, ...(random.chance(0.05) && { fund_org: '' }) }),
    }));
  return SOURCES.flatMap((source) => {
    const shared = rowsNamed(`${source}-shared`, SHARED_ROWS);
    return Array.from({ length: FILES_PER_SOURCE }, (_, file) => ({
      source,
      rows: random.shuffled([...rowsNamed(`${source}-${file}`, OWN_ROWS), ...shared]),
    }));
  });
}

async function receive(program: TestProgram, { source, rows }: Delivered, deliveryMode: DeliveryMode | null = null): Promise<number> {
  const file = await program.services.storage.put(Readable.from([focusCsv(rows)]));
  const request = { ...file, source, fileName: `${source}.csv`, expectedPeriod: null, deliveryMode, allowPartial: false };
  return (await program.get(ReceiveImportHandler).execute(request, by('exporter'))).importId;
}

const ended = (program: TestProgram, importId: number): Promise<ImportRow> =>
  eventually(async () => {
    await program.settle();
    const row = await program.get(ImportQueries).get(importId);
    return row.state === 'received' && row.failure === null ? undefined : row;
  }, 120_000);

const totalOf = (rows: readonly FocusRow[]): string => Decimal.sum(rows.map(({ billed }) => Decimal.parse(billed))).toString();

/** All that the ledger holds, exact, but for the numbers of imports. */
async function ledgerOf(program: TestProgram): Promise<unknown[]> {
  await program.settle();
  return program.services.database.query(
    `select period, source, pi_email, project_id, fund_org, service_name, currency, standing, sum(line_count)::int as lines,
       trim_scale(sum(list))::text as list, trim_scale(sum(billed))::text as billed
     from ledger_balances group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(line_count) > 0 order by 1, 2, 3, 4, 5, 6, 7, 8`,
  );
}

describe('many imports at once, on two workers', () => {
  let first: TestProgram;
  let second: TestProgram;

  beforeAll(async () => {
    first = await TestProgram.start();
    second = await TestProgram.start({ beside: first });
  });

  afterAll(async () => {
    await second.stop();
    await first.stop();
  });

  it('are all recorded, exactly, and leave the ledger that they leave one after the other', { timeout: 240_000 }, async () => {
    const files = deliveries();
    const ids = await Promise.all(files.map((file, index) => receive(index % 2 === 0 ? first : second, file)));
    const rows = await Promise.all(ids.map((id) => ended(first, id)));
    expect(rows.map(({ state, lineCount }) => `${state} ${lineCount}`)).toEqual(files.map(() => `recorded ${OWN_ROWS + SHARED_ROWS}`));
    rows.forEach(({ report }, index) => {
      const amounts = (report?.totals.periods ?? []).map(({ amount }) => Decimal.parse(amount));
      expect(Decimal.sum(amounts).toString()).toBe(totalOf(files[index]?.rows ?? []));
    });
    expect(await first.get(FailedJobQueries).list()).toEqual([]);

    const alone = await TestProgram.start();
    try {
      for (const file of files) await ended(alone, await receive(alone, file));
      expect(await ledgerOf(first)).toEqual(await ledgerOf(alone));
    } finally {
      await alone.stop();
    }
  });

  it('end as one after the other, although both are the whole of a source and period', { timeout: 120_000 }, async () => {
    for (const source of ['tape', 'disk', 'cloud']) {
      const files = [3, 5].map((count) => ({
        source,
        rows: Array.from({ length: count * 100 }, (_, index) => ({ billed: String(count), resource: `${source}-${count}-${index}` })),
      }));
      const ids = await Promise.all(files.map((file, index) => receive(index === 0 ? first : second, file, 'replace')));
      const rows = await Promise.all(ids.map((id) => ended(second, id)));
      expect(rows.map(({ state }) => state)).toEqual(['recorded', 'recorded']);
      const heads = await Promise.all(ids.map((id) => first.services.store.head(`import-${id}`)));
      const [last] = [0, 1].sort((a, b) => (heads[b]?.position ?? 0) - (heads[a]?.position ?? 0));
      const outcomes = rows.map(({ report }) => report?.outcomes.map(({ outcome, lineCount }) => `${outcome} ${lineCount}`));
      expect(outcomes[last ?? 0]).toEqual([
        `new ${files[last ?? 0]?.rows.length ?? 0}`,
        `withdrawn ${files[1 - (last ?? 0)]?.rows.length ?? 0}`,
      ]);
      const held = await first.services.database.query<{ lines: number; billed: string }>(
        `select sum(line_count)::int as lines, trim_scale(sum(billed))::text as billed from ledger_balances
         where source = $1 and standing not in ('withdrawn', 'superseded')`,
        [source],
      );
      expect(held).toEqual([{ lines: files[last ?? 0]?.rows.length, billed: totalOf(files[last ?? 0]?.rows ?? []) }]);
    }
  });
});
