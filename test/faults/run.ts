import { openchargeback } from './compare/cli.js';
import { tableDifferences, textDifferences } from './compare/differences.js';
import { type Mails, readMails } from './compare/mails.js';
import { dumpExactly, dumpNormalised, type Tables } from './compare/read-models.js';
import { readStatements } from './compare/statements.js';
import { Injector, type InjectedFault } from './faults/injector.js';
import type { PlannedFault } from './faults/plan.js';
import type { MonthFiles } from './month/focus-files.js';
import { Office, type Repetitions } from './month/office.js';
import type { Phase } from './month/phases.js';
import { World } from './services/world.js';

/** What a month came to, as people, accounting and auditors see it. */
interface MonthOutcome {
  readonly tables: Tables;
  readonly journals: ReadonlyMap<string, string>;
  readonly statements: ReadonlyMap<string, string>;
  readonly mails: ReadonlyMap<string, string>;
}

/** The undisturbed month that all others are held against. */
export interface Reference {
  readonly outcome: MonthOutcome;
  /** What each phase took. */
  readonly milliseconds: ReadonlyMap<Phase, number>;
}

export interface RunReport {
  readonly run: number;
  readonly seconds: number;
  /** Where the time went. */
  readonly phases: Readonly<Record<string, number>>;
  readonly faults: readonly InjectedFault[];
  readonly result: 'equal' | 'different';
  readonly differences: readonly string[];
  readonly repeatedMails: number;
  /** Messages that the mail server did something to. */
  readonly disturbedMails: Readonly<Record<string, number>>;
  /** Requests of the office that failed and were made again. */
  readonly retriedRequests: number;
  readonly repetitions: Repetitions;
  /** Where the data of a run that differs was left. */
  readonly kept: string | null;
}

export interface RunOptions {
  readonly run: number;
  readonly files: MonthFiles;
  readonly pis: number;
  readonly plan: readonly PlannedFault[];
  /** Undefined: this is the undisturbed month. */
  readonly reference: Reference | undefined;
  /** Size of the disk for files, if the plan needs one of its own. */
  readonly diskMegabytes: number;
}

/** What excuses the office's having to ask again: a refusal for good, and a disk that stayed full. */
const EXCUSES: { readonly [What in keyof Repetitions]: string } = {
  imports: 'disk-full',
  statements: 'disk-full',
  deliveries: 'mail-refused-550',
  work: 'disk-full',
};

/** One month from an empty database to a finalized period, and all that is to be said about it. */
export async function runMonth({
  run,
  files,
  pis,
  plan,
  reference,
  diskMegabytes,
}: RunOptions): Promise<{ report: RunReport; reference: Reference }> {
  const stopwatch = new Stopwatch();
  const needsDisk = plan.some(({ fault }) => fault.needsDisk);
  const world = await World.start({ mails: pis, diskMegabytes: needsDisk ? diskMegabytes : undefined });
  const injector = new Injector(world, plan, reference?.milliseconds ?? new Map<Phase, number>());
  const office = new Office(world.url);
  const differences: string[] = [];
  let outcome: MonthOutcome = { tables: new Map(), journals: new Map(), statements: new Map(), mails: new Map() };
  let repeatedMails = 0;
  try {
    await office.workTheMonth(files, (phase) => {
      stopwatch.next(phase);
      injector.enter(phase);
    });
    stopwatch.next('stop');
    await injector.end();
    await office.client.seeingEverything(() => Promise.resolve());
    differences.push(...(await world.stopProgram()), ...unexcused(office.repetitions, injector.injected));
    stopwatch.next('texts');
    const statements = await readStatements(world);
    const mails: Mails = await readMails(world.mail.received, statements, injector.disturbed, world.mail.touched);
    repeatedMails = mails.repeats;
    const journals = new Map([...office.journals].map(([format, bytes]) => [format, bytes.toString('latin1')]));
    stopwatch.next('tables');
    outcome = { tables: await dumpNormalised(world.postgres), journals, statements: statements.texts, mails: mails.texts };
    stopwatch.next('rebuild');
    differences.push(...mails.problems, ...(await wrongInItself(world)));
    if (reference !== undefined) differences.push(...differencesBetween(reference.outcome, outcome));
  } catch (error) {
    await injector.end().catch((late: unknown) => differences.push(String(late)));
    differences.push(
      error instanceof Error ? (error.stack ?? error.message) : String(error),
      ...world.processes.flatMap((one) => one.crashes),
    );
  }
  const failed = differences.length > 0;
  await world.stop(failed);
  stopwatch.stop();
  const report: RunReport = {
    run,
    seconds: stopwatch.seconds,
    phases: stopwatch.phases,
    faults: injector.injected,
    result: failed ? 'different' : 'equal',
    differences,
    repeatedMails,
    disturbedMails: Object.fromEntries([...world.mail.touched].map(([mischief, ids]) => [mischief, ids.size])),
    retriedRequests: office.client.retries,
    repetitions: office.repetitions,
    kept: failed ? world.folder : null,
  };
  return { report, reference: { outcome, milliseconds: stopwatch.milliseconds } };
}

/** Rebuild = incremental, and a log that proves itself: true of every month, disturbed or not. */
async function wrongInItself({ postgres, configFile }: World): Promise<string[]> {
  const wrong: string[] = [];
  const demand = async (...verb: string[]): Promise<void> => {
    const { exitCode, output } = await openchargeback([...verb, '--json', '-c', configFile]);
    if (exitCode !== 0) wrong.push(`${verb.join(' ')}: exit code ${exitCode}: ${output.slice(0, 1_000)}`);
  };
  const before = await dumpExactly(postgres);
  await demand('projections', 'rebuild');
  wrong.push(...tableDifferences(before, await dumpExactly(postgres), 'rebuilt'));
  await demand('audit', 'verify');
  return wrong;
}

function differencesBetween(expected: MonthOutcome, found: MonthOutcome): string[] {
  return [
    ...tableDifferences(expected.tables, found.tables, 'read models'),
    ...textDifferences(expected.journals, found.journals, 'journal'),
    ...textDifferences(expected.statements, found.statements, 'statement'),
    ...textDifferences(expected.mails, found.mails, 'mail to'),
  ];
}

/** The office may have to repeat what the program gave up on only where there was no other way. */
function unexcused(repetitions: Repetitions, injected: readonly InjectedFault[]): string[] {
  return (Object.keys(EXCUSES) as (keyof Repetitions)[]).flatMap((what) => {
    const [reason] = repetitions[what];
    if (reason === undefined || injected.some(({ kind }) => kind === EXCUSES[what])) return [];
    return [`${what}: the office had to ask ${repetitions[what].length} times again without ${EXCUSES[what]}: ${reason}`];
  });
}

class Stopwatch {
  readonly milliseconds = new Map<Phase, number>();
  readonly phases: Record<string, number> = {};
  private readonly began = performance.now();
  private current = { name: 'start', at: this.began };

  next(name: Phase | 'stop' | 'texts' | 'tables' | 'rebuild' | 'end'): void {
    const now = performance.now();
    const elapsed = now - this.current.at;
    this.milliseconds.set(this.current.name as Phase, elapsed);
    this.phases[this.current.name] = Math.round(elapsed / 100) / 10;
    this.current = { name, at: now };
  }

  stop(): void {
    this.next('end');
  }

  get seconds(): number {
    return Math.round((performance.now() - this.began) / 100) / 10;
  }
}
