import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { stringify } from 'yaml';
import { createTestDatabase, type TestDatabase } from '#testing';
import type { Terminal } from '../../apps/cli/output/terminal.js';
import { runCommandLine } from '../../apps/cli/run-command-line.js';
import type { TestApi } from './test-api.js';

/** What a command came to: what it printed, and what it noted besides. */
export interface CommandRun {
  readonly exitCode: number;
  readonly result: string;
  readonly notes: string;
}

/** Runs one command with a configuration file, as typed behind `openchargeback -c FILE`. */
async function runCommand(config: string, ...args: readonly string[]): Promise<CommandRun> {
  const result: string[] = [];
  const notes: string[] = [];
  const terminal: Terminal = {
    result: (text) => result.push(text),
    bytes: async (content) => void result.push(await textOf(content)),
    note: (text) => notes.push(text),
    isInteractive: false,
    onInterrupt: () => () => undefined,
  };
  const exitCode = await runCommandLine(['-c', config, ...args], terminal);
  return { exitCode, result: result.join('\n'), notes: notes.join('\n') };
}

/** The command line beside an API that runs, on the same database and data. */
export async function commandLineBeside(api: TestApi): Promise<(...args: string[]) => Promise<CommandRun>> {
  const { database, dataDir } = api.own.services.config;
  const config = join(api.own.folder, 'cli.yaml');
  const urls = { url: database.url, owner_url: database.ownerUrl };
  await writeFile(config, stringify({ dev_mode: true, data_dir: dataDir, database: urls }));
  return (...args) => runCommand(config, ...args);
}

/** The command line of an office of its own: a folder, a configuration and an empty database. */
export class CommandLine {
  private constructor(
    readonly folder: string,
    readonly database: TestDatabase,
  ) {}

  /** @param settings of the configuration, besides where data and database are. */
  static async start(settings: object = {}): Promise<CommandLine> {
    const office = new CommandLine(await mkdtemp(join(tmpdir(), 'openchargeback-cli-')), await createTestDatabase());
    await office.configure(settings);
    return office;
  }

  get config(): string {
    return join(this.folder, 'config.yaml');
  }

  /** Writes the configuration anew. */
  async configure(settings: object): Promise<void> {
    const { url, ownerUrl } = this.database;
    await writeFile(this.config, stringify({ dev_mode: true, ...settings, data_dir: this.folder, database: { url, owner_url: ownerUrl } }));
  }

  run(...args: readonly string[]): Promise<CommandRun> {
    return runCommand(this.config, ...args);
  }

  /** @returns the path of a new file in the office's folder. */
  async file(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  async stop(): Promise<void> {
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
