import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProgramProcesses } from '../support/program-processes.js';
import { SmtpSink } from './smtp-sink.js';

export const PERIOD = '2025-01';
const POLL_MS = 20;
/** A killed worker's jobs are taken up after their locks expire; far more than that is a hang. */
const PATIENCE_MS = 120_000;

/** What a month came to, as people and accounting see it; ids, times and order of work left out. */
export interface MonthOutcome {
  readonly totals: string;
  readonly statements: string;
  readonly journals: string;
  readonly recipients: string;
  readonly repeatedMails: number;
}

/** Moments of the month at which something may be done to the program. */
export interface Disturbance {
  /** The worker reads the file. */
  duringImport(program: ProgramProcesses): Promise<void>;
  /** The worker renders statements; at least one is issued. */
  duringStatements(program: ProgramProcesses): Promise<void>;
}

export const UNDISTURBED: Disturbance = { duringImport: () => Promise.resolve(), duringStatements: () => Promise.resolve() };

interface Run {
  state: string;
  planned: number | null;
  issued: number;
}

/** Imports, closes, makes and sends statements, exports journals, through the HTTP API. */
export async function workTheMonth(
  program: ProgramProcesses,
  sink: SmtpSink,
  file: string,
  disturbance: Disturbance,
): Promise<MonthOutcome> {
  const { client } = program;
  const { importId } = await client.upload(file, { source: 'aws' });
  await until(
    async () =>
      (await client.get<{ state: string; progress: object | null }>(`/imports/${importId}`)).progress !== null ||
      (await imported(program, importId)),
  );
  await disturbance.duringImport(program);
  await until(() => imported(program, importId));
  await client.post('/review/reject', { filter: { period: PERIOD }, note: 'No fund to bill.' });
  await client.post(`/periods/${PERIOD}/close`);
  const { runId } = await client.post<{ runId: number }>(`/periods/${PERIOD}/statement-runs`, { send: true });
  await until(async () => (await client.get<Run>(`/statement-runs/${runId}`)).issued > 0);
  await disturbance.duringStatements(program);
  await until(async () => (await client.get<Run>(`/statement-runs/${runId}`)).state === 'completed');
  const statements = await client.get<{ statements: readonly Record<string, unknown>[] }>(`/periods/${PERIOD}/statements`);
  const pis = new Set(statements.statements.map((row) => row['piEmail']));
  await until(async () => {
    const { deliveries } = await client.get<{ deliveries: readonly { status: string }[] }>(`/deliveries?period=${PERIOD}&limit=500`);
    return deliveries.length === pis.size && deliveries.every((delivery) => delivery.status === 'sent');
  });
  const journals: string[] = [];
  for (const format of ['default', 'summary', 'gl', 'detail']) {
    const { number } = await client.post<{ number: number }>(`/periods/${PERIOD}/journals`, { format });
    journals.push(digest(await client.bytes(`/periods/${PERIOD}/journals/${number}/file`)));
  }
  const { lineCount, list, discount, billed, billedExact, byStanding, byPi } = await client.get<Record<string, unknown>>(
    `/periods/${PERIOD}`,
  );
  return {
    totals: JSON.stringify({ lineCount, list, discount, billed, billedExact, byStanding, byPi }),
    statements: JSON.stringify(
      statements.statements.map(({ piEmail, projectId, list, discount, due, lineCount, revision }) => [
        piEmail,
        projectId,
        list,
        discount,
        due,
        lineCount,
        revision,
      ]),
    ),
    journals: journals.join(' '),
    recipients: [...sink.recipients].sort().join(' '),
    repeatedMails: sink.repeats,
  };
}

async function imported(program: ProgramProcesses, importId: number): Promise<boolean> {
  const { state } = await program.client.get<{ state: string }>(`/imports/${importId}`);
  if (state !== 'received' && state !== 'recorded') throw new Error(`the import is ${state}`);
  return state === 'recorded';
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
    if (await holds()) return;
    await pause(POLL_MS);
  }
  throw new Error(`not done within ${PATIENCE_MS / 1000} s`);
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
