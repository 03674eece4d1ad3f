import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingPeriod, Decimal } from '#kernel';
import { by, TestProgram } from '#testing/program';
import { eventually } from '../../../test/support/eventually.js';
import { focusCsv } from '../../../test/support/focus-csv.js';
import { Office } from '../../../test/support/office.js';
import { StatementQueries } from '../infra/statement.queries.js';
import { plainAmount, readStatement, type StatementText } from '../testing/read-statement.js';
import { pdfUaProblems } from '../testing/pdf-ua.js';
import { StatementRunHandler } from './statement-run.handler.js';

const PERIOD = billingPeriod('2025-03');
/** More than are kept in memory, and more than go to the drawing thread at once. */
const LINES = 2_400;
const TAGS = { pi_email: 'ada@example.edu', project_id: 'engine', fund_org: 'PHYS-100', grant_number: 'NSF-7' };
/** The first lies after the end of the project. */
const ROWS = Array.from({ length: LINES }, (_, index) => ({
  billed: `1.${String(index).padStart(4, '0')}`,
  resource: `node-${index % 3}`,
  tags: index === 0 ? { ...TAGS, end_date: '2025-03-04' } : TAGS,
}));

async function statementOf(program: TestProgram): Promise<StatementText & { pdf: Buffer }> {
  const { runId } = await program.get(StatementRunHandler).request(PERIOD, false, by('reviewer@example.edu'));
  await eventually(async () => {
    await program.settle();
    return (await program.get(StatementQueries).run(runId)).state === 'completed' || undefined;
  });
  const [statement] = await program.get(StatementQueries).current(PERIOD);
  const pdf = await buffer(await program.services.storage.open(statement?.sha256 ?? ''));
  return { ...(await readStatement(pdf)), pdf };
}

describe.each([
  ['every charge', '', LINES],
  ['one row for each resource beyond the limit', 'statement: {detail_limit: 2399}\n', 3],
])('a statement of thousands of charges, with %s', (_, config, rowCount) => {
  let program: TestProgram;
  let statement: StatementText & { pdf: Buffer };

  beforeAll(async () => {
    program = await TestProgram.start({ config: `${config}tag_mapping: {reference_1: grant_number}\n` });
    const office = new Office(program);
    await office.import(focusCsv([{ billed: '7.50', period: '2025-02', tags: TAGS }]));
    await office.import(focusCsv(ROWS));
    const late = (await office.charges()).filter(({ standing }) => standing === 'flagged');
    await office.decide(
      'approve',
      late.map(({ id }) => id),
    );
    await program.settle();
    statement = await statementOf(program);
  });

  afterAll(() => program.stop());

  it('holds them all, to the last decimal', () => {
    const rows = (statement.tables.get('Charges') ?? []).slice(0, -1);
    expect(rows).toHaveLength(rowCount);
    const printed = Decimal.sum(rows.map((cells) => Decimal.parse(plainAmount(cells.at(-1) ?? ''))));
    expect(printed.toString()).toBe(Decimal.sum(ROWS.map(({ billed }) => Decimal.parse(billed))).toString());
    expect(pdfUaProblems(statement.pdf)).toEqual([]);
  });

  it('warns of an end that is past, and of charges after it', () => {
    expect(statement.paragraphs).toContain('This project ended on 2025-03-04.');
    expect(statement.paragraphs).toContain('One charge ($1.00) lies after the end of the project. Please check whether it belongs to it.');
    expect(statement.paragraphs).toContain('Grant number NSF-7');
    expect(statement.paragraphs).toContain('Last 2 periods');
  });
});
