import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { namelessControls } from './accessible-names.js';
import { pressEnter, pressEnterToOpen } from './by-keyboard.js';
import { ADA, ConsoleOffice, open, VERA } from './console-office.js';

const SETTINGS = {
  imports: { known_sources: [{ name: 'hpc', fund_org: 'RC-1' }, { name: 'tape' }] },
  review: {},
  journal: { default_account: '54000', account_code_regex: '^[0-9]{5}$' },
};
const HPC: readonly FocusRow[] = [
  { billed: '100', resource: 'node-1' },
  { billed: '40.5', resource: 'node-2', tags: tags({ account_code: 'GL-9' }) },
];
const TAPE: readonly FocusRow[] = [{ billed: '10.005', resource: 'tape-1' }];

/** A month whose journal is refused, mended, booked, changed and booked again. */
describe('the journal of a month', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start({ settings: SETTINGS });
    page = await office.windowOf(ADA);
  });
  afterAll(() => office.stop());

  const tab = (name: string): Promise<void> => page.getByRole('tab', { name }).click();
  const problems = (): Locator => page.getByRole('list', { name: 'Problems' }).getByRole('listitem');
  const exports = (): Locator => page.getByRole('table', { name: 'Exported journals' }).locator('tbody tr');
  const booked = (): Locator => page.getByRole('table', { name: 'Booked against the ledger' }).locator('tbody tr');

  async function exported(button: string): Promise<{ readonly name: string; readonly text: string }> {
    const download: Promise<Download> = page.waitForEvent('download');
    await pressEnter(page.getByRole('button', { name: button, exact: true }));
    const file = await download;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  }

  async function recordPosting(number: number, documentNumber: string): Promise<void> {
    const menu = page.getByRole('menuitem', { name: 'Record posting …' });
    await pressEnterToOpen(page.getByRole('button', { name: `What became of journal ${number}` }), menu);
    await menu.press('Enter');
    const dialog = page.getByRole('dialog', { name: `Record the posting of journal ${number}` });
    await dialog.getByLabel('Document number').fill(documentNumber);
    await pressEnter(dialog.getByRole('button', { name: 'Record posting' }));
    await page.getByText(`Journal ${number} is posted as ${documentNumber}`).waitFor();
    await dialog.waitFor({ state: 'detached' });
  }

  it('says that there is none before the first import', async () => {
    await open(page, '/journal', 'Journal');
    await page.getByText('There is no billing period yet').waitFor();
    await tab('Booked');
    await page.getByText('There is no billing period yet').waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('shows before it is written what keeps it from being booked, and leads to what mends it', async () => {
    await office.importFile('hpc_2025-03.csv', focusCsv(HPC), 'hpc');
    await office.importFile('tape_2025-03.csv', focusCsv(TAPE), 'tape');
    await open(page, '/journal?period=2025-03', 'Journal');
    await page.getByText('Not balanced.').waitFor();
    await expect.poll(() => problems().count()).toBe(3);
    expect(await page.getByRole('button', { name: 'Export', exact: true }).isDisabled()).toBe(true);
    expect(await namelessControls(page)).toEqual([]);

    await problems().filter({ hasText: 'has no fund/org to credit' }).getByRole('link', { name: 'Source tape' }).click();
    await page.getByRole('heading', { level: 1, name: 'tape' }).waitFor();
    await page.getByLabel('Credit fund/org').fill('RC-2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/saved/i).first().waitFor();

    await open(page, '/journal?period=2025-03', 'Journal');
    await page.getByText('Balanced.').waitFor();
    await expect.poll(() => problems().count()).toBe(1);
    await problems().getByRole('link', { name: 'Show the charges' }).click();
    await page.getByRole('heading', { level: 1, name: 'Charges' }).waitFor();
    const concerned = page.getByRole('table', { name: 'Charges' }).getByRole('checkbox', { name: /^Select charge/ });
    await expect.poll(() => concerned.count()).toBe(2);
  });

  it('is mended by a reattribution, and written', async () => {
    await reattribute(page, 'node-2', { Account: '54100' });
    await open(page, '/journal?period=2025-03', 'Journal');
    await page.getByText('Debits and credits are both $150.51.').waitFor();
    await expect.poll(() => problems().count()).toBe(0);
    const { name, text } = await exported('Export');
    expect(name).toBe('journal_2025-03_template_1.csv');
    expect(text.split('\n').filter((line) => line !== '')).toHaveLength(1 + 5);
    await page.getByText('Journal 1 is written').waitFor();
  });

  it('is recorded as posted, with its document number', async () => {
    await tab('Exports');
    await expect.poll(() => exports().count()).toBe(1);
    await recordPosting(1, 'JV-1');
    await exports()
      .getByText(/^JV-1, \d{4}-\d\d-\d\d$/)
      .waitFor();
    const drawer = page.getByRole('dialog', { name: 'Journal 1 of March 2025' });
    await pressEnterToOpen(page.getByRole('button', { name: 'Journal 1', exact: true }), drawer);
    await drawer.getByText('Posted as JV-1').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await tab('Booked');
    await page.getByText('No difference.').waitFor();
    expect(await booked().allInnerTexts()).toEqual([
      expect.stringMatching(/^MATH-100\s+PI, debited\s+150\.51\s+150\.51\s+0\.00/),
      expect.stringMatching(/^RC-1\s+Source, credited\s+140\.50\s+140\.50\s+0\.00/),
      expect.stringMatching(/^RC-2\s+Source, credited\s+10\.01\s+10\.01\s+0\.00/),
    ]);
  });

  it('differs from what is booked once a charge is reattributed', async () => {
    await open(page, '/charges?period=2025-03', 'Charges');
    await reattribute(page, 'node-1', { 'Fund/org': 'BIO-7' });
    await open(page, '/journal?period=2025-03&tab=booked', 'Journal');
    await page.getByText('The ledger has changed since').waitFor();
    await page.getByText('2 of 4 differ').waitFor();
    await page.getByLabel('Only differences').check();
    await expect.poll(() => booked().count()).toBe(2);
    expect(await booked().allInnerTexts()).toEqual([
      expect.stringMatching(/^BIO-7\s+PI, debited\s+0\.00\s+100\.00\s+100\.00/),
      expect.stringMatching(/^MATH-100\s+PI, debited\s+150\.51\s+50\.51\s+−100\.00/),
    ]);
    expect(await namelessControls(page)).toEqual([]);
  });

  it('is followed by a delta, and then there is no difference', async () => {
    await page.getByRole('link', { name: 'Write a delta …' }).click();
    await page.getByText('It holds the differences to journal 1 (Template, posted)').waitFor();
    await page.getByText('Debits and credits are both $100.00.').waitFor();
    const { name, text } = await exported('Export the delta');
    expect(name).toBe('journal_2025-03_template_delta_2.csv');
    expect(text.split('\n').filter((line) => line !== '')).toHaveLength(1 + 2);
    await page.getByText('Journal 2 is written').waitFor();
    // Written and not decided: nobody can tell another delta.
    await page
      .getByText(/Journal 2 .* is neither posted nor void/)
      .first()
      .waitFor();
    expect(await page.getByRole('radio', { name: 'Only what changed (delta)' }).isDisabled()).toBe(true);
    await tab('Exports');
    await exports().getByText('delta to 1').waitFor();
    await recordPosting(2, 'JV-2');
    await tab('Booked');
    await page.getByText('No difference.').waitFor();
    await page.getByText('Journals 1 (Template, posted) and 2 (Template, delta, posted) count as booked').waitFor();
    await tab('Write');
    await page.getByText('Nothing changed').first().waitFor();
    expect(await page.getByRole('button', { name: 'Export the delta' }).isDisabled()).toBe(true);
  });

  it('is void with a reason, and the mark is taken back', async () => {
    await tab('Exports');
    const menu = page.getByRole('menuitem', { name: 'Void …' });
    await pressEnterToOpen(page.getByRole('button', { name: 'What became of journal 2' }), menu);
    await menu.press('Enter');
    const voiding = page.getByRole('dialog', { name: 'Void journal 2' });
    await voiding.getByText('Only if accounting has reversed document JV-2.').waitFor();
    expect(await voiding.getByRole('button', { name: 'Void' }).isDisabled()).toBe(true);
    await voiding.getByLabel('Reason').fill('Reversed by JV-3');
    await voiding.getByRole('button', { name: 'Void' }).click();
    await page.getByText('Journal 2 is void').waitFor();
    await tab('Booked');
    await page.getByText('The ledger has changed since').waitFor();
    await tab('Exports');
    await exports().getByText('Reversed by JV-3').waitFor();
    const back = page.getByRole('menuitem', { name: 'Take the mark back …' });
    await pressEnterToOpen(page.getByRole('button', { name: 'What became of journal 2' }), back);
    await back.press('Enter');
    const taking = page.getByRole('dialog', { name: 'Take the mark of journal 2 back' });
    await taking.getByLabel('Reason').fill('It was another document');
    await taking.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('The mark of journal 2 is taken back: it is posted').waitFor();
  });

  it('is written in other formats and by other templates, never as a delta of charges', async () => {
    await open(page, '/journal?period=2025-03', 'Journal');
    await page.getByText('This month is booked already').waitFor();
    await page.getByRole('combobox', { name: 'Template' }).click();
    await page.getByRole('option', { name: 'kuali_collector.txt' }).click();
    await problems().getByText('chart is missing').waitFor();
    expect(await page.getByRole('button', { name: 'Export', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('combobox', { name: 'Template' }).click();
    await page.getByRole('option', { name: 'banner_gurfeed.txt' }).click();
    await expect.poll(() => page.getByRole('combobox', { name: 'Template' }).inputValue()).toBe('banner_gurfeed.txt');
    expect(new URL(page.url()).searchParams.get('template')).toBe('banner_gurfeed.txt');
    expect((await exported('Export')).name).toBe('journal_2025-03_banner_gurfeed_3.txt');
    await page.getByRole('radio', { name: 'Detail' }).check();
    await page.getByText('charges have no differences').waitFor();
    await page.getByText('3 charges, a row for each').waitFor();
    await page.getByRole('radio', { name: 'Summary' }).check();
    await page.getByText('There is nothing to balance', { exact: false }).waitFor();
    await page
      .getByText(/were posted and .* too, which a delta/)
      .first()
      .waitFor();
  });

  it('has rows of zero where they are asked for, and says why where they can’t be', async () => {
    const free = tags({ fund_org: 'FREE-1' });
    const rows: readonly FocusRow[] = [
      { billed: '3', resource: 'node-5', tags: free },
      { billed: '-3', resource: 'node-6', tags: free },
    ];
    await office.importFile('refunded_2025-03.csv', focusCsv(rows), 'hpc');
    await open(page, '/journal?period=2025-03&format=gl', 'Journal');
    const zeros = page.getByRole('checkbox', { name: 'Also what comes to nothing' });
    const entries = page.getByRole('table', { name: 'Journal entries' });
    await entries.getByText('MATH-100').waitFor();
    expect([await zeros.isChecked(), await entries.getByText('FREE-1').count()]).toEqual([false, 0]);
    await zeros.press('Space');
    await entries.getByText('FREE-1').waitFor();
    expect(new URL(page.url()).searchParams.get('zero')).toBe('yes');
    expect(await namelessControls(page)).toEqual([]);
    const { text } = await exported('Export');
    expect(text).toContain('\r\n2025-03,FREE-1,2025-03 Research Computing Charges,0.00,\r\n');
    await tab('Exports');
    await exports().getByText('with rows of zero').waitFor();

    await tab('Write');
    await page.getByRole('radio', { name: 'Summary' }).check();
    await page.getByText('Summary has it anyway.').waitFor();
    expect([await zeros.isChecked(), await zeros.isDisabled()]).toEqual([true, true]);
    await page.getByRole('radio', { name: 'GL' }).check();
    await page.getByRole('radio', { name: 'Only what changed (delta)' }).check();
    await page.getByText('Not in a delta: it has only what changed.').waitFor();
    expect([await zeros.isChecked(), await zeros.isDisabled()]).toEqual([false, true]);
    await page.getByRole('radio', { name: 'The whole month' }).check();
    await entries.getByText('FREE-1').waitFor();
    expect([await zeros.isChecked(), await zeros.isDisabled()]).toEqual([true, false]);
  });

  it('is seen by a viewer, who changes nothing', async () => {
    const reader = await office.windowOf(VERA);
    await open(reader, '/journal?period=2025-03', 'Journal');
    await reader.getByText('A reviewer writes journals').waitFor();
    await reader.getByText('Balanced.').waitFor();
    expect(await reader.getByRole('button', { name: /^Export/ }).count()).toBe(0);
    await reader.getByRole('tab', { name: 'Exports' }).click();
    await reader.getByRole('link', { name: 'Download journal 1' }).waitFor();
    expect(await reader.getByRole('button', { name: /^What became of/ }).count()).toBe(0);
    await reader.getByRole('tab', { name: 'Booked' }).click();
    await reader.getByRole('table', { name: 'Booked against the ledger' }).waitFor();
    expect(await namelessControls(reader)).toEqual([]);
  });

  it('left the browser nothing to complain about', () => {
    expect(office.complaints).toEqual([]);
  });
});

/** In the list of charges. */
async function reattribute(page: Page, resource: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const row = page.getByRole('table', { name: 'Charges' }).locator('tbody tr').filter({ hasText: resource });
  await row.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Reattribute' }).click();
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(value);
  await dialog.getByRole('button', { name: /^Reattribute/ }).click();
  await dialog.waitFor({ state: 'detached' });
}
