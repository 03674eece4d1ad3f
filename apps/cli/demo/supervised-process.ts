import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '#platform';

const RESTART_PAUSE_MS = 500;
/** A process that ends by itself so soon has a reason that another start may not mend; a few of those are enough. */
const EARLY_DEATH_MS = 5_000;
const MOST_EARLY_DEATHS = 5;
/** Exit code of a process that was told nonsense; it would be told the same again. */
const WRONG_CONFIGURATION = 2;
const STOP_TIMEOUT_MS = 20_000;
const LOG_TAIL_LINES = 5;

export interface ProcessOptions {
  /** For people: `server`, `worker`. */
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly logFile: string;
  /** Told when it died without having been asked to. */
  readonly onDeath: (how: string) => void;
  /** Told after every start. */
  readonly onStart: () => void;
}

/** A process that is started again when it dies: what it was doing is in the log and is taken up where it was left. */
export class SupervisedProcess {
  private child: ChildProcess | undefined;
  private earlyDeaths = 0;
  private startedAt = 0;
  private isStopping = false;
  private failure: Error | undefined;

  constructor(private readonly options: ProcessOptions) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const log = openSync(this.options.logFile, 'a', 0o600);
    // A process group of its own: Ctrl-C is the demo's to answer, which then stops everything in good order.
    const child = spawn(process.execPath, [this.options.script, ...this.options.args], {
      stdio: ['ignore', log, log],
      env: this.options.env,
      detached: true,
    });
    closeSync(log);
    this.child = child;
    this.startedAt = performance.now();
    child.once('error', (error) => (this.failure = error));
    child.once('exit', (code, signal) => {
      void this.died(code, signal);
    });
    this.options.onStart();
  }

  /** @throws Error once it has died too often, with the end of its log. */
  requireAlive(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Asks it to end in good order, and insists after a while. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const { child } = this;
    if (child === undefined || hasEnded(child)) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timeout = new AbortController();
    await Promise.race([ended, pause(STOP_TIMEOUT_MS, undefined, { signal: timeout.signal }).catch(() => undefined)]);
    timeout.abort();
    if (!hasEnded(child)) child.kill('SIGKILL');
  }

  private async died(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (this.isStopping) return;
    const how = signal ?? `exit code ${code}`;
    // Who kills it from outside, however often, says nothing about whether it can start.
    const isEarly = signal !== 'SIGKILL' && performance.now() - this.startedAt < EARLY_DEATH_MS;
    this.earlyDeaths = isEarly ? this.earlyDeaths + 1 : 0;
    if (this.earlyDeaths >= MOST_EARLY_DEATHS || (isEarly && code === WRONG_CONFIGURATION)) {
      const log = await readFile(this.options.logFile, 'utf8').catch(() => '');
      this.failure = new Error(
        `The ${this.options.name} does not start (${how}): ${log.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join(' ')}`,
      );
      return;
    }
    this.options.onDeath(how);
    await pause(RESTART_PAUSE_MS);
    // `stop` may have been called in the pause.
    if (!this.stopping()) this.start();
  }

  private stopping(): boolean {
    return this.isStopping;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
