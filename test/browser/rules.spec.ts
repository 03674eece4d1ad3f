import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namelessControls } from './accessible-names.js';
import { pressEnter } from './by-keyboard.js';
import { ADA, ConsoleOffice, importAs, open, VERA } from './console-office.js';

describe('the rules of the review', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start();
    page = await office.windowOf(ADA);
  });
  afterAll(() => office.stop());

  const reasons = (table: string) => page.getByRole('table', { name: table }).locator('tbody tr');

  it('say that there is no period before the first import', async () => {
    await open(page, '/rules', 'Review rules');
    await page.getByText('There is no period yet').waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('are tested on a period before they are saved, by keyboard', async () => {
    await importAs(office.api, 'sample_data/2025-09/azure_2025-09.csv', 'azure');
    await page.getByRole('button', { name: 'Test on September 2025' }).waitFor();
    await pressEnter(page.getByRole('button', { name: 'Add a pattern' }).first());
    await page.keyboard.type('storage');
    expect(await page.getByRole('textbox', { name: 'Flag pattern 3' }).inputValue()).toBe('storage');
    await pressEnter(page.getByRole('button', { name: 'Test on September 2025' }));
    await reasons('What the patterns would do').getByText('Matches “storage”').waitFor();
    await page.getByText(/would wait for review/).waitFor();
    await page.getByText('The patterns above are not saved').waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('name the pattern that can’t be saved, and why', async () => {
    await page.getByRole('button', { name: 'Add a pattern' }).first().click();
    await page.keyboard.type('(a');
    await page.getByText('test again').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The flag pattern “(a” does not compile').waitFor();
    await page.getByRole('button', { name: 'Remove (a' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The rules are saved').waitFor();
    await page.getByText(`Changed by ${ADA.email}`).waitFor();
  });

  it('flag a period again after a look at what that does', async () => {
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await reasons('What flagging September 2025 again would do').getByText('Matches “storage”').waitFor();
    await page.getByRole('button', { name: /^Flag \d+ charges again$/ }).click();
    await page.getByRole('dialog').getByLabel('Note').fill('Storage is looked at this month');
    await page.getByRole('dialog').getByRole('button', { name: 'Flag again' }).click();
    await page.getByText(/charges of September 2025 flagged again, \d+ to review/).waitFor();
    await open(page, '/review?flag=pattern_match%3Astorage', /Review/);
    await page.getByText('Matches “storage”').first().waitFor();
  });

  it('are read by everybody, and changed by admins', async () => {
    const reader = await office.windowOf(VERA);
    await reader.goto('/');
    await reader.getByRole('link', { name: 'Review rules' }).click();
    await reader.getByRole('region', { name: 'Flag patterns' }).getByText('storage').waitFor();
    expect(await reader.getByRole('button', { name: /Save|Test on|Add a pattern/ }).count()).toBe(0);
  });

  it('left the browser nothing to complain about', () => {
    expect(office.complaints).toEqual([]);
  });
});
