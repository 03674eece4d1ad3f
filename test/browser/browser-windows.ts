import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** One for all specs of a process, with which it ends; windows share nothing in it. */
let running: Promise<Browser> | undefined;

function browser(): Promise<Browser> {
  running ??= chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  return running;
}

/** Windows of Chromium in front of one server, in the size of an office's screen. */
export class BrowserWindows {
  /** What the browser complained about; answers that a test asked for (a wrong password) are not among it. */
  readonly complaints: string[] = [];

  private readonly contexts: BrowserContext[] = [];

  constructor(private readonly url: string) {}

  /** A window of its own, with nobody signed in. */
  async window(): Promise<Page> {
    const shared = await browser();
    const context = await shared.newContext({
      baseURL: this.url,
      viewport: { width: 1440, height: 900 },
      acceptDownloads: true,
      // The console honours it: drawers and dialogs stand at once instead of sliding in.
      reducedMotion: 'reduce',
    });
    this.contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      const isAnswer = message.text().startsWith('Failed to load resource: the server responded with a status of 4');
      if (message.type() === 'error' && !isAnswer) this.complaints.push(message.text());
    });
    return page;
  }

  /** A window of its own in which somebody is signed in, before the first page. */
  async windowOf(email: string, password: string): Promise<Page> {
    const page = await this.window();
    await page.request.post('/api/v1/session', { data: { email, password }, failOnStatusCode: true });
    return page;
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
  }
}
