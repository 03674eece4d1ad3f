import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { periodTitle, billingPeriod } from '#kernel';
import type { Schemas } from '#sdk';
import type { Terminal } from '../output/terminal.js';
import { packageFolder } from '../package-folder.js';
import { InterruptedError, UsageError } from '../usage-error.js';
import { ApiClient } from './api-client.js';
import { type BilledMonth, billMonth, type Decision } from './bill-a-month.js';
import { prepareFolder, type DemoFolder } from './demo-folder.js';
import { DemoProcesses } from './demo-processes.js';
import { freePort } from './free-port.js';
import { contradictions, describeMonths } from './summary.js';

export interface DemoOptions {
  readonly once?: boolean;
  /** A file, or true for standard output. */
  readonly json?: string | true;
  readonly keep?: string;
  readonly workerSeparate?: boolean;
}

const PREFERRED_PORT = 8000;
const DEFAULT_FOLDER = 'instance/demo';
const MONTHS = [
  { period: '2025-09', finalize: true },
  { period: '2025-10', finalize: false },
];

/** Bills both sample months on a server of the demo's own and shows what came of it; answers the exit code. */
export async function runDemo(options: DemoOptions, terminal: Terminal): Promise<number> {
  const say = options.json === true ? terminal.note : terminal.result;
  const sample = join(packageFolder(), 'sample_data');
  const folder = await prepareFolder(resolve(options.keep ?? DEFAULT_FOLDER), sample, await freePort(PREFERRED_PORT));
  const processes = new DemoProcesses(folder, { separateWorker: options.workerSeparate === true }, say);
  const interrupted = new Promise<never>((_resolve, reject) => {
    terminal.onInterrupt(() => {
      reject(new InterruptedError('Interrupted; the demo is stopped.'));
    });
  });
  interrupted.catch(() => undefined);
  try {
    const months = await Promise.race([interrupted, playMonths(folder, processes, sample, say)]);
    await report(months, folder, options, terminal, say);
    const wrong = contradictions(months);
    for (const line of wrong) terminal.note(line);
    if (options.once !== true) await keepConsoleUp(folder, interrupted, say);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await processes.stop();
  }
}

async function playMonths(
  folder: DemoFolder,
  processes: DemoProcesses,
  sample: string,
  say: (line: string) => void,
): Promise<BilledMonth[]> {
  say('OpenChargeback demo: two months of a university that does not exist, through the HTTP API.');
  const api = new ApiClient(`http://127.0.0.1:${folder.port}`, folder, processes.requireAlive);
  await processes.start(() => api.step(() => api.get('/api/v1/health')));
  await api.step(() => api.signIn());
  await requireEmptyDatabase(api);
  say(`The server is up at ${api.baseUrl}`);
  const decisions = parse(await readFile(join(sample, 'review.yaml'), 'utf8')) as Record<string, Decision[]>;
  const months: BilledMonth[] = [];
  for (const { period, finalize } of MONTHS) {
    say(periodTitle(billingPeriod(period)));
    months.push(await billMonth(api, folder, { period, finalize, folder: join(sample, period), decisions: decisions[period] ?? [] }, say));
  }
  return months;
}

/** A database that was named in the environment may hold something; the embedded one is new. */
async function requireEmptyDatabase(api: ApiClient): Promise<void> {
  const { periods } = await api.step(() => api.get<Schemas['PeriodList']>('/api/v1/periods'));
  const { count } = await api.step(() => api.get<Schemas['ImportList']>('/api/v1/imports'));
  if (periods.length > 0 || count > 0) {
    throw new UsageError('The database at OPENCHARGEBACK_DATABASE_URL holds billing periods or imports; the demo needs an empty one.');
  }
}

async function report(
  months: readonly BilledMonth[],
  folder: DemoFolder,
  { json }: DemoOptions,
  terminal: Terminal,
  say: (line: string) => void,
): Promise<void> {
  say('');
  say(describeMonths(months, folder));
  if (json === undefined) return;
  const document = JSON.stringify({ periods: months, files: folder.dir }, null, 2);
  if (json === true) terminal.result(document);
  else await writeFile(json, `${document}\n`);
}

async function keepConsoleUp(folder: DemoFolder, interrupted: Promise<never>, say: (line: string) => void): Promise<void> {
  say('');
  say(`Console  http://127.0.0.1:${folder.port}`);
  say(`Sign in  ${folder.user}`);
  say(`         ${folder.password}`);
  say('Ctrl-C stops it.');
  await interrupted.catch(() => undefined);
}
