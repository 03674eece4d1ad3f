import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { namelessControls } from './accessible-names.js';
import { ADA, ConsoleOffice, MAX, open, signIn, VERA } from './console-office.js';

const PAGES: readonly (readonly [path: string, title: string])[] = [
  ['/', 'Dashboard'],
  ['/imports', 'Imports'],
  ['/review', 'Review'],
  ['/charges', 'Charges'],
  ['/statements', 'Statements'],
  ['/journal', 'Journal'],
  ['/periods', 'Periods'],
  ['/sources', 'Sources'],
  ['/sources/hpc', 'Heron cluster'],
  ['/funds', 'Funds'],
  ['/templates', 'Templates'],
  ['/templates/text?area=journal&name=journal_gl.csv', 'journal_gl.csv'],
  ['/people', 'People'],
  ['/people?tab=keys', 'People'],
  ['/audit', 'Audit log'],
  ['/system', 'System'],
  ['/nowhere', 'Not found'],
];

let office: ConsoleOffice;

beforeAll(async () => {
  office = await ConsoleOffice.start();
});
afterAll(() => office.stop());

describe('every page, before anything was imported', () => {
  let page: Page;
  beforeAll(async () => {
    page = await office.window();
    await page.goto('/sign-in');
    expect(await namelessControls(page)).toEqual([]);
    await signIn(page, ADA.email, ADA.password);
    await page.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
  });

  it.each(PAGES)('%s has a title, one main heading, and a name for every control', async (path, title) => {
    await open(page, path, title);
    await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0);
    expect(await page.title()).toBe(`${title} · OpenChargeback`);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await namelessControls(page)).toEqual([]);
  });

  it.each([
    ['/sources', 'Add a source'],
    ['/funds', 'Add a fund'],
    ['/people', 'Add a user'],
    ['/people?tab=keys', 'Issue a key'],
    ['/periods', 'Open a period …'],
  ])('%s: the form behind “%s” names every field', async (path, button) => {
    await page.goto(path);
    await page.getByRole('button', { name: button }).first().click();
    await page.getByRole('dialog').getByRole('textbox').first().waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('shows an API key once, and lists it afterwards without it', async () => {
    await open(page, '/people?tab=keys', 'People');
    await page.getByRole('button', { name: 'Issue a key' }).first().click();
    await page.getByLabel('Name').fill('HPC exporter');
    await page.getByRole('button', { name: 'Issue', exact: true }).click();
    await page.getByText(/^ocb_[0-9a-f]+_/).waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('table', { name: 'API keys' }).getByText('HPC exporter').waitFor();
    await page.reload();
    await page.getByRole('table', { name: 'API keys' }).getByText('HPC exporter').waitFor();
    expect(await page.getByText(/ocb_/).count()).toBe(0);
  });

  it('pages through 5,000 statements instead of drawing them all', async () => {
    const statements = Array.from({ length: 5000 }, (_, index) => statementOf(index));
    await page.route('**/api/v1/periods', (route) => route.fulfill({ json: { currency: 'USD', periods: [periodOverview] } }));
    await page.route('**/api/v1/periods/2026-01/statements', (route) =>
      route.fulfill({ json: { statements, missing: [], dueCount: 0, sum: { list: '5000.00', discount: '0.00', due: '5000.00' } } }),
    );
    await open(page, '/statements?period=2026-01', 'Statements');
    const rows = page.getByRole('table', { name: 'Statements' }).getByRole('row');
    await page.getByText('1–100 of 5,000').waitFor();
    expect(await rows.count()).toBe(101);
    await page.getByRole('button', { name: 'next page' }).click();
    await page.getByText('101–200 of 5,000').waitFor();
    await page.getByLabel('Search statements').fill('pi-4321');
    await expect.poll(() => rows.count()).toBe(2);
    await page.unrouteAll();
  });

  it('opens a row of a table by keyboard', async () => {
    await open(page, '/sources', 'Sources');
    await page
      .getByRole('table', { name: 'Sources' })
      .getByRole('button', { name: /^Heron cluster/ })
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Heron cluster' }).waitFor();
  });

  it('shows the server’s reason and a way to try again', async () => {
    let isDown = true;
    await page.route('**/api/v1/sources', (route) =>
      isDown
        ? route.fulfill({
            status: 409,
            contentType: 'application/problem+json',
            body: JSON.stringify({ code: 'test.away', detail: 'Sources are away for lunch.' }),
          })
        : route.continue(),
    );
    await open(page, '/sources', 'Sources');
    await page.getByRole('alert').getByText('Sources are away for lunch.').waitFor();
    isDown = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table', { name: 'Sources' }).getByText('Heron cluster').waitFor();
    await page.unrouteAll();
  });

  it('says what a change of a source would do, refuses what is wrong at its field, and saves with Enter', async () => {
    await open(page, '/sources/hpc', 'Heron cluster');
    await page.getByLabel('Date format').fill('whenever');
    await page.getByText('“whenever” is not a date format').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByLabel('Date format').fill('M/D/YY');
    await page.getByText('This would change').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Source Heron cluster is changed').waitFor();
    await page.getByText('Nothing is changed.').waitFor();
    expect(await page.getByLabel('Date format').inputValue()).toBe('M/D/YY');
    await page.getByLabel('Try a file name').fill('hpc_aws_2025-Q3.csv');
    await page.getByText(/equally long: aws \(“aws”\), hpc \(“hpc”\)/).waitFor();
  });

  it('asks to sign in when the session is gone, and leads back', async () => {
    await open(page, '/sources', 'Sources');
    // Ended behind the page's back, as by an administrator or in another tab.
    const { csrfToken } = (await (await page.request.get('/api/v1/session')).json()) as { csrfToken: string };
    await page.request.delete('/api/v1/session', { headers: { 'x-csrf-token': csrfToken } });
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.waitForURL(/\/sign-in\?back=/);
    await signIn(page, ADA.email, ADA.password);
    await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
  });
});

describe('a viewer', () => {
  let page: Page;
  beforeEach(async () => {
    page = await office.windowOf(VERA);
  });

  it('reads, and is offered nothing that would be refused', async () => {
    await open(page, '/imports', 'Imports');
    await page.getByText('Nothing has been imported yet').waitFor();
    expect(await page.getByLabel('FOCUS files', { exact: true }).count()).toBe(0);
    await open(page, '/sources', 'Sources');
    await page.getByText('Heron cluster').waitFor();
    expect(await page.getByRole('button', { name: 'Add a source' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0);
  });

  it('is told which role a page is for', async () => {
    await open(page, '/people', 'Not for your role');
    await page.getByText('This page is for the role admin').waitFor();
  });
});

describe('the sign-in', () => {
  it('has a password changed that no longer satisfies the requirements', async () => {
    const page = await office.window();
    await page.goto('/statements');
    await signIn(page, MAX.email, MAX.password);
    await page.getByText('Choose a new password').waitFor();
    const [current, next, again] = ['Current password', 'New password', 'New password again'].map((name) =>
      page.getByRole('textbox', { name, exact: true }),
    );
    await current?.fill(MAX.password);
    await next?.fill('too short');
    await again?.fill('too short');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page
      .getByRole('alert')
      .getByText(/12 characters/)
      .first()
      .waitFor();
    await next?.fill('long enough for anybody');
    await again?.fill('long enough for anybody');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('heading', { level: 1, name: 'Statements' }).waitFor();
  });

  it('makes somebody who guesses wait, and counts down', async () => {
    const page = await office.window();
    await page.goto('/sign-in');
    await page.getByLabel('Email').fill('nobody@wrenvalley.example');
    await page.getByRole('textbox', { name: 'Password' }).fill('guess');
    const button = page.getByRole('button', { name: 'Sign in' });
    let status = 0;
    for (let attempt = 1; attempt <= 10 && status !== 429; attempt += 1) {
      const [answer] = await Promise.all([page.waitForResponse((response) => response.request().method() === 'POST'), button.click()]);
      status = answer.status();
    }
    await page.getByRole('button', { name: /^Wait \d+ s$/ }).waitFor();
    await page.getByRole('alert').waitFor();
  });
});

describe('the browser', () => {
  it('had nothing to complain about', () => {
    expect(office.complaints).toEqual([]);
  });
});

const periodOverview = {
  period: '2026-01',
  title: 'January 2026',
  state: 'open',
  openedAt: '2026-01-01T00:00:00Z',
  closedAt: null,
  finalizedAt: null,
  notes: null,
  lineCount: 5000,
  flaggedCount: 0,
  piCount: 5000,
  statementCount: 5000,
  list: '5000.00',
  discount: '0.00',
  billed: '5000.00',
  rounding: '0',
};

function statementOf(index: number): object {
  return {
    period: '2026-01',
    piEmail: `pi-${index}@example.edu`,
    projectId: `project-${index}`,
    revision: 1,
    currency: 'USD',
    fundOrgs: ['ORG-1'],
    list: '1.00',
    discount: '0.00',
    due: '1.00',
    lineCount: 1,
    ledgerDigest: '0'.repeat(64),
    fileName: `statement-${index}.pdf`,
    issuedAt: '2026-02-01T00:00:00Z',
    outOfDate: false,
    delivery: null,
  };
}
