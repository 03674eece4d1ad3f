import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { focusCsv, tags } from '../support/focus-csv.js';
import { namelessControls } from './accessible-names.js';
import { pressEnter } from './by-keyboard.js';
import { ADA, ConsoleOffice, open, VERA } from './console-office.js';

const PERIOD = '2025-03';
const PAGE = `/periods/${PERIOD}/history`;
const TITLE = 'March 2025: history';
const BOB = tags({ pi_email: 'bob@example.edu', project_id: 'wheel', fund_org: 'BIO-1' });

/** What an auditor asks: what was charged then, what is charged now, and who changed it. */
describe('the history of a period', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start({ settings: { review: { fund_org_patterns: [], flag_patterns: [] } } });
    const { api } = office;
    await office.importFile(
      'hpc_first.csv',
      focusCsv([{ billed: '10' }, { billed: '20', resource: 'node-2' }, { billed: '5', tags: BOB }]),
      'hpc',
    );
    const { runId } = await api.post<{ runId: number }>(`/periods/${PERIOD}/statement-runs`);
    await eventually(async () => ((await api.get<{ state: string }>(`/statement-runs/${runId}`)).state === 'completed' ? true : undefined));
    await office.importFile('aws_late.csv', focusCsv([{ billed: '100.004', resource: 'bucket-1' }]), 'aws');
    await api.post('/review/reattribute', {
      ids: ['1-3'],
      set: { piEmail: 'bob@example.edu', projectId: 'wheel' },
      note: 'Bob took the node over.',
    });
    page = await office.windowOf(VERA);
  });
  afterAll(() => office.stop());

  const table = (): Locator => page.getByRole('table', { name: 'What changed' });
  const row = (name: RegExp): Locator => table().getByRole('button', { name });
  const moment = (label: 'From' | 'To'): Locator => page.getByRole('combobox', { name: label, exact: true });
  const lines = async (): Promise<string[]> =>
    (await table().locator('tbody tr').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
  const query = (): Record<string, string> => Object.fromEntries(new URL(page.url()).searchParams);

  /** As by hand: the field is entered, some of the moment's name is typed, and the first that is left is taken. */
  async function choose(label: 'From' | 'To', typed: string): Promise<void> {
    await moment(label).focus();
    await moment(label).fill(typed);
    await expect.poll(() => page.getByRole('option').count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('option').count()).toBe(0);
  }

  it('is reached from the period, and begins with what changed since its first statements', async () => {
    await open(page, `/periods/${PERIOD}`, 'March 2025');
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
    await expect.poll(() => table().locator('tbody tr').count()).toBe(2);
    expect(await moment('From').inputValue()).toMatch(/^Statement run 1/);
    expect(await moment('To').inputValue()).toMatch(/^1 charge reattributed|[Rr]eattributed/);
    expect(await lines()).toEqual([
      'ada@example.edu engine 2 events ±0 30.00 +80.00 110.00',
      'bob@example.edu wheel 1 event, fund/org BIO-1 → BIO-1 + MATH-100 +1 5.00 +20.00 25.00',
    ]);
    expect((await table().locator('tfoot').innerText()).replace(/\s+/g, ' ').trim()).toBe('Whole period +1 35.00 +100.00 135.00');
    expect(await namelessControls(page)).toEqual([]);
  });

  it('opens each project to what changed it, by keyboard, with who and why', async () => {
    const ada = row(/ada@example\.edu/);
    expect(await ada.getAttribute('aria-expanded')).toBe('false');
    await pressEnter(ada);
    await expect.poll(() => ada.getAttribute('aria-expanded')).toBe('true');
    const causes = table().locator('tbody tr');
    await expect.poll(() => causes.count()).toBe(4);
    await causes
      .nth(1)
      .getByRole('link', { name: /aws_late\.csv/ })
      .waitFor();
    await causes.nth(1).getByText('+100.00').waitFor();
    await causes.nth(2).getByText('“Bob took the node over.”').waitFor();
    await causes.nth(2).getByText(ADA.email).waitFor();
    await causes.nth(2).getByText('−20.00').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await ada.press('Space');
    await expect.poll(() => causes.count()).toBe(2);
  });

  it('leads from a cause to its import, and back to the same two moments', async () => {
    await pressEnter(row(/ada@example\.edu/));
    await pressEnter(table().getByRole('link', { name: /aws_late\.csv/ }));
    await page.getByRole('heading', { level: 1, name: 'aws_late.csv' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
    await expect.poll(() => table().locator('tbody tr').count()).toBe(2);
  });

  it('takes other moments, typed and chosen by keyboard, and keeps them in the address', async () => {
    await choose('From', 'Before everything');
    await page.getByText('Nothing was in the ledger yet').waitFor();
    await expect.poll(async () => (await lines())[0]).toBe('ada@example.edu engine 3 events +2 0.00 +110.00 110.00');
    await choose('To', 'hpc_first');
    await expect.poll(async () => (await lines())[0]).toBe('ada@example.edu engine 1 event +2 0.00 +30.00 30.00');
    expect(query()).toMatchObject({ from: '0', to: expect.stringMatching(/^\d+$/) as string });
    await page.reload();
    await expect.poll(async () => (await lines())[0]).toBe('ada@example.edu engine 1 event +2 0.00 +30.00 30.00');
  });

  it('finds a PI among what changed, and says so if there is none', async () => {
    const find = page.getByRole('textbox', { name: 'Find' });
    await find.fill('BOB');
    await expect.poll(() => lines()).toEqual(['bob@example.edu wheel 1 event +1 0.00 +5.00 5.00']);
    await find.fill('nobody');
    await page.getByText('but none with “nobody” in it').waitFor();
    await find.fill('');
    await expect.poll(() => table().locator('tbody tr').count()).toBe(2);
  });

  it('says that nothing changed, and offers everything since the beginning', async () => {
    const { to = '' } = query();
    await open(page, `${PAGE}?from=${to}&to=${to}`, TITLE);
    await page.getByText('Nothing changed between the two.').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await pressEnter(page.getByRole('button', { name: 'Show everything since the beginning' }));
    await expect.poll(() => table().locator('tbody tr').count()).toBe(2);
    expect(query()).toEqual({ from: '0', to });
  });

  it('takes a date of a link, and refuses what is no moment with a way on', async () => {
    await open(page, `${PAGE}?from=2000-01-01&to=now`, TITLE);
    await expect.poll(async () => (await lines())[0]).toBe('ada@example.edu engine 3 events +2 0.00 +110.00 110.00');
    expect(await moment('From').inputValue()).toBe('2000-01-01');
    await open(page, `${PAGE}?from=yesterday`, TITLE);
    await page.getByText('yesterday').first().waitFor();
    await page.getByRole('alert').waitFor();
    await choose('From', 'Before everything');
    await expect.poll(() => table().locator('tbody tr').count()).toBe(2);
  });

  it('is there although charges were divided a moment ago, on whatever connection that was', async () => {
    const parts = [{ percent: '50', fundOrg: 'MATH-1' }, { fundOrg: 'MATH-2' }];
    await Promise.all(Array.from({ length: 12 }, () => office.api.post('/splits?dryRun=true', { ids: ['1-2'], parts })));
    await open(page, `${PAGE}?from=0`, TITLE);
    await expect.poll(() => table().locator('tbody tr').count()).toBe(2);
    expect(office.complaints).toEqual([]);
  });

  it('is empty for a period that nothing was imported into', async () => {
    await office.api.post('/periods', { period: '2025-06' });
    await open(page, '/periods/2025-06/history', 'June 2025: history');
    await page.getByText('Nothing changed between the two.').waitFor();
    expect(await page.getByRole('button', { name: 'Show everything since the beginning' }).count()).toBe(0);
  });

  it('is told not to be there of a period that nobody opened', async () => {
    await open(page, '/periods/2031-01/history', 'January 2031: history');
    await page.getByRole('alert').waitFor();
    expect(office.complaints.filter((each) => !each.includes('404') && !each.includes('400'))).toEqual([]);
  });
});
