import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hash } from 'bcryptjs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { parse, stringify } from 'yaml';

const START_TIMEOUT_MS = 60_000;
const CHROMIUM = '/usr/bin/chromium';

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

/** The built program with the sample's settings on a data folder of its own, and a browser in front of it. */
export class ConsoleOffice {
  /** What the browser complained about; answers that a test asked for (a wrong password) are not among it. */
  readonly complaints: string[] = [];

  private constructor(
    readonly url: string,
    readonly folder: string,
    private readonly api: ChildProcess,
    private readonly browser: Browser,
  ) {}

  /** @param changes sections of the configuration over those of the sample. */
  static async start(changes: object = {}): Promise<ConsoleOffice> {
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-browser-'));
    // Postgres runs as another user when root starts it, and must be able to reach its folder.
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'config.yaml'), stringify({ ...(await settings(folder)), ...changes }));
    const api = spawn(process.execPath, ['dist/apps/api/main.js', '--with-worker', '--port', '0', '-c', join(folder, 'config.yaml')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const url = await announced(api);
      const browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      });
      return new ConsoleOffice(url, folder, api, browser);
    } catch (error) {
      await end(api);
      throw error;
    }
  }

  /** A browser window of its own, with nobody signed in. */
  async window(): Promise<{ page: Page; context: BrowserContext }> {
    const context = await this.browser.newContext({ baseURL: this.url, viewport: { width: 1440, height: 900 }, acceptDownloads: true });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      const isAnswer = message.text().startsWith('Failed to load resource: the server responded with a status of 4');
      if (message.type() === 'error' && !isAnswer) this.complaints.push(message.text());
    });
    return { page, context };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await end(this.api);
    await rm(this.folder, { recursive: true, force: true });
  }
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

async function settings(folder: string): Promise<object> {
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

async function announced(api: ChildProcess): Promise<string> {
  if (api.stdout === null) throw new Error('the API has no output to read');
  const lines = createInterface(api.stdout);
  const timer = setTimeout(() => lines.close(), START_TIMEOUT_MS);
  try {
    for await (const line of lines) {
      const url = /OpenChargeback is at (https?:\/\/\S+)/.exec(line)?.[1];
      if (url !== undefined) return url;
    }
  } finally {
    clearTimeout(timer);
    api.stdout.resume();
  }
  throw new Error('The API did not say where it is; run `npm run build` first.');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
