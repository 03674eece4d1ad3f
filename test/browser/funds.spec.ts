import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namelessControls } from './accessible-names.js';
import { pressEnter } from './by-keyboard.js';
import { ADA, ConsoleOffice, open, VERA } from './console-office.js';

const CHART = `fund_org,title,valid_from,valid_to,owner
BIO-1,Biology,2025-01-01,,dean.bio@wrenvalley.example
MATH-2,"Mathematics, pure",,2024-12-31,dean.math@wrenvalley.example
ART/3,Arts,2199-01-01,,
`;

describe('the chart of funds', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start();
    page = await office.windowOf(ADA);
  });
  afterAll(() => office.stop());

  const rows = () => page.getByRole('table', { name: 'Funds' }).locator('tbody tr');
  const dialog = () => page.getByRole('dialog');

  it('says that none is in use, and takes a file after showing what it holds', async () => {
    await open(page, '/funds', 'Funds');
    await page.getByText('No chart of funds is in use').waitFor();
    await page.getByRole('button', { name: 'Import' }).click();
    expect(await namelessControls(page)).toEqual([]);
    await dialog()
      .locator('input[type=file]')
      .setInputFiles(await office.file('wrong.csv', 'fund_org,valid_from\nBIO-1,1/2/2025\nX-1,\n'));
    await dialog().getByText('1 row can’t be taken').waitFor();
    await dialog().getByRole('cell', { name: 'valid_from' }).waitFor();
    expect(await dialog().getByRole('button', { name: 'Import' }).isDisabled()).toBe(true);
    await dialog()
      .locator('input[type=file]')
      .setInputFiles(await office.file('chart.csv', CHART));
    await dialog().getByRole('list', { name: 'Added' }).getByText('MATH-2').waitFor();
    await dialog().getByRole('button', { name: 'Import' }).click();
    await rows().getByText('Mathematics, pure').waitFor();
    expect(await rows().count()).toBe(3);
    await page.getByText('· 3 funds').waitFor();
  });

  it('finds funds by text and by how they stand today', async () => {
    await page.getByLabel('Search funds').fill('DEAN.');
    await expect.poll(() => rows().count()).toBe(2);
    await page.goto('/funds?standing=upcoming');
    await expect.poll(() => rows().allInnerTexts()).toEqual([expect.stringContaining('ART/3')]);
    await page.goto('/funds?text=nothing');
    await page.getByText('No fund fits').waitFor();
    await page.getByRole('button', { name: 'Show all funds' }).click();
    await expect.poll(() => rows().count()).toBe(3);
  });

  it('does not look for a text that was cleared while one typed', async () => {
    const own = await office.windowOf(ADA);
    await own.clock.install();
    await open(own, '/funds', 'Funds');
    const search = own.getByLabel('Search funds');
    // Nothing is sent before the typing pauses, and there is no time for that.
    await own.clock.pauseAt(Date.now() + 60_000);
    await search.fill('nothing');
    await own.getByRole('button', { name: 'Clear the search' }).click();
    await own.clock.runFor(10_000);
    expect([await search.inputValue(), new URL(own.url()).search]).toEqual(['', '']);
  });

  it('keeps the blank at which the typing paused', async () => {
    const own = await office.windowOf(ADA);
    await open(own, '/funds', 'Funds');
    const search = own.getByLabel('Search funds');
    await search.pressSequentially('fine ');
    await expect.poll(() => new URL(own.url()).search).toContain('fine');
    await search.pressSequentially('arts');
    expect(await search.inputValue()).toBe('fine arts');
  });

  it('opens, changes and retires a fund by keyboard, and shows what became of it', async () => {
    await page.getByRole('button', { name: 'ART/3' }).focus();
    await page.keyboard.press('Enter');
    await dialog().getByText('Came into the chart').waitFor();
    expect(page.url()).toContain('fund=ART%2F3');
    expect(await namelessControls(page)).toEqual([]);
    await pressEnter(dialog().getByRole('button', { name: 'Change' }));
    await dialog().getByLabel('Valid from').fill('2025-01-01');
    await dialog().getByLabel('Title').fill('Fine arts');
    await page.keyboard.press('Enter');
    await dialog().getByText('Title: Arts → Fine arts').waitFor();
    await pressEnter(dialog().getByRole('button', { name: 'Retire' }));
    await page.getByLabel('Last day').fill('2025-06-30');
    await page.getByLabel('Reason').fill('moves to the foundation');
    await pressEnter(page.getByRole('dialog', { name: 'Retire ART/3' }).getByRole('button', { name: 'Retire' }));
    await dialog().getByText('Valid to: – → 2025-06-30').waitFor();
    await dialog().getByText('“moves to the foundation”').waitFor();
    await dialog().getByText('Ended').waitFor();
    await page.getByRole('dialog', { name: 'Retire ART/3' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
  });

  it('knows the last file again, and shows what a whole chart would retire', async () => {
    await page.getByRole('button', { name: 'Import' }).click();
    await dialog()
      .locator('input[type=file]')
      .setInputFiles(await office.file('chart.csv', CHART));
    await dialog().getByText('This file was imported already').waitFor();
    await dialog().getByRole('radio', { name: 'are retired' }).check();
    await dialog()
      .locator('input[type=file]')
      .setInputFiles(await office.file('less.csv', 'fund_org\nMATH-2\n'));
    await dialog().getByLabel('Their last day').fill('2025-09-30');
    await dialog().getByRole('list', { name: 'Retired' }).getByText('Valid to: – → 2025-09-30').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('shows a viewer the chart, and no way to change it', async () => {
    const own = await office.windowOf(VERA);
    await open(own, '/funds?fund=BIO-1', 'Funds');
    await own.getByText('Came into the chart').waitFor();
    expect(await own.getByRole('button', { name: /^(Import|Add a fund|Change|Retire)$/ }).count()).toBe(0);
    expect(office.complaints).toEqual([]);
  });
});
