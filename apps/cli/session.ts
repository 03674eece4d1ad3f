import type { AppConfig } from '#platform';
import type { Program } from './program.js';
import { type Progress, startProgress } from './output/progress.js';
import type { Terminal } from './output/terminal.js';
import { InterruptedError } from './usage-error.js';

/** Options that every verb takes. */
export interface CommonOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** What a verb answers: the document for `--json`, and the same for people. */
export interface CommandResult {
  readonly data: object;
  readonly text: string;
  /** True if the work was refused or went wrong although the command itself did what it should: exit code 1. */
  readonly failed?: boolean;
}

const POLL_INTERVAL_MS = 100;

/** One run of one verb: the configuration, and the program brought up in this process when the verb first needs it. */
export class Session {
  private loaded: AppConfig | undefined;
  private opened: Program | undefined;
  private interruption: string | undefined;
  private isInterrupted = false;
  private release: (() => void) | undefined;

  constructor(
    readonly terminal: Terminal,
    readonly options: CommonOptions,
  ) {}

  /** @throws DomainError `config.invalid` with all problems, `config.not-found`. */
  async config(): Promise<AppConfig> {
    if (this.loaded === undefined) {
      const { loadConfig, processEnvironment } = await import('#platform');
      this.loaded = loadConfig({ path: this.options.config, cwd: process.cwd(), env: processEnvironment() });
      for (const notice of this.loaded.notices) this.terminal.note(`note: ${notice}`);
    }
    return this.loaded;
  }

  /** The program, its read models up to date. */
  async program(): Promise<Program> {
    if (this.opened === undefined) {
      const config = await this.config();
      this.release = this.terminal.onInterrupt(() => {
        this.isInterrupted = true;
        this.terminal.note('Stopping: the work at hand ends first. Ctrl-C again leaves at once; what is left is taken up later.');
      });
      const { Program } = await import('./program.js');
      this.opened = await Program.open(config, { verbose: this.options.verbose === true });
      await this.opened.settle();
    }
    return this.opened;
  }

  async progress(label: string): Promise<Progress> {
    return startProgress(this.terminal, label, this.options.json === true);
  }

  /** What to tell if the command is ended with Ctrl-C from now on: what becomes of the work. */
  ifInterrupted(consequence: string): void {
    this.interruption = consequence;
  }

  /** @throws InterruptedError after Ctrl-C. */
  throwIfInterrupted(): void {
    if (this.isInterrupted) throw new InterruptedError(`Interrupted. ${this.interruption ?? 'Nothing was changed.'}`);
  }

  /** Asks until there is an answer. @throws InterruptedError after Ctrl-C. */
  async waitFor<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
    for (;;) {
      this.throwIfInterrupted();
      const answer = await ask();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }

  async close(): Promise<void> {
    await this.opened?.close();
    this.release?.();
  }
}
