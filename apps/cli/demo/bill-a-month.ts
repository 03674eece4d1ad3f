import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Decimal } from '#kernel';
import type { Schemas } from '#sdk';
import { type ApiClient, ApiRefusal } from './api-client.js';
import type { DemoFolder } from './demo-folder.js';

/** What a reviewer decided, as `sample_data/review.yaml` has it. */
export interface Decision {
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  readonly source?: string;
  readonly pi?: string;
  readonly project?: string;
  readonly note: string;
}

export interface MonthToBill {
  readonly period: string;
  /** Its FOCUS files. */
  readonly folder: string;
  readonly decisions: readonly Decision[];
  readonly finalize: boolean;
}

/** What came of a month. Money is decimal text. */
export interface BilledMonth {
  readonly period: string;
  readonly lines: number;
  /** Lines that waited for review after the import. */
  readonly flagged: number;
  readonly list: string;
  readonly billed: string;
  readonly statements: number;
  /** Sum of what the current statements say is due. */
  readonly statementTotal: string;
  readonly emails: number;
  /** Control totals of the journal made from the template. */
  readonly journalDebits: string;
  readonly journalCredits: string;
}

const JOURNAL_FORMATS = ['default', 'detail', 'summary', 'gl', 'template'] as const;
const MOST_DELIVERIES = 500;

/** A month as an office bills it, through the HTTP API alone: import, review, close, statements with emails, journals, finalize. */
export async function billMonth(api: ApiClient, folder: DemoFolder, month: MonthToBill, say: (line: string) => void): Promise<BilledMonth> {
  const { period } = month;
  const { fileCount, flagged } = await importFiles(api, month);
  say(`  ${fileCount} files imported, ${flagged} lines wait for review`);
  const decided = await review(api, month);
  say(`  ${decided} charges decided on in ${month.decisions.length} decisions`);
  await reachState(api, period, 'closed', `/api/v1/periods/${period}/close`, { notes: 'Every file is in.' });
  const run = await makeStatements(api, period);
  say(`  closed; ${run.issued} statements made, ${run.emails?.sent ?? 0} emails written`);
  const statements = await savePdfs(api, period, folder);
  const journals = await exportJournals(api, period, folder);
  say(`  journals exported: ${journals.map((journal) => journal.format).join(', ')}`);
  if (month.finalize) {
    await reachState(api, period, 'finalized', `/api/v1/periods/${period}/finalize`, { notes: 'Booked by accounting.' });
    say('  finalized');
  }
  const totals = await api.step(() => api.get<Schemas['PeriodDetail']>(`/api/v1/periods/${period}`));
  const { deliveries } = await api.step(() =>
    api.get<Schemas['DeliveryList']>(`/api/v1/deliveries?period=${period}&limit=${MOST_DELIVERIES}`),
  );
  const template = journals.find((journal) => journal.format === 'template');
  const due = Decimal.sum(statements.map((statement) => Decimal.parse(statement.due)));
  return {
    period,
    lines: totals.lineCount,
    flagged,
    list: totals.list,
    billed: totals.billed,
    statements: statements.length,
    statementTotal: due.toPadded(2),
    emails: deliveries.filter((delivery) => ['sent', 'dev_mode'].includes(delivery.status)).length,
    journalDebits: template?.debits ?? '',
    journalCredits: template?.credits ?? '',
  };
}

async function importFiles(api: ApiClient, { period, folder }: MonthToBill): Promise<{ fileCount: number; flagged: number }> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.csv')).sort();
  let flagged = 0;
  for (const name of names) {
    const content = await readFile(join(folder, name));
    // Sent twice, the same bytes are recognised: the second answer names the first import.
    const { importId } = await api.step(() => {
      const form = new FormData();
      form.set('period', period);
      form.set('file', new Blob([content], { type: 'text/csv' }), name);
      return api.post<Schemas['ReceivedImportInfo']>('/api/v1/imports', form);
    });
    const ended = await api.outcome(async () => {
      const current = await api.get<Schemas['ImportDetail']>(`/api/v1/imports/${importId}`);
      return current.state === 'received' && current.failure === null ? undefined : current;
    });
    if (ended.state !== 'recorded')
      throw new Error(`${name} was ${ended.state}: ${(ended.refusal ?? ended.failure)?.reason ?? 'no reason was given'}`);
    flagged += ended.report?.totals.flaggedLineCount ?? 0;
  }
  return { fileCount: names.length, flagged };
}

async function review(api: ApiClient, { period, decisions }: MonthToBill): Promise<number> {
  for (const { decision, reason, source, pi, project, note } of decisions) {
    const filter = { period, flag: reason, source, piEmail: pi, projectId: project };
    await api.step(async (repeated) => {
      try {
        await api.post<Schemas['Reviewed']>(`/api/v1/review/${decision}`, { filter, note });
      } catch (error) {
        // The first try was heard although its answer was lost.
        if (!(repeated && error instanceof ApiRefusal && error.code === 'charge.none-chosen')) throw error;
      }
    });
  }
  const { decisions: log } = await api.step(() => api.get<Schemas['ReviewLog']>(`/api/v1/review/log?period=${period}&limit=500`));
  return log.length;
}

/** Changes the state of a period, unless an earlier try did. */
async function reachState(api: ApiClient, period: string, state: string, path: string, body: object): Promise<void> {
  await api.step(async () => {
    const current = await api.get<Schemas['PeriodDetail']>(`/api/v1/periods/${period}`);
    if (current.state !== state) await api.post<Schemas['PeriodChanged']>(path, body);
  });
}

async function makeStatements(api: ApiClient, period: string): Promise<Schemas['StatementRunDetail']> {
  const runId = await api.step(async () => {
    const { runs } = await api.get<Schemas['StatementRunList']>(`/api/v1/statement-runs?period=${period}`);
    return runs[0]?.runId ?? (await api.post<Schemas['RequestedRun']>(`/api/v1/periods/${period}/statement-runs`, { send: true })).runId;
  });
  const run = await api.outcome(async () => {
    const current = await api.get<Schemas['StatementRunDetail']>(`/api/v1/statement-runs/${runId}`);
    const { emails } = current;
    return current.state === 'completed' && emails?.planned === true && emails.waiting === 0 ? current : undefined;
  });
  const [failure] = run.failures;
  if (failure !== undefined) throw new Error(`The statement of ${failure.piEmail} for ${failure.projectId} failed: ${failure.reason}`);
  return run;
}

async function savePdfs(api: ApiClient, period: string, folder: DemoFolder): Promise<readonly Schemas['Statement'][]> {
  const { statements } = await api.step(() => api.get<Schemas['StatementList']>(`/api/v1/periods/${period}/statements`));
  for (const { piEmail, projectId, revision, fileName } of statements) {
    const query = new URLSearchParams({ piEmail, projectId, revision: String(revision) });
    const pdf = await api.step(() => api.download(`/api/v1/periods/${period}/statements/pdf?${query.toString()}`));
    await writeFile(join(folder.pdfDir, fileName), pdf);
  }
  return statements;
}

type JournalFile = Pick<Schemas['ExportedJournal'], 'number' | 'format' | 'fileName' | 'debits' | 'credits'>;

async function exportJournals(api: ApiClient, period: string, folder: DemoFolder): Promise<JournalFile[]> {
  const exported: JournalFile[] = [];
  for (const format of JOURNAL_FORMATS) {
    const journal = await api.step(async (): Promise<JournalFile> => {
      const { journals } = await api.get<Schemas['JournalList']>(`/api/v1/journals?period=${period}`);
      const known = journals.find((row) => row.format === format);
      return known ?? (await api.post<Schemas['ExportedJournal']>(`/api/v1/periods/${period}/journals`, { format }));
    });
    const file = await api.step(() => api.download(`/api/v1/periods/${period}/journals/${journal.number}/file`));
    await writeFile(join(folder.journalDir, journal.fileName), file);
    exported.push(journal);
  }
  return exported;
}
