import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Chromium in front of one server, in the size of an office's screen. */
export class BrowserWindows {
  /** What the browser complained about; answers that a test asked for (a wrong password) are not among it. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly url: string,
    private readonly browser: Browser,
  ) {}

  static async at(url: string): Promise<BrowserWindows> {
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    return new BrowserWindows(url, browser);
  }

  /** A window of its own, with nobody signed in. */
  async window(): Promise<Page> {
    const context = await this.browser.newContext({
      baseURL: this.url,
      viewport: { width: 1440, height: 900 },
      acceptDownloads: true,
      // The console honours it: drawers and dialogs stand at once instead of sliding in.
      reducedMotion: 'reduce',
    });
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
    await this.browser.close();
  }
}
