import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PreviewImportHandler, WithdrawImportHandler } from '#imports';
import { billingPeriod, Decimal } from '#kernel';
import { ChangePeriodHandler } from '#periods';
import { by, TestProgram } from '#testing/program';
import { Readable } from 'node:stream';
import { eventually } from '../support/eventually.js';
import { focusCsv, tags } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

const ADMIN = by('admin@example.edu');
const GPU = { service: 'GPU nodes' };
const CONFIG = 'dev_mode: true\nreview:\n  flag_patterns: [gpu]\n';

describe('importing again', () => {
  let program: TestProgram;
  let office: Office;

  beforeEach(async () => {
    program = await TestProgram.start({ config: CONFIG });
    office = new Office(program);
    return () => program.stop();
  });

  it('leaves lines alone that have not changed, in whatever order they come', async () => {
    const rows = ['1.10', '2.20', '3.30'].map((billed, index) => ({ billed, resource: `node-${index}` }));
    await office.import(focusCsv(rows));
    const again = await office.import(focusCsv([...rows].reverse()));
    expect(again.report?.outcomes).toEqual([{ outcome: 'unchanged', currency: 'USD', lineCount: 3, amount: '6.6', previousAmount: null }]);
    expect(await office.standings()).toEqual(['clear 1.1', 'clear 2.2', 'clear 3.3']);
  });

  it('never merges identical lines: two are two, and two again are the same two', async () => {
    const twins = [{ billed: '1.50' }, { billed: '1.50' }];
    await office.import(focusCsv(twins));
    expect(await office.billed()).toBe('3.00');
    await office.import(`${focusCsv(twins)}\n`);
    expect(await office.billed()).toBe('3.00');
    await office.import(focusCsv([...twins, { billed: '1.50' }]));
    expect(await office.billed()).toBe('4.50');
  });

  it('replaces a line whose amount changed, and says by how much', async () => {
    await office.import(focusCsv([{ billed: '10' }, { billed: '5', resource: 'node-2' }]));
    const again = await office.import(focusCsv([{ billed: '12.5' }, { billed: '5', resource: 'node-2' }]));
    expect(again.report?.outcomes).toEqual([
      { outcome: 'unchanged', currency: 'USD', lineCount: 1, amount: '5', previousAmount: null },
      { outcome: 'revised', currency: 'USD', lineCount: 1, amount: '12.5', previousAmount: '10' },
    ]);
    expect(await office.standings()).toEqual(['clear 12.5', 'clear 5', 'superseded 10']);
    expect(await office.billed()).toBe('17.50');
  });

  it('knows a line by its declared id, whatever else of it changed, and takes over what the source put right', async () => {
    const ids = await TestProgram.start({
      config: `${CONFIG}imports: {known_sources: [{name: hpc, line_id_column: ResourceId}]}\n`,
    });
    try {
      const held = new Office(ids);
      await held.import(
        focusCsv([
          { billed: '10', resource: 'line-1' },
          { billed: '5', resource: 'line-2' },
        ]),
      );
      const again = await held.import(
        focusCsv([
          { billed: '5', resource: 'line-2' },
          { billed: '10', resource: 'line-1', tags: tags({ pi_email: 'grace@example.edu' }) },
        ]),
      );
      expect(again.report?.outcomes.map(({ outcome, lineCount }) => [outcome, lineCount])).toEqual([
        ['unchanged', 1],
        ['revised', 1],
      ]);
      expect((await held.charges()).map(({ standing, piEmail }) => `${standing} ${piEmail}`).sort()).toEqual([
        'clear ada@example.edu',
        'clear grace@example.edu',
        'superseded ada@example.edu',
      ]);
    } finally {
      await ids.stop();
    }
  });

  it('keeps what only the earlier file had in merge mode, and withdraws it in replace mode', async () => {
    await office.import(focusCsv([{ billed: '10' }, { billed: '5', resource: 'node-2' }]));
    const merged = await office.import(focusCsv([{ billed: '7', resource: 'node-3' }]));
    expect(merged.report?.outcomes.map(({ outcome, amount }) => [outcome, amount])).toEqual([
      ['new', '7'],
      ['kept', '15'],
    ]);
    expect(await office.billed()).toBe('22.00');
    const replaced = await office.import(focusCsv([{ billed: '10' }]), { mode: 'replace' });
    expect(replaced.report?.outcomes.map(({ outcome, amount }) => [outcome, amount])).toEqual([
      ['unchanged', '10'],
      ['withdrawn', '12'],
    ]);
    expect(await office.billed()).toBe('10.00');
  });

  it('takes every line for new in append mode', async () => {
    await office.import(focusCsv([{ billed: '10' }]));
    await office.import(`${focusCsv([{ billed: '10' }])}\n`, { mode: 'append' });
    expect(await office.billed()).toBe('20.00');
  });

  it('knows the same bytes of the same source, but not of another one', async () => {
    const first = await office.import(focusCsv([{ billed: '10' }]));
    const second = await office.import(focusCsv([{ billed: '10' }]), { mode: 'append' });
    expect(second.importId).toBe(first.importId);
    const other = await office.import(focusCsv([{ billed: '10' }]), { source: 'HPC  ' });
    expect(other.importId, 'a source is known whatever its case and blanks').toBe(first.importId);
    await office.import(focusCsv([{ billed: '10' }]), { source: 'storage' });
    expect(await office.billed()).toBe('20.00');
  });

  describe.each([
    { decided: 'approve', standing: 'approved' },
    { decided: 'reject', standing: 'rejected' },
  ] as const)('a charge that a reviewer chose to $decided', ({ decided, standing }) => {
    it.each([
      { now: 'is unchanged', row: { billed: '10', ...GPU }, expected: [`${standing} 10`] },
      { now: 'costs less', row: { billed: '9', ...GPU }, expected: [`${standing} 9`, 'superseded 10'] },
      { now: 'costs more', row: { billed: '11', ...GPU }, expected: ['flagged 11', 'superseded 10'] },
    ])('stands as $expected when it $now', async ({ row, expected }) => {
      await office.import(focusCsv([{ billed: '10', ...GPU }]));
      const [charge] = await office.charges();
      await office.decide(decided, [charge?.id ?? '']);
      await office.import(`${focusCsv([row])}\n`);
      expect(await office.standings()).toEqual(expected);
    });
  });

  it('refuses a file with lines in a closed period, says which, and stores nothing', async () => {
    await office.import(focusCsv([{ billed: '10' }]));
    await program.get(ChangePeriodHandler).close(billingPeriod('2025-03'), null, ADMIN);
    const refused = await office.import(focusCsv([{ billed: '1', period: '2025-04' }, { billed: '2' }, { billed: '3' }]));
    expect(refused).toMatchObject({
      state: 'refused',
      refusal: { code: 'import.period-shut', problems: [{ where: '2025-03', what: 'is closed; 2 lines lie in it (line 3 to 4)' }] },
    });
    expect(await office.held('2025-04')).toBe('0');
    const [lines] = await program.services.database.query<{ count: number }>('select count(*)::int as count from charge_lines');
    expect(lines?.count).toBe(1);
  });

  it('refuses a file with a broken row as a whole, or records the rest where that was asked for', async () => {
    const broken = focusCsv([{ billed: '10' }, { billed: 'n/a' }, { billed: '5' }]);
    const refused = await office.import(broken);
    expect(refused).toMatchObject({
      state: 'refused',
      refusal: { code: 'import.row-errors', problems: [{ where: 'line 3, BilledCost' }] },
    });
    expect(await office.held()).toBe('0');
    const partial = await office.import(broken, { allowPartial: true });
    expect(partial).toMatchObject({ state: 'recorded', lineCount: 2, report: { totals: { refusedRowCount: 1 } } });
    expect(await office.billed()).toBe('15.00');
  });

  it('takes an import back while its period is open, and brings nothing back that it replaced', async () => {
    const first = await office.import(focusCsv([{ billed: '10' }]));
    await program.get(WithdrawImportHandler).execute(first.importId, 'Wrong file.', ADMIN);
    expect(await office.standings()).toEqual(['withdrawn 10']);
    expect(await office.billed()).toBe('0.00');
    const again = await office.import(focusCsv([{ billed: '10' }]));
    expect(again.importId).not.toBe(first.importId);
    expect(await office.billed()).toBe('10.00');
  });

  it('tells in a dry run exactly what the import tells then, and leaves nothing behind', async () => {
    await office.import(focusCsv([{ billed: '10' }, { billed: '4', resource: 'node-9', tags: tags({ project_id: '' }) }]));
    const next = focusCsv([{ billed: '11' }, { billed: '2', ...GPU }]);
    const before = await program.services.store.lastPosition();
    const file = await program.services.storage.put(Readable.from([Buffer.from(next)]));
    const previews = program.get(PreviewImportHandler);
    const { previewId } = await previews.start({
      ...file,
      source: 'hpc',
      fileName: 'next.csv',
      expectedPeriod: null,
      deliveryMode: null,
      allowPartial: false,
    });
    const { outcome } = await eventually(async () => {
      const state = await previews.state(previewId);
      return state.state === 'completed' ? state : undefined;
    });
    expect(await program.services.store.lastPosition()).toBe(before);
    const [left] = await program.services.database.query<{ count: number }>('select count(*)::int as count from charge_lines');
    expect(left?.count).toBe(2);
    const real = await office.import(next);
    expect(outcome).toEqual({ accepted: true, refusal: null, report: real.report, restatement: null });
  });
});

describe('any files', () => {
  let program: TestProgram;

  beforeAll(async () => {
    program = await TestProgram.start({ config: CONFIG });
  });

  afterAll(async () => {
    await program.stop();
  });

  it('are held exactly, split and shuffled as they may be, and change nothing the second time', async () => {
    const amounts = fc
      .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 14 }))
      .map(([units, scale]) => Decimal.ofUnits(units, scale).toString());
    const rows = fc.array(
      fc.record({ billed: amounts, resource: fc.constantFrom('a', 'b', 'c'), service: fc.constantFrom('Compute', 'GPU', 'Disk') }),
      { minLength: 1, maxLength: 30 },
    );
    const office = new Office(program);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(), async (file, cut) => {
        round += 1;
        const source = `round ${round}`;
        const own = file.map((row) => ({ ...row, resource: `${row.resource}-${round}` }));
        const at = cut % own.length;
        const before = Decimal.parse(await office.held());
        const halves = [own.slice(0, at), own.slice(at)].filter((half) => half.length > 0);
        for (const half of halves) await office.import(focusCsv(half), { source, mode: 'append' });
        const sum = Decimal.sum(own.map((row) => Decimal.parse(row.billed)));
        expect(
          Decimal.parse(await office.held())
            .minus(before)
            .toString(),
        ).toBe(sum.toString());
        const again = await office.import(focusCsv([...own].reverse()) + '\n'.repeat(2), { source });
        expect(again.report?.outcomes.map((total) => [total.outcome, total.lineCount])).toEqual([['unchanged', own.length]]);
        expect(
          Decimal.parse(await office.held())
            .minus(before)
            .toString(),
        ).toBe(sum.toString());
      }),
      { numRuns: 15 },
    );
  });
});
