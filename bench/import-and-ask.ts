import { setTimeout as pause } from 'node:timers/promises';
import type { ProgramProcesses } from '../test/support/program-processes.js';

const POLL_MS = 100;

interface Expectation {
  readonly period: string;
  readonly rows: number;
  readonly say: (line: string) => void;
}

/**
 * Imports a file over HTTP and asks until the charges are up to date with the log, and the period's ledger holds `rows` lines.
 * @returns seconds from the moment the program has received the file until then
 */
export async function importAndAsk(program: ProgramProcesses, file: string, { period, rows, say }: Expectation): Promise<number> {
  const started = process.hrtime.bigint();
  const reached = (what: string): number => {
    const ms = Number((process.hrtime.bigint() - started) / 1_000_000n);
    say(`${what} after ${ms} ms`);
    return ms;
  };
  const { importId } = await program.client.upload(file, { source: 'aws' });
  const acceptedMs = reached('accepted');
  for (;;) {
    const { state } = await program.client.get<{ state: string }>(`/imports/${importId}`);
    if (state === 'recorded') break;
    if (state !== 'received') throw new Error(`the import is ${state}`);
    await pause(POLL_MS);
  }
  reached('recorded');
  // The list of imports may know of the event before the charges do: what is there already says nothing about a second import.
  for (;;) {
    const { projections } = await program.client.get<{ projections: readonly { name: string; lag: number }[] }>('/system');
    if (projections.every(({ name, lag }) => name !== 'charges' || lag === 0)) break;
    await pause(POLL_MS);
  }
  const { lineCount } = await program.client.get<{ lineCount: number }>(`/periods/${period}`);
  if (lineCount !== rows) throw new Error(`the ledger of ${period} holds ${lineCount} lines instead of ${rows}`);
  return (reached('projected') - acceptedMs) / 1000;
}
