import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invoicedCsv } from '../support/invoiced-csv.js';
import { namelessControls } from './accessible-names.js';
import { pressEnter, pressEnterToOpen } from './by-keyboard.js';
import { ADA, ConsoleOffice, open, VERA } from './console-office.js';

const FILE = invoicedCsv([
  { billed: '1', resource: 'node-1', invoice: 'INV-1' },
  { billed: '2', resource: 'node-2', invoice: 'inv-1 ' },
  { billed: '4', resource: 'rack-1', invoice: 'INV-2' },
  { billed: '8', resource: 'shared-1', invoice: 'INV-2' },
]);

describe('the filters of the list of charges', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start({ settings: { review: { fund_org_patterns: ['(BIO|MATH)-'], flag_patterns: ['rack-\\d'] } } });
    await office.api.post('/attribution-rules', {
      name: 'A shared node',
      match: { source: 'hpc', resourceId: 'shared-*' },
      parts: [{ percent: '25', fundOrg: 'BIO-2' }, { fundOrg: 'MATH-2' }],
    });
    await office.importFile('hpc März.csv', FILE, 'hpc');
    page = await office.windowOf(VERA);
  });
  afterAll(() => office.stop());

  const rows = (): Locator => page.getByRole('table', { name: 'Charges' }).locator('tbody tr');
  const shown = (count: number): Promise<void> => expect.poll(() => rows().count()).toBe(count);
  const field = (name: string): Locator => page.getByRole('dialog', { name: 'More filters' }).getByRole('textbox', { name, exact: true });
  const chip = (text: string): Locator => page.getByRole('button', { name: `Take off the filter: ${text}`, exact: true });
  const query = (): Record<string, string> => Object.fromEntries(new URL(page.url()).searchParams);

  async function openFilters(): Promise<void> {
    await pressEnterToOpen(page.getByRole('button', { name: 'More filters' }), field('Project'));
  }

  it('are typed by keyboard, stand in the address, and are taken off one by one', async () => {
    await open(page, '/charges?period=2025-03', 'Charges');
    await shown(6);
    await openFilters();
    expect(await namelessControls(page)).toEqual([]);
    await field('Invoice').fill(' INV-1 ');
    await field('Invoice').press('Enter');
    await chip('Invoice INV-1').waitFor();
    await shown(2);
    expect(query()).toEqual({ period: '2025-03', invoiceId: 'INV-1' });
    await openFilters();
    expect(await field('Invoice').inputValue()).toBe('INV-1');
    await field('Fund/org').fill('MATH-9');
    await field('Fund/org').press('Enter');
    await page.getByText('No charge fits all of these filters').waitFor();
    await pressEnter(chip('Fund/org MATH-9'));
    await shown(2);
    await pressEnter(page.getByRole('button', { name: 'Clear', exact: true }));
    await shown(6);
    expect(query()).toEqual({ period: '2025-03' });
  });

  it('say what they take, before anything is asked', async () => {
    await openFilters();
    await field('Attribution rule').fill('shared');
    await field('Import, adjustment or split').fill('the first');
    await field('Project').press('Enter');
    await page.getByText('Write R3, or R3.2 for its second version').waitFor();
    await page.getByText('Write its number, such as 12').waitFor();
    await field('Import, adjustment or split').fill('');
    await field('Attribution rule').fill('1');
    await field('Attribution rule').press('Enter');
    await chip('Rule R1').waitFor();
    await shown(3);
  });

  it('find the parts of divided charges, and what brought them', async () => {
    await openFilters();
    await page.getByRole('dialog', { name: 'More filters' }).getByRole('combobox', { name: 'Kind' }).press('ArrowDown');
    await page.getByRole('option', { name: 'Parts of divided charges' }).click();
    await field('Project').press('Enter');
    await chip('Kind Parts of divided charges').waitFor();
    await shown(2);
    expect(query()).toEqual({ period: '2025-03', attributionRule: 'R1', kind: 'part' });
    await page.reload();
    await shown(2);
    const download: Promise<Download> = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    expect(
      csv
        .trim()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(',')[7]),
    ).toEqual(['BIO-2', 'MATH-2']);
    await open(page, '/splits?split=2', 'Splits');
    await page.getByRole('dialog').getByRole('link', { name: 'All of them in the list of charges' }).click();
    await chip('Brought by 2').waitFor();
    await shown(2);
  });

  it('offer the patterns of the review as reasons', async () => {
    await open(page, '/charges', 'Charges');
    await page.getByRole('combobox', { name: 'Reason for review' }).click();
    await page.getByRole('option', { name: 'Matches “rack-\\d”' }).click();
    await shown(1);
    expect(query()).toEqual({ flag: 'pattern_match:rack-\\d' });
  });

  it('are those of a decision on all that match', async () => {
    const own = await office.windowOf(ADA);
    await open(own, '/charges?period=2025-03&invoiceId=INV-2&kind=imported&importId=1', 'Charges');
    await expect.poll(() => own.getByRole('table', { name: 'Charges' }).locator('tbody tr').count()).toBe(2);
    const answer = await office.api.post<{ count: number }>('/review/approve?dryRun=true', {
      filter: { period: '2025-03', invoiceId: 'INV-2', kind: ['imported'], importId: 1 },
    });
    expect(answer.count).toBe(1);
    await open(own, '/review?period=2025-03&invoiceId=INV-2', 'Review');
    await own.getByRole('checkbox', { name: 'Select all charges of this page' }).check();
    await own.getByRole('toolbar').getByRole('button', { name: 'Approve' }).click();
    await own
      .getByRole('dialog')
      .getByRole('button', { name: /^Approve/ })
      .click();
    await own.getByText('No flagged charge matches').waitFor();
  });

  it('and the file that brought the charges comes back from the page of its import', async () => {
    await open(page, '/imports/1', 'hpc März.csv');
    const download: Promise<Download> = page.waitForEvent('download');
    await pressEnter(page.getByRole('link', { name: 'Download the file' }));
    const file = await download;
    expect(file.suggestedFilename()).toBe('hpc März.csv');
    expect(await readFile(await file.path(), 'utf8')).toBe(FILE);
    await page.getByRole('link', { name: 'those it brought' }).click();
    await chip('Brought by 1').waitFor();
    await shown(4);
    expect(await namelessControls(page)).toEqual([]);
    expect(office.complaints).toEqual([]);
  });
});
