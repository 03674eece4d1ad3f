import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ChargeQueries, ReviewChargesHandler } from '#charges';
import { DeliveryQueries } from '#deliveries';
import { guessFromFileName, ImportQueries, type ImportRow, ReceiveImportHandler } from '#imports';
import { ExportJournalHandler, type JournalFormat, JournalQueries } from '#journals';
import { billingPeriod, currency, Decimal } from '#kernel';
import { LedgerQueries } from '#ledger';
import { ChangePeriodHandler, PeriodRepository } from '#periods';
import { SourceQueries } from '#sources';
import { StatementQueries, StatementRunHandler } from '#statements';
import { by, TestProgram } from '#testing/program';
import { openPdf, textOfPages } from '../../libs/statements/testing/pdf-text.js';
import { plainAmount, readStatement, type TableText } from '../../libs/statements/testing/read-statement.js';
import { eventually } from '../support/eventually.js';

interface Decision {
  decision: 'approve' | 'reject';
  reason: string;
  source?: string;
  pi?: string;
  project?: string;
  note: string;
}

interface ExpectedTotals {
  lines: number;
  flagged: number;
  list: string;
  billed: string;
  billedExact: string;
  rounding: string;
  statements: number;
  statementTotal: string;
  journalDebits: string;
  journalCredits: string;
  pis: number;
}

const SAMPLE = 'sample_data';
const USD = currency('USD');
const REVIEWER = by('reviewer@wrenvalley.example');

/** The whole month as an office works it, on the sample university, against the results of an independent oracle. */
describe.each(['2025-09', '2025-10'])('the sample month %s', (month) => {
  const period = billingPeriod(month);
  const folder = join(SAMPLE, 'expected', month);
  let program: TestProgram;
  let expected: ExpectedTotals;

  beforeAll(async () => {
    program = await TestProgram.start({ config: await readFile(join(SAMPLE, 'config.yaml'), 'utf8') });
    expected = JSON.parse(await readFile(join(folder, 'totals.json'), 'utf8')) as ExpectedTotals;
  });

  afterAll(async () => {
    await program.stop();
  });

  async function importFile(path: string): Promise<ImportRow> {
    const file = await program.services.storage.put(createReadStream(path));
    await program.settle();
    const sources = await program.get(SourceQueries).list();
    const { source } = guessFromFileName(basename(path), sources);
    const { importId } = await program
      .get(ReceiveImportHandler)
      .execute(
        { ...file, source: source ?? '', fileName: basename(path), expectedPeriod: period, deliveryMode: null, allowPartial: false },
        REVIEWER,
      );
    return eventually(async () => {
      await program.settle();
      const row = await program.get(ImportQueries).get(importId);
      return row.state === 'received' ? undefined : row;
    });
  }

  it('imports every file, and holds what the files hold', async () => {
    for (const name of (await readdir(join(SAMPLE, month))).sort()) {
      const row = await importFile(join(SAMPLE, month, name));
      expect(row).toMatchObject({ state: 'recorded', refusal: null });
    }
    await program.settle();
    const totals = await program.get(LedgerQueries).totals(period, USD);
    expect(totals.lineCount).toBe(expected.lines);
    expect(totals.flaggedCount).toBe(expected.flagged);
    const perFile = (await csv(join(folder, 'files.csv'))).filter((row) => row['currency'] === 'USD');
    const held = Decimal.sum(totals.byStanding.map((standing) => standing.billed));
    expect(held.toString()).toBe(Decimal.sum(perFile.map((row) => Decimal.parse(row['billed'] ?? ''))).toString());
  });

  it('knows a file that it has and changes nothing', async () => {
    const before = await program.services.store.lastPosition();
    const path = join(SAMPLE, month, `hpc_${month}.csv`);
    const again = await importFile(path);
    expect(again.state).toBe('recorded');
    expect(await program.services.store.lastPosition()).toBe(before);
  });

  it('flags what the oracle flags, with its money', async () => {
    const flags = await program.get(ChargeQueries).flagTotals(period);
    const lines = flags.map((flag) => `${flag.flag},${flag.lineCount},${flag.amount},${flag.currency}`).sort();
    const wanted = (await csv(join(folder, 'flags.csv'))).map(
      (row) => `${row['flag']},${row['lines']},${row['amount']},${row['currency']}`,
    );
    expect(lines).toEqual(wanted.sort());
  });

  it('takes the decisions of the review, and leaves none waiting', async () => {
    const review = parse(await readFile(join(SAMPLE, 'review.yaml'), 'utf8')) as Record<string, Decision[]>;
    for (const { decision, reason, source, pi, project, note } of review[month] ?? []) {
      const filter = {
        period,
        flag: reason,
        ...(source === undefined ? {} : { source }),
        ...(pi === undefined ? {} : { piEmail: pi }),
        ...(project === undefined ? {} : { projectId: project }),
      };
      await program.get(ReviewChargesHandler).dispose(decision, { filter }, note, REVIEWER);
    }
    await program.settle();
    expect(await program.get(ChargeQueries).countWaiting(period)).toBe(0);
    expect(await program.get(ChargeQueries).reviewLog(period, { limit: 1000, offset: 0 })).toHaveLength(expected.flagged);
  });

  it('has the ledger that the oracle has, to the last decimal', async () => {
    const postings = await program.get(LedgerQueries).postings(period, USD);
    const rows = postings.map((posting) =>
      [
        posting.piEmail,
        posting.projectId,
        posting.fundOrg,
        posting.source,
        posting.serviceName,
        posting.accountCode,
        posting.lineCount,
        posting.billedExact,
        posting.billed.toFixed(2),
      ].join('|'),
    );
    const wanted = (await csv(join(folder, 'ledger.csv'))).map((row) =>
      [
        row['pi_email'],
        row['project_id'],
        row['fund_org'],
        row['source'],
        row['service_name'],
        row['account_code'],
        row['line_count'],
        Decimal.parse(row['billed_exact'] ?? ''),
        row['billed_rounded'],
      ].join('|'),
    );
    expect(rows.sort()).toEqual(wanted.sort());
    const totals = await program.get(LedgerQueries).totals(period, USD);
    expect(totals.list.toFixed(2)).toBe(expected.list);
    expect(totals.billed.toFixed(2)).toBe(expected.billed);
    expect(totals.rounding.toString()).toBe(Decimal.parse(expected.rounding).toString());
    expect(totals.piCount).toBe(expected.pis);
  });

  it('refuses to finalize what is not ready, and says what is missing', async () => {
    await program.get(ChangePeriodHandler).close(period, null, REVIEWER);
    const finalizing = program.get(ChangePeriodHandler).finalize(period, null, null, REVIEWER);
    await expect(finalizing).rejects.toMatchObject({ code: 'period.not-ready', problems: [{ where: 'statements' }, { where: 'journal' }] });
  });

  it('makes and sends a statement per PI and project, whose totals are those of the ledger', async () => {
    const { runId } = await program.get(StatementRunHandler).request(period, true, REVIEWER);
    await eventually(async () => {
      await program.settle();
      const run = await program.get(StatementQueries).run(runId);
      const deliveries = await program.get(DeliveryQueries).list({ period }, { limit: 1000, offset: 0 });
      return run.state === 'completed' && deliveries.length === expected.pis && deliveries.every((row) => row.status !== 'queued')
        ? run
        : undefined;
    });
    const statements = await program.get(StatementQueries).current(period);
    const rows = statements.map((row) => [row.piEmail, row.projectId, row.list, row.discount, row.due].join('|'));
    const wanted = (await csv(join(folder, 'statements.csv'))).map((row) =>
      [row['pi_email'], row['project_id'], row['list'], row['discount'], row['due']].join('|'),
    );
    expect(rows.sort()).toEqual(wanted.sort());
    expect(Decimal.sum(statements.map((row) => Decimal.parse(row.due))).toFixed(2)).toBe(expected.statementTotal);
    const deliveries = await program.get(DeliveryQueries).list({ period }, { limit: 1000, offset: 0 });
    expect(deliveries.map((row) => row.status)).toEqual(Array.from({ length: expected.pis }, () => 'dev_mode'));
    const mails = (await readdir(program.services.config.output.emailDir)).filter((name) => name.endsWith('.eml'));
    expect(mails).toHaveLength(expected.pis);
  });

  it('prints what is expected on every statement', async () => {
    const texts: string[] = [];
    for (const statement of await program.get(StatementQueries).current(period)) {
      const pdf = await openPdf(await buffer(await program.services.storage.open(statement.sha256)));
      texts.push(`# ${statement.fileName}`, ...(await textOfPages(pdf)).map((page) => page.replaceAll(/\|[ |]*/g, '\n')), '');
    }
    await expect(texts.join('\n')).toMatchFileSnapshot(`../../${folder}/statement_texts.txt`);
  });

  it('prints what the ledger holds: totals, services and every charge, read back by another program', async () => {
    const exact = (text: string): string => Decimal.parse(plainAmount(text)).toString();
    const linesOf = (rows: readonly TableText[] = []): TableText[] =>
      rows.filter(([first = '']) => first !== 'Total' && !first.startsWith('Fund/org '));
    for (const { piEmail, projectId, sha256, fileName, ...row } of await program.get(StatementQueries).current(period)) {
      const { tables } = await readStatement(await buffer(await program.services.storage.open(sha256)));
      const services = tables.get('Charges by service') ?? tables.get('Charges by fund/org and service') ?? [];
      const printed = { list: exact(services.at(-1)?.at(-3) ?? ''), due: exact(services.at(-1)?.at(-1) ?? '') };
      expect(printed, fileName).toEqual({ list: exact(row.list), due: exact(row.due) });
      const postings = await program.get(LedgerQueries).postings(period, USD, { piEmail, projectId });
      const sums = new Map<string, Decimal>();
      for (const { fundOrg, serviceName, source, billed } of postings) {
        const key = JSON.stringify([fundOrg, serviceName, source]);
        sums.set(key, (sums.get(key) ?? Decimal.ZERO).plus(billed));
      }
      const amounts = linesOf(services).map((cells) => exact(cells.at(-1) ?? ''));
      expect(amounts.sort(), fileName).toEqual([...sums.values()].map(String).sort());
      const charged: string[] = [];
      for await (const charge of program.get(ChargeQueries).billable(period, USD, { piEmail, projectId })) {
        // Six decimals are printed; no more fit.
        charged.push(
          `${charge.chargeDate ?? '–'} ${Decimal.parse(charge.listCost).round(6).toString()} ${Decimal.parse(charge.amount).round(6).toString()}`,
        );
      }
      const lines = linesOf(tables.get('Charges')).map((cells) => `${cells[0]} ${exact(cells.at(-3) ?? '')} ${exact(cells.at(-1) ?? '')}`);
      expect(lines.sort(), fileName).toEqual(charged.sort());
    }
  });

  it('makes no revision and sends nothing when nothing changed', async () => {
    const { runId } = await program.get(StatementRunHandler).request(period, true, REVIEWER);
    const run = await eventually(async () => {
      await program.settle();
      const current = await program.get(StatementQueries).run(runId);
      return current.state === 'completed' ? current : undefined;
    });
    expect(run).toMatchObject({ planned: 0, issued: 0, unchanged: expected.statements });
    expect(await program.get(DeliveryQueries).list({ period }, { limit: 1000, offset: 0 })).toHaveLength(expected.pis);
  });

  it.each(['default', 'summary', 'gl'] as const)('writes the %s journal that the oracle writes, byte for byte', async (format) => {
    const written = await exportJournal(format);
    expect(written).toBe(await readFile(join(folder, `journal_${format}.csv`), 'utf8'));
  });

  it('writes a balanced template journal, and a detail row for every billed charge', async () => {
    await exportJournal('template');
    const [journal] = (await program.get(JournalQueries).list(period)).filter((row) => row.format === 'template');
    expect(journal).toMatchObject({ debits: expected.journalDebits, credits: expected.journalCredits });
    const detail = (await exportJournal('detail')).trimEnd().split('\r\n');
    const [listed] = (await program.get(JournalQueries).list(period)).filter((row) => row.format === 'detail');
    expect(
      Decimal.parse(listed?.debits ?? '')
        .minus(Decimal.parse(listed?.credits ?? ''))
        .toFixed(2),
    ).toBe(expected.billed);
    const charged = await program.get(ChargeQueries).find({ period, standings: ['clear', 'approved'] }, { limit: 1 });
    expect(detail).toHaveLength(charged.count + 1);
  });

  it('finalizes, and then refuses every change of the ledger, whatever path it takes', async () => {
    await program.get(ChangePeriodHandler).finalize(period, 'Sent to accounting.', null, REVIEWER);
    expect((await program.get(PeriodRepository).find(period))?.state).toBe('finalized');
    await expect(program.get(ReviewChargesHandler).dispose('restore', { filter: { period } }, null, REVIEWER)).rejects.toMatchObject({
      code: 'period.wrong-state',
    });
    await expect(
      program.services.database.query(
        `insert into charge_lines (import_id, line_no, period, service_name, currency, list_cost, amount, fingerprint, flags)
         values (999, 1, $1, 'x', 'USD', 1, 1, gen_random_uuid(), '{}')`,
        [period],
      ),
    ).rejects.toThrow(/finalized/);
    const { store, database } = program.services;
    for (const type of ['ChargesApproved', 'ChargesRejected', 'ChargesRestored', 'ChargesReattributed']) {
      const { version } = await store.head(`review-${period}`);
      const behindTheHandlers = database.transaction((tx) =>
        store.append(tx, `review-${period}`, version, [{ type, data: { period } }], REVIEWER),
      );
      await expect(behindTheHandlers, type).rejects.toThrow(/is refused: period .* is finalized/);
    }
  });

  it('gives the same read models when they are built again from the log', async () => {
    const tables = [
      'charges',
      'ledger_balances',
      'review_log',
      'imports',
      'sources',
      'statements',
      'statement_runs',
      'deliveries',
      'journals',
    ];
    const rowsOf = (table: string): Promise<unknown[]> =>
      program.services.database.query(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`);
    const before = await Promise.all(tables.map(rowsOf));
    for (const name of program.services.projections.names) await program.services.projections.rebuild(name);
    const after = await Promise.all(tables.map(rowsOf));
    tables.forEach((table, index) => {
      expect(after[index], table).toEqual(before[index]);
      expect(before[index]?.length, table).toBeGreaterThan(0);
    });
  });

  async function exportJournal(format: JournalFormat): Promise<string> {
    const { journal } = await program
      .get(ExportJournalHandler)
      .execute(period, format, { includeFlagged: false, allowUnbalanced: false }, REVIEWER);
    await program.settle();
    return text(await program.services.storage.open(journal.sha256));
  }
});

/** Reads a CSV without quoted line breaks, which the oracle's files never have. */
async function csv(path: string): Promise<Record<string, string>[]> {
  const [header = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
    );
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}
