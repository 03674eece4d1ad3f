import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ReviewChargesHandler } from '#charges';
import { type ImportReport, type PreviewOutcome, PreviewImportHandler } from '#imports';
import { billingPeriod, Decimal } from '#kernel';
import { ChangePeriodHandler } from '#periods';
import type { DeliveryMode } from '#sources';
import { by, TestProgram } from '#testing/program';
import { eventually } from '../support/eventually.js';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

const ADMIN = by('admin@example.edu');
const CONFIG = 'dev_mode: true\nreview:\n  flag_patterns: [gpu]\n';
const ADA = tags();
const BEN = tags({ pi_email: 'ben@example.edu' });
const CAI = tags({ pi_email: 'cai@example.edu' });
const NOBODY = tags({ pi_email: '' });
const UNREADABLE = { billed: 'n/a', tags: BEN };

interface Settings {
  readonly mode?: DeliveryMode;
  readonly allowPartial?: boolean;
  readonly source?: string;
}

describe('the report of an import', () => {
  let program: TestProgram;
  let office: Office;

  beforeEach(async () => {
    program = await TestProgram.start({ config: CONFIG });
    office = new Office(program);
    return () => program.stop();
  });

  async function dryRun(content: string, { mode, allowPartial, source }: Settings = {}): Promise<PreviewOutcome> {
    await program.settle();
    const file = await program.services.storage.put(Readable.from([Buffer.from(content)]));
    const previews = program.get(PreviewImportHandler);
    const request = { ...file, source: source ?? 'hpc', fileName: 'test.csv', expectedPeriod: null };
    const { previewId } = await previews.start({ ...request, deliveryMode: mode ?? null, allowPartial: allowPartial ?? false });
    return eventually(async () => (await previews.state(previewId)).outcome ?? undefined);
  }

  /** Imports a file for good; the dry run before it must have said the same, word for word. */
  async function imported(content: string, settings: Settings = {}): Promise<ImportReport> {
    const told = await dryRun(content, settings);
    const { state, refusal, report } = await office.import(content, settings);
    expect(told).toEqual({ accepted: state === 'recorded', refusal, report, restatement: null });
    if (report === null) throw new Error('the import has no report');
    return report;
  }

  /** What the ledger says of every PI in these months: billed or waiting for review. */
  async function ledgerOf(periods: readonly string[] = ['2025-03']): Promise<Map<string, string>> {
    await program.settle();
    const rows = await program.services.database.query<{ pi: string; amount: string }>(
      `select pi_email || ' ' || currency as pi, trim_scale(sum(billed))::text as amount from ledger_balances
       where period = any($1) and standing in ('clear', 'flagged', 'approved') group by 1`,
      [periods],
    );
    return new Map(rows.map(({ pi, amount }) => [pi, amount]));
  }

  /** Lines held of the source that the import neither matched nor withdrew, looked at one by one. */
  async function keptLines(importId: number, source = 'hpc'): Promise<{ lineCount: number; amount: string }> {
    const [row] = await program.services.database.query<{ lineCount: number; amount: string }>(
      `select count(*)::int as "lineCount", coalesce(trim_scale(sum(amount)), 0)::text as amount from charges c
       where source = $2 and standing not in ('superseded', 'withdrawn') and import_id <> $1
         and not exists (select 1 from charge_line_matches m where m.import_id = $1 and m.old_import_id = c.import_id and m.old_line_no = c.line_no)`,
      [importId, source],
    );
    return row ?? { lineCount: 0, amount: '0' };
  }

  it('says for every mode the same as the dry run, with revised, withdrawn, kept and refused rows', async () => {
    const first = focusCsv([
      { billed: '10', list: '12', tags: ADA },
      { billed: '5.25', resource: 'node-2', tags: BEN },
      { billed: '3', resource: 'node-3', service: 'GPU nodes', tags: ADA },
      { billed: '0.125', resource: 'node-4', tags: NOBODY },
      { billed: '7', resource: 'node-5', currency: 'EUR', tags: CAI },
      { billed: '4', period: '2025-04', tags: ADA },
    ]);
    const second = focusCsv([
      { billed: '11.5', tags: ADA },
      { billed: '5.25', resource: 'node-2', tags: BEN },
      { billed: '-2', resource: 'node-6', tags: CAI },
      UNREADABLE,
      { billed: '6', resource: 'node-5', currency: 'EUR', tags: CAI },
    ]);
    await imported(first, { mode: 'append' });
    for (const mode of ['merge', 'replace', 'append'] as const) {
      const report = await imported(`${second}${'\n'.repeat(mode.length)}`, { mode, allowPartial: true });
      expect(report).toMatchObject({ deliveryMode: mode, readToEnd: true, totals: { lineCount: 4, refusedRowCount: 1 } });
      const told = await ledgerOf();
      for (const { piEmail, currency, after } of report.piChanges?.top ?? []) expect(told.get(`${piEmail} ${currency}`) ?? '0').toBe(after);
      await imported(`${first}${'\n'.repeat(mode.length)}`, { mode });
    }
  });

  it('tells new, revised, withdrawn and kept lines with their money, and whose money changes', async () => {
    await office.import(
      focusCsv([
        { billed: '10', tags: ADA },
        { billed: '5', resource: 'node-2', tags: BEN },
        { billed: '1', resource: 'node-3', tags: NOBODY },
        { billed: '2', resource: 'node-4', tags: CAI },
      ]),
    );
    await office.import(focusCsv([{ billed: '100', tags: ADA }]), { source: 'aws' });
    const next = focusCsv([
      { billed: '12.5', tags: ADA },
      { billed: '5', resource: 'node-2', tags: BEN },
      { billed: '4', resource: 'node-9', tags: NOBODY },
    ]);
    const merged = await dryRun(next);
    expect(merged.report?.outcomes).toEqual([
      { outcome: 'new', currency: 'USD', lineCount: 1, amount: '4', previousAmount: null },
      { outcome: 'unchanged', currency: 'USD', lineCount: 1, amount: '5', previousAmount: null },
      { outcome: 'revised', currency: 'USD', lineCount: 1, amount: '12.5', previousAmount: '10' },
      { outcome: 'kept', currency: 'USD', lineCount: 2, amount: '3', previousAmount: null },
    ]);
    expect(merged.report?.piChanges, 'what other sources brought counts, too').toEqual({
      piCount: 2,
      top: [
        { piEmail: '', currency: 'USD', before: '1', after: '5' },
        { piEmail: 'ada@example.edu', currency: 'USD', before: '110', after: '112.5' },
      ],
    });
    const replaced = await imported(next, { mode: 'replace' });
    expect(replaced.outcomes.at(-1)).toEqual({ outcome: 'withdrawn', currency: 'USD', lineCount: 2, amount: '3', previousAmount: null });
    expect(replaced.piChanges?.top).toEqual([
      { piEmail: '', currency: 'USD', before: '1', after: '4' },
      { piEmail: 'ada@example.edu', currency: 'USD', before: '110', after: '112.5' },
      { piEmail: 'cai@example.edu', currency: 'USD', before: '2', after: '0' },
    ]);
    expect(await ledgerOf()).toEqual(
      new Map([
        [' USD', '4'],
        ['ada@example.edu USD', '112.5'],
        ['ben@example.edu USD', '5'],
      ]),
    );
  });

  it('counts a charge under the PI it was given to, and a rejected one under nobody', async () => {
    await office.import(
      focusCsv([
        { billed: '10', service: 'GPU nodes', tags: ADA },
        { billed: '20', resource: 'node-2', tags: ADA },
        { billed: '30', resource: 'node-3', service: 'GPU nodes', tags: BEN },
        { billed: '40', resource: 'node-4', tags: ADA },
      ]),
    );
    const charges = await office.charges();
    const idOf = (amount: string): string => charges.find((charge) => charge.amount === amount)?.id ?? '';
    const change = { piEmail: 'cai@example.edu' };
    await program.get(ReviewChargesHandler).reattribute(change, { ids: [idOf('10'), idOf('20'), idOf('40')] }, null, ADMIN);
    await office.decide('reject', [idOf('30')]);
    const next = focusCsv([
      { billed: '9', service: 'GPU nodes', tags: ADA },
      { billed: '21', resource: 'node-2', tags: ADA },
      { billed: '29', resource: 'node-3', service: 'GPU nodes', tags: BEN },
    ]);
    const { piChanges } = await imported(next, { mode: 'replace' });
    expect(piChanges, 'costs less: stays with the PI it was given to; costs more: as the file says').toEqual({
      piCount: 2,
      top: [
        { piEmail: 'cai@example.edu', currency: 'USD', before: '70', after: '9' },
        { piEmail: 'ada@example.edu', currency: 'USD', before: '0', after: '21' },
      ],
    });
    const ledger = await ledgerOf();
    expect([ledger.get('cai@example.edu USD'), ledger.get('ada@example.edu USD'), ledger.get('ben@example.edu USD') ?? '0']).toEqual([
      '9',
      '21',
      '0',
    ]);
  });

  it('says that nothing changed, when nothing did', async () => {
    const rows = [{ billed: '10' }, { billed: '5', resource: 'node-2', tags: BEN }];
    await office.import(focusCsv(rows));
    const again = await imported(focusCsv([...rows].reverse()));
    expect(again.outcomes.map(({ outcome }) => outcome)).toEqual(['unchanged']);
    expect(again.piChanges).toEqual({ piCount: 0, top: [] });
  });

  it('names the twenty PIs whose money changes most, and counts all of them', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => ({
      billed: index % 2 === 0 ? `${index}.5` : `-${index}.5`,
      resource: `node-${index}`,
      tags: tags({ pi_email: `pi-${index}@example.edu` }),
    }));
    const { piChanges } = await imported(focusCsv(rows));
    expect(piChanges?.piCount).toBe(25);
    expect(piChanges?.top).toHaveLength(20);
    expect(piChanges?.top[0]).toEqual({ piEmail: 'pi-24@example.edu', currency: 'USD', before: '0', after: '24.5' });
    expect(piChanges?.top[1]).toEqual({ piEmail: 'pi-23@example.edu', currency: 'USD', before: '0', after: '-23.5' });
  });

  it('subtracts what stays exactly, whatever was held, revised and withdrawn before', async () => {
    await office.import(focusCsv([{ billed: '1.1' }, { billed: '2.2', resource: 'b' }, { billed: '2.2', resource: 'b' }]));
    await office.import(focusCsv([{ billed: '1.3' }, { billed: '0.0000000001', resource: 'c' }]));
    await office.import(focusCsv([{ billed: '9', resource: 'd', service: 'GPU nodes' }]));
    const [gpu] = (await office.charges()).filter(({ amount }) => amount === '9');
    await office.decide('reject', [gpu?.id ?? '']);
    const again = await office.import(focusCsv([{ billed: '2.2', resource: 'b' }, { billed: '1.4' }]));
    const kept = again.report?.outcomes.find(({ outcome }) => outcome === 'kept');
    expect(kept).toEqual({ outcome: 'kept', currency: 'USD', ...(await keptLines(again.importId)), previousAmount: null });
    expect(kept?.amount).toBe(Decimal.sum([Decimal.parse('2.2'), Decimal.parse('0.0000000001'), Decimal.parse('9')]).toString());
  });

  it('holds for any files in any order and mode, with decisions in between: the dry run, the lines and the ledger agree', async () => {
    const row = fc.record({
      period: fc.constantFrom('2025-03', '2025-03', '2025-03', '2025-04'),
      billed: fc.constantFrom('1', '1', '2.5', '2.5', '-3.75', '-3.75', '0', '0.00000000000001', '1e3'),
      resource: fc.constantFrom('a', 'b'),
      service: fc.constantFrom('Compute', 'GPU nodes'),
      currency: fc.constantFrom('USD', 'USD', 'USD', 'USD', 'USD', 'EUR'),
      tags: fc.constantFrom(ADA, BEN, NOBODY),
    });
    const file = fc.record({
      rows: fc.array(row, { minLength: 10, maxLength: 30, size: 'max' }),
      mode: fc.constantFrom<DeliveryMode>('merge', 'merge', 'replace', 'replace', 'append'),
      broken: fc.constantFrom(0, 0, 0, 2),
      allowPartial: fc.constantFrom(true, true, false),
      seed: fc.nat(),
    });
    for (const { rows, broken, mode, allowPartial, seed } of fc.sample(file, { seed: 20250301, numRuns: 12 })) {
      const periods = [...new Set(rows.map(({ period }) => period))];
      const before = await ledgerOf(periods);
      // The blank lines make the bytes differ from those of any other file.
      const report = await imported(
        `${focusCsv([...rows, ...Array<FocusRow>(broken).fill(UNREADABLE)])}${'\n'.repeat(1 + (seed % 1000))}`,
        { mode, allowPartial },
      );
      const after = await ledgerOf(periods);
      if (report.piChanges === null) continue;
      const changes = [...new Set([...before.keys(), ...after.keys()])]
        .map((pi) => ({ pi, before: before.get(pi) ?? '0', after: after.get(pi) ?? '0' }))
        .filter((change) => change.before !== change.after)
        .sort((x, y) => (x.pi < y.pi ? -1 : 1));
      const told = report.piChanges.top.map((top) => ({ pi: `${top.piEmail} ${top.currency}`, before: top.before, after: top.after }));
      expect(told.sort((x, y) => (x.pi < y.pi ? -1 : 1))).toEqual(changes);
      const counted = report.outcomes.filter(({ outcome }) => ['new', 'unchanged', 'revised'].includes(outcome));
      expect(counted.reduce((sum, { lineCount }) => sum + lineCount, 0)).toBe(report.totals.lineCount);
      await decideOnSome(seed);
    }
  });

  /** Rejects some of the charges that wait, and gives others to somebody else. */
  async function decideOnSome(seed: number): Promise<void> {
    const flagged = (await office.charges()).filter(({ standing }) => standing === 'flagged').map(({ id }) => id);
    const rejected = flagged.filter((_, index) => (index + seed) % 4 === 0);
    const given = flagged.filter((_, index) => (index + seed) % 4 === 1);
    if (rejected.length > 0) await office.decide('reject', rejected);
    if (given.length > 0) {
      await program.get(ReviewChargesHandler).reattribute({ piEmail: 'dee@example.edu' }, { ids: given }, null, ADMIN);
    }
  }

  it('tells of a refused file what was found in it', async () => {
    const rows = focusCsv([{ billed: '10' }, UNREADABLE, { billed: '5', tags: NOBODY }]);
    const refused = await imported(rows);
    expect(refused).toMatchObject({
      readToEnd: true,
      totals: { lineCount: 2, flaggedLineCount: 1, refusedRowCount: 1 },
      outcomes: [],
      piChanges: null,
      quality: { unattributed: expect.arrayContaining([{ field: 'piEmail', lineCount: 1 }]) as unknown },
    });
    expect(await refusedRowsOf(refused)).toMatch(/^refused_line,.*\r\n3,BilledCost,n\/a,"is not a decimal number/);
  });

  it('tells what was found until a broken file could not be read any further', async () => {
    const broken = `${focusCsv([{ billed: '10' }, UNREADABLE])}2025-03-01,2025-03-01,7,,USD,"Compute,node-1,{}\n`;
    const report = await imported(broken);
    expect(report).toMatchObject({ readToEnd: false, totals: { lineCount: 1, refusedRowCount: 1 }, refusedRows: [{ lineNumber: 3 }] });
    expect(await refusedRowsOf(report)).toContain('\r\n3,BilledCost,n/a,');
    expect(await office.held()).toBe('0');
  });

  it('tells of a file with lines in a closed period what was found in it', async () => {
    await office.import(focusCsv([{ billed: '1' }]));
    await program.get(ChangePeriodHandler).close(billingPeriod('2025-03'), null, ADMIN);
    const report = await imported(focusCsv([{ billed: '2' }, { billed: '3', period: '2025-05' }]));
    expect(report.totals.periods.map(({ period, amount }) => `${period} ${amount}`)).toEqual(['2025-03 2', '2025-05 3']);
  });

  async function refusedRowsOf({ refusedRowsSha256 }: ImportReport): Promise<string> {
    return text(await program.services.storage.open(refusedRowsSha256 ?? ''));
  }
});
