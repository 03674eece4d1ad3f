import { writeJournal, writeTable } from '../csv.js';
import type { ReviewDecision, SampleSettings } from '../sample-settings.js';
import { decide, readCharges, type OracleCharge, type OracleFile } from './charges.js';
import { centsText, exactText, sum, toCents, type Fixed } from './fixed-point.js';
import { groupBy, journalEntries, postings, type OracleEntry, type OraclePosting } from './ledger.js';

const JOURNAL_TEXT = 'Research Computing Charges';

function billedOf(all: readonly OraclePosting[]): Fixed {
  return sum(all.map((posting) => posting.billed));
}

function lineCountOf(all: readonly OraclePosting[]): string {
  return String(all.reduce((count, posting) => count + posting.lineCount, 0));
}

function filesTable(charges: readonly OracleCharge[]): string {
  const rows = groupBy(charges, (charge) => [charge.path, charge.source, charge.currency]).map(([key, lines]) => [
    ...key,
    String(lines.length),
    String(lines.filter((line) => line.flags.length > 0).length),
    ...(['list', 'billed', 'effective'] as const).map((column) => exactText(sum(lines.map((line) => line[column])))),
  ]);
  return writeTable([['file', 'source', 'currency', 'lines', 'flagged_lines', 'list', 'billed', 'effective'], ...rows]);
}

function flagsTable(charges: readonly OracleCharge[]): string {
  const raised = charges.flatMap((charge) => charge.flags.map((flag) => ({ flag, charge })));
  const rows = groupBy(raised, ({ flag, charge }) => [flag, charge.currency]).map(([[flag = '', currency = ''], lines]) => [
    flag,
    String(lines.length),
    exactText(sum(lines.map(({ charge }) => charge.billed))),
    currency,
  ]);
  return writeTable([['flag', 'lines', 'amount', 'currency'], ...rows]);
}

function decisionsTable(decisions: readonly ReviewDecision[], covered: readonly (readonly OracleCharge[])[], currency: string): string {
  const rows = decisions.map((step, index) => {
    const lines = covered[index] ?? [];
    const own = lines.filter((line) => line.currency === currency);
    return [
      step.decision,
      step.reason,
      step.source ?? '',
      step.pi ?? '',
      step.project ?? '',
      String(lines.length),
      exactText(sum(own.map((line) => line.billed))),
    ];
  });
  return writeTable([['decision', 'reason', 'source', 'pi_email', 'project_id', 'lines', 'amount'], ...rows]);
}

function ledgerTable(period: string, all: readonly OraclePosting[]): string {
  const rows = all.map((posting) => [
    ...[period, posting.pi, posting.project, posting.fundOrg, posting.source, posting.service, posting.accountCode],
    ...[String(posting.lineCount), exactText(posting.listExact), exactText(posting.billedExact), centsText(posting.billed)],
  ]);
  const header = 'period,pi_email,project_id,fund_org,source,service_name,account_code,line_count,list_exact,billed_exact,billed_rounded';
  return writeTable([header.split(','), ...rows]);
}

function statementsTable(statements: readonly (readonly [readonly string[], OraclePosting[]])[]): string {
  const rows = statements.map(([key, own]) => {
    const list = sum(own.map((posting) => posting.list));
    return [...key, centsText(list), centsText(list - billedOf(own)), centsText(billedOf(own))];
  });
  return writeTable([['pi_email', 'project_id', 'list', 'discount', 'due'], ...rows]);
}

function defaultJournal(period: string, all: readonly OraclePosting[]): string {
  const rows = groupBy(all, (posting) => [posting.pi, posting.project, posting.service, posting.fundOrg]).map(
    ([[pi = '', project = '', service = '', fundOrg = ''], own]) => [
      period,
      pi,
      project,
      fundOrg,
      service,
      centsText(billedOf(own)),
      lineCountOf(own),
    ],
  );
  return writeJournal([['BillingPeriod', 'PIEmail', 'ProjectID', 'FundOrg', 'ServiceName', 'Amount', 'ResourceCount'], ...rows]);
}

function summaryJournal(period: string, all: readonly OraclePosting[]): string {
  const rows = groupBy(all, (posting) => [posting.pi, posting.project, posting.fundOrg]).map(([key, own]) => [
    period,
    ...key,
    centsText(billedOf(own)),
    lineCountOf(own),
  ]);
  return writeJournal([['period', 'pi_email', 'project_id', 'fund_org', 'total_cost', 'charge_count'], ...rows]);
}

function glJournal(period: string, all: readonly OraclePosting[]): string {
  const row = (account: string, value: Fixed): string[] => [
    period,
    account,
    `${period} ${JOURNAL_TEXT}`,
    value >= 0n ? centsText(value) : '',
    value < 0n ? centsText(-value) : '',
  ];
  const debits = groupBy(all, (posting) => [posting.fundOrg]).map(([[fundOrg = ''], own]) => row(fundOrg, billedOf(own)));
  return writeJournal([['period', 'account', 'description', 'debit', 'credit'], ...debits, row('CLOUD-CLEARING', -billedOf(all))]);
}

function entriesTable(entries: readonly OracleEntry[]): string {
  const rows = entries.map(({ side, fundOrg, source, account, value }) => [side, fundOrg, source, account, centsText(value)]);
  return writeTable([['side', 'fund_org', 'source', 'account', 'amount'], ...rows]);
}

/**
 * The results of a month, as files below `expected/<period>/`: file name → text. Money as decimal text in the ledger's currency; lines in
 * another currency are counted but are in no sum, except where a table has a currency column.
 */
export function expectedResults(
  period: string,
  files: readonly OracleFile[],
  settings: SampleSettings,
  decisions: readonly ReviewDecision[],
): ReadonlyMap<string, string> {
  const charges = readCharges(files, settings);
  const covered = decide(charges, decisions);
  const all = postings(charges);
  const statements = groupBy(all, (posting) => [posting.pi, posting.project]);
  const entries = journalEntries(all, settings);
  const onSide = (side: OracleEntry['side']): Fixed => sum(entries.filter((entry) => entry.side === side).map((entry) => entry.value));
  const count = (standing: OracleCharge['standing']): number => charges.filter((charge) => charge.standing === standing).length;
  const billedExact = sum(all.map((posting) => posting.billedExact));
  const totals = {
    lines: charges.length,
    flagged: charges.filter((charge) => charge.flags.length > 0).length,
    clear: count('clear'),
    approved: count('approved'),
    rejected: count('rejected'),
    list: centsText(sum(all.map((posting) => posting.list))),
    billed: centsText(billedOf(all)),
    billedExact: exactText(billedExact),
    rounding: exactText(billedOf(all) - billedExact),
    postings: all.length,
    statements: statements.length,
    statementTotal: centsText(sum(statements.map(([, own]) => billedOf(own)))),
    journalDebits: centsText(onSide('debit')),
    journalCredits: centsText(onSide('credit')),
    /** What journalDebits exceed statementTotal by: groups that are negative as a whole stand on the other side. */
    journalReversals: centsText(toCents(onSide('debit') - billedOf(all))),
    pis: groupBy(all, (posting) => [posting.pi]).length,
  };
  return new Map([
    ['files.csv', filesTable(charges)],
    ['flags.csv', flagsTable(charges)],
    ['decisions.csv', decisionsTable(decisions, covered, settings.currency)],
    ['ledger.csv', ledgerTable(period, all)],
    ['statements.csv', statementsTable(statements)],
    ['journal_default.csv', defaultJournal(period, all)],
    ['journal_summary.csv', summaryJournal(period, all)],
    ['journal_gl.csv', glJournal(period, all)],
    ['entries.csv', entriesTable(entries)],
    ['totals.json', `${JSON.stringify(totals, null, 2)}\n`],
  ]);
}
