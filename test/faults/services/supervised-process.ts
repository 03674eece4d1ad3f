import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { endedWithHarness, signal } from './clean-up.js';

const RESTART_PAUSE_MS = 500;
const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 90_000;
const POLL_MS = 20;
const TAIL_CHARACTERS = 2_000;

export interface ProcessCommand {
  readonly name: string;
  readonly args: readonly string[];
  /** What it writes to its standard output when it is up. */
  readonly ready: RegExp;
  /** Both its outputs, of all its lives. */
  readonly logFile: string;
}

/** One life of the process. */
interface Life {
  readonly child: ChildProcess;
  up: boolean;
  /** We have ended it ourselves. */
  asked: boolean;
  tail: string;
}

/** A Node process under a supervisor, as in production: whenever it ends, it is started again, until it is stopped. */
export class SupervisedProcess {
  /** Ends that nobody asked for after it had been up: the program must survive what is done to its services. */
  readonly crashes: string[] = [];
  private life: Life | undefined;
  private stopped = false;

  constructor(private readonly command: ProcessCommand) {}

  get name(): string {
    return this.command.name;
  }

  start(): void {
    const { args, ready, logFile } = this.command;
    // A group of its own: what it starts ends with it.
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const log = createWriteStream(logFile, { flags: 'a' });
    const life: Life = { child, up: false, asked: false, tail: '' };
    this.life = life;
    const release = endedWithHarness(() => killGroup(child));
    const read = (chunk: Buffer): void => {
      log.write(chunk);
      life.tail = (life.tail + chunk.toString('utf8')).slice(-TAIL_CHARACTERS);
      life.up ||= ready.test(life.tail);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', (code, by) => {
      release();
      log.end();
      if (life.asked || this.stopped) return;
      if (life.up)
        this.crashes.push(`${this.name} ended by itself (${by ?? `code ${code ?? 'unknown'}`}): ${life.tail.slice(-600).trim()}`);
      void this.startAgain(life);
    });
  }

  /** Resolves when it is up. @throws Error if it does not get there. */
  async ready(): Promise<void> {
    for (let waited = 0; waited < START_TIMEOUT_MS; waited += POLL_MS) {
      if (this.life?.up === true) return;
      await pause(POLL_MS);
    }
    throw new Error(`${this.name} is not up after ${START_TIMEOUT_MS / 1000} s: ${this.life?.tail ?? 'it was not started'}`);
  }

  /** SIGKILL, no chance to say goodbye; then a new life. */
  async kill(): Promise<void> {
    const { life } = this;
    if (life === undefined || hasEnded(life.child)) return;
    life.asked = true;
    const exit = once(life.child, 'exit');
    killGroup(life.child);
    await exit;
    this.start();
  }

  /** In good order. Answers what was wrong with that, or null. */
  async stop(): Promise<string | null> {
    this.stopped = true;
    const child = this.life?.child;
    if (child === undefined || hasEnded(child)) return null;
    const exit = once(child, 'exit');
    const late = new AbortController();
    const impatience = setTimeout(() => {
      late.abort();
      killGroup(child);
    }, STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await exit;
    clearTimeout(impatience);
    if (late.signal.aborted) return `${this.name} did not end within ${STOP_TIMEOUT_MS / 1000} s of SIGTERM`;
    return child.exitCode === 0 ? null : `${this.name} ended with code ${child.exitCode ?? 'unknown'} after SIGTERM`;
  }

  private async startAgain(after: Life): Promise<void> {
    await pause(RESTART_PAUSE_MS);
    if (!this.stopped && this.life === after) this.start();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined && !hasEnded(child)) signal(-child.pid, 'SIGKILL');
}
