import { ChargeQueries } from '#charges';
import { DeliveryQueries } from '#deliveries';
import { billingPeriod, Decimal, DomainError, foldIdentifier, writeAmount } from '#kernel';
import { LedgerQueries } from '#ledger';
import { StatementQueries } from '#statements';
import { grouped, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';

const RIGHT = { align: 'right' } as const;

/** What a PI is charged: per project the postings that are billed, what waits for review, and the statement. */
export async function show(session: Session, pi: string, options: { period: string }): Promise<CommandResult> {
  const program = await session.program();
  const { currency } = program.config;
  const period = billingPeriod(options.period);
  const piEmail = foldIdentifier(pi);
  const charged = await program.get(ChargeQueries).projectTotals(period, piEmail);
  if (charged.length === 0) throw new DomainError('pi.unknown', 'not-found', `${pi} has no charges in ${period}.`);
  const postings = await program.get(LedgerQueries).postings(period, currency, { piEmail });
  const statements = await program.get(StatementQueries).current(period, { piEmail });
  const [delivery] = await program.get(DeliveryQueries).list({ period, piEmail }, { limit: 1, offset: 0 });
  const projects = charged.map(({ projectId, lineCount, flaggedCount }) => {
    const own = postings.filter((posting) => posting.projectId === projectId);
    const list = Decimal.sum(own.map((posting) => posting.list));
    const billed = Decimal.sum(own.map((posting) => posting.billed));
    const statement = statements.find((row) => row.projectId === projectId);
    return {
      projectId,
      lines: lineCount,
      flagged: flaggedCount,
      fundOrgs: [...new Set(own.map((posting) => posting.fundOrg))],
      list: writeAmount(list, currency),
      discount: writeAmount(list.minus(billed), currency),
      billed: writeAmount(billed, currency),
      statement: statement === undefined ? null : { revision: statement.revision, due: statement.due, fileName: statement.fileName },
    };
  });
  const billed = writeAmount(Decimal.sum(projects.map((project) => Decimal.parse(project.billed))), currency);
  const rows = projects.map((project) => [
    project.projectId || '–',
    project.fundOrgs.join(', ') || '–',
    String(project.lines),
    String(project.flagged),
    grouped(project.list),
    grouped(project.discount),
    grouped(project.billed),
    project.statement === null ? 'none' : `r${project.statement.revision}, ${grouped(project.statement.due)} due`,
  ]);
  const columns = [
    { title: 'PROJECT' },
    { title: 'FUND/ORG' },
    { title: 'LINES', ...RIGHT },
    { title: 'FLAGGED', ...RIGHT },
    { title: `LIST ${currency}`, ...RIGHT },
    { title: 'DISCOUNT', ...RIGHT },
    { title: 'BILLED', ...RIGHT },
    { title: 'STATEMENT' },
  ];
  const text = [
    `${piEmail}, ${period}`,
    '',
    table(columns, rows),
    '',
    `${grouped(billed)} ${currency} billed; ${describeDelivery(delivery?.status)}.`,
  ];
  return { data: { period, piEmail, currency, billed, projects, delivery: delivery ?? null }, text: text.join('\n') };
}

function describeDelivery(status: string | undefined): string {
  switch (status) {
    case undefined:
      return 'no email yet';
    case 'dev_mode':
      return 'the email was written to a file (dev_mode)';
    case 'queued':
      return 'the email is being sent';
    default:
      return `the last email was ${status === 'sent' ? 'sent' : 'refused'}`;
  }
}
