import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'bcryptjs';
import type { Page } from 'playwright-core';
import { parse, stringify } from 'yaml';
import { createTestDatabase, type TestDatabase } from '#testing';
import { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { announced, end } from '../support/program-processes.js';
import { BrowserWindows } from './browser-windows.js';

export interface Person {
  readonly email: string;
  readonly name: string;
  readonly role: 'viewer' | 'reviewer' | 'admin';
  readonly password: string;
}

export const ADA: Person = { email: 'ada@wrenvalley.example', name: 'Ada Ferris', role: 'admin', password: 'correct horse battery' };
/** Too short for the requirements: to be changed at the first sign-in. */
export const MAX: Person = { email: 'max@wrenvalley.example', name: 'Max Oduya', role: 'reviewer', password: 'short' };
export const VERA: Person = { email: 'vera@wrenvalley.example', name: 'Vera Lund', role: 'viewer', password: 'staple of the reader' };

export interface OfficeOptions {
  /** Sections of the configuration over those of the sample. */
  readonly settings?: object;
  /** With an embedded Postgres, as an office that has none; otherwise a database of its own on that of the run. */
  readonly withPostgres?: boolean;
}

/** The built program with the sample's settings on data of its own, and a browser in front of it. */
export class ConsoleOffice {
  private constructor(
    private readonly folder: string,
    private readonly database: TestDatabase | undefined,
    private readonly program: ChildProcess,
    private readonly windows: BrowserWindows,
    /** Ada's, for what a spec needs done and does not look at. */
    readonly api: ApiClient,
  ) {}

  static async start({ settings = {}, withPostgres = false }: OfficeOptions = {}): Promise<ConsoleOffice> {
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-browser-'));
    // Postgres runs as another user when root starts it, and must be able to reach its folder.
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'config.yaml'), stringify({ ...(await sampleSettings(folder)), ...settings }));
    const database = withPostgres ? undefined : await createTestDatabase();
    const program = spawn(process.execPath, ['dist/programs/api.js', '--with-worker', '--port', '0', '-c', join(folder, 'config.yaml')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        ...(database && { OPENCHARGEBACK_DATABASE_URL: database.url, OPENCHARGEBACK_DATABASE_OWNER_URL: database.ownerUrl }),
      },
    });
    try {
      const url = await announced(program);
      const api = new ApiClient(url);
      await api.signIn(ADA.email, ADA.password);
      return new ConsoleOffice(folder, database, program, new BrowserWindows(url), api);
    } catch (error) {
      await end(program, 'SIGTERM');
      throw error;
    }
  }

  get complaints(): readonly string[] {
    return this.windows.complaints;
  }

  /** A browser window of its own, with nobody signed in. */
  window(): Promise<Page> {
    return this.windows.window();
  }

  /** A browser window of that person's own, signed in before the first page. */
  windowOf({ email, password }: Person): Promise<Page> {
    return this.windows.windowOf(email, password);
  }

  /** A file for the browser to choose. @returns its path. */
  async file(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  /** Hands a file in behind the browser's back, and waits until it is read. */
  async importFile(name: string, content: string, source: string): Promise<void> {
    await importAs(this.api, await this.file(name, content), source);
  }

  async stop(): Promise<void> {
    await this.windows.close();
    await end(this.program, 'SIGTERM');
    await this.database?.drop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Uploads a file as that person or program, and waits until it is read. */
export async function importAs(api: ApiClient, path: string, source: string): Promise<void> {
  const { importId } = await api.upload(path, { source });
  await eventually(async () => ((await api.get<{ state: string }>(`/imports/${importId}`)).state === 'received' ? undefined : true));
}

/** Fills in the form of the sign-in page and sends it off. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** A page of the console, once its title stands. */
export async function open(page: Page, path: string, title: string | RegExp): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

async function sampleSettings(folder: string): Promise<object> {
  const sample = parse(await readFile('sample_data/config.yaml', 'utf8')) as object;
  const users = await Promise.all(
    [ADA, MAX, VERA].map(async ({ email, name, role, password }) => [
      email,
      { email, display_name: name, role, password_hash: await hash(password, 4) },
    ]),
  );
  return {
    ...sample,
    data_dir: join(folder, 'instance'),
    web: { users: Object.fromEntries(users) as object, password_requirements: { min_length: 12 } },
  };
}
