import { setTimeout as pause } from 'node:timers/promises';
import type { ProgramProcesses } from '../test/support/program-processes.js';

const POLL_MS = 100;

interface Expectation {
  readonly period: string;
  readonly rows: number;
  readonly say: (line: string) => void;
}

/**
 * Imports a file over HTTP and asks until the period's ledger holds all its rows.
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
  for (;;) {
    const { lineCount } = await program.client.get<{ lineCount: number }>(`/periods/${period}`);
    if (lineCount === rows) return (reached('projected') - acceptedMs) / 1000;
    await pause(POLL_MS);
  }
}
