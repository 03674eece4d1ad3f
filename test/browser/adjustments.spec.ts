import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { type FocusRow, focusCsv } from '../support/focus-csv.js';
import { namelessControls } from './accessible-names.js';
import { pressEnter } from './by-keyboard.js';
import { ADA, ConsoleOffice, open, VERA } from './console-office.js';

const JANUARY: readonly FocusRow[] = [
  { period: '2025-01', billed: '10.5', list: '21', resource: 'node-1' },
  { period: '2025-01', billed: '100', list: '120', resource: 'node-2', service: 'GPU' },
];

describe('adjustments', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start();
    const { api } = office;
    await office.importFile('january.csv', focusCsv(JANUARY), 'hpc');
    // The sample's settings know no such fund/org.
    await api.post('/review/approve', { filter: { period: '2025-01' } });
    const { runId } = await api.post<{ runId: number }>('/periods/2025-01/statement-runs');
    await eventually(async () => ((await api.get<{ state: string }>(`/statement-runs/${runId}`)).state === 'completed' ? true : undefined));
    await api.post('/periods/2025-01/close');
    await api.post('/periods/2025-01/finalize', { force: { reason: 'no journal in this test' } });
    await office.importFile('february.csv', focusCsv([{ period: '2025-02', billed: '30' }]), 'hpc');
    page = await office.windowOf(ADA);
  });
  afterAll(() => office.stop());

  const dialog = () => page.getByRole('dialog');

  it('says where to begin while nothing was adjusted', async () => {
    await open(page, '/adjustments', 'Adjustments');
    await page.getByText('Nothing was adjusted').waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('credits a part of a charge by keyboard, after showing what it comes to', async () => {
    await open(page, '/charges/1-3', 'Charge 1-3');
    await pressEnter(page.getByRole('button', { name: 'Adjust' }));
    await dialog().getByLabel('Reason').fill('Half a day of outage');
    await dialog().getByText('Per cent', { exact: true }).click();
    await dialog().getByRole('textbox', { name: 'Per cent' }).fill('130');
    await page.keyboard.press('Enter');
    await dialog().getByText('130 per cent is no part of a charge').waitFor();
    await dialog().getByRole('textbox', { name: 'Per cent' }).fill('25');
    await page.keyboard.press('Enter');
    await dialog().getByRole('table', { name: 'What would be booked' }).getByText('−$25.00').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await pressEnter(dialog().getByRole('button', { name: 'Book it' }));
    await dialog().waitFor({ state: 'hidden' });
    await page.getByRole('list', { name: 'Adjustments' }).getByText('“Half a day of outage”').waitFor();
    await page
      .getByRole('list', { name: 'Adjustments' })
      .getByRole('link', { name: /^Charge/ })
      .click();
    await page.getByText('This charge is an adjustment of').waitFor();
    await page.getByText('Booked as an adjustment').waitFor();
  });

  it('credits what is left of a statement', async () => {
    await open(page, '/statements?period=2025-01', 'Statements');
    await page
      .getByRole('button', { name: /ada@example.edu/ })
      .first()
      .press('Enter');
    await pressEnter(dialog().getByRole('button', { name: 'Adjust' }));
    const form = page.getByRole('dialog', { name: /Adjust the statement/ });
    await form.getByLabel('Reason').fill('Billed to the wrong grant');
    await form.getByRole('button', { name: 'Show what would be booked' }).click();
    await form.getByText('2 charges in February 2025').waitFor();
    await form.getByText('−$85.50').waitFor();
    await form.getByRole('button', { name: 'Book it' }).click();
    await form.waitFor({ state: 'hidden' });
  });

  it('lists them, and withdraws one while its period is open', async () => {
    await open(page, '/adjustments', 'Adjustments');
    const rows = page.getByRole('table', { name: 'Adjustments' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByRole('button', { name: 'Withdraw adjustment 3' }).click();
    await dialog().getByLabel('Reason').fill('It was right');
    await dialog().getByRole('button', { name: 'Withdraw' }).click();
    await rows.getByText('Withdrawn').waitFor();
    expect(await page.getByRole('button', { name: /^Withdraw adjustment/ }).count()).toBe(1);
  });

  it('shows them to a viewer, who changes none', async () => {
    const own = await office.windowOf(VERA);
    await open(own, '/adjustments', 'Adjustments');
    await own.getByText('Billed to the wrong grant').waitFor();
    await open(own, '/charges/1-3', 'Charge 1-3');
    expect(await own.getByRole('button', { name: /Withdraw|Adjust/ }).count()).toBe(0);
    expect(office.complaints).toEqual([]);
  });
});
