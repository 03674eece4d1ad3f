import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { namelessControls } from './accessible-names.js';
import { ADA, ConsoleOffice, open, signIn } from './console-office.js';

const PERIOD = '2025-09';
const SOURCES = ['aws', 'azure', 'hpc', 'openai', 'storage'];

interface Totals {
  readonly lines: number;
  readonly flagged: number;
  readonly billed: string;
  readonly list: string;
  readonly statements: number;
}
interface Step {
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  readonly source?: string;
  readonly pi?: string;
  readonly project?: string;
  readonly note: string;
}

const expected = JSON.parse(readFileSync(`sample_data/expected/${PERIOD}/totals.json`, 'utf8')) as Totals;
const steps = (parse(readFileSync('sample_data/review.yaml', 'utf8')) as Readonly<Record<string, readonly Step[]>>)[PERIOD] ?? [];

let office: ConsoleOffice;
let page: Page;

beforeAll(async () => {
  office = await ConsoleOffice.start({ withPostgres: true });
  page = await office.window();
});
afterEach(async ({ task }) => {
  // What was on the screen says more than the locator that waited in vain.
  if (task.result?.state === 'fail') process.stderr.write(`${page.url()}\n${await page.locator('body').ariaSnapshot()}\n`);
});
afterAll(() => office.stop());

/** A month as the office works through it, step by step on one program; the results are those of the sample's oracle. */
describe('a month in the console', () => {
  it('refuses a wrong password with the reason, and lets the right one in', async () => {
    await page.goto('/statements');
    await page.waitForURL(/\/sign-in\?back=/);
    await signIn(page, ADA.email, 'wrong');
    await page.getByRole('alert').getByText('The email address or the password is wrong.').waitFor();

    await signIn(page, ADA.email, ADA.password);
    // Back to where the visitor wanted to go.
    await page.getByRole('heading', { level: 1, name: 'Statements' }).waitFor();
    await page.getByText('There is no billing period yet').waitFor();
  });

  it('tries files with a dry run, then imports them', async () => {
    await open(page, '/imports', 'Imports');
    await page
      .getByLabel('FOCUS files', { exact: true })
      .setInputFiles(SOURCES.map((source) => `sample_data/${PERIOD}/${source}_${PERIOD}.csv`));
    // The source is guessed by the file's name.
    await expect.poll(() => page.getByRole('combobox', { name: 'Source of hpc_2025-09.csv' }).inputValue()).toBe('Heron cluster');

    const card = page.getByRole('article', { name: 'azure_2025-09.csv' });
    await card.getByRole('button', { name: 'Dry run' }).click();
    await card.getByText('Dry run: can be imported').waitFor();
    await card.getByText('86 lines, 5 flagged').waitFor();
    await page.getByText('Nothing has been imported yet').waitFor();

    await page.getByRole('button', { name: 'Import all 5' }).click();
    await expect
      .poll(() => page.getByRole('table', { name: 'Imports' }).getByText('Recorded').count(), { timeout: 60_000 })
      .toBe(SOURCES.length);
    await open(page, '/', 'September 2025');
    await page.getByText(`${expected.flagged} charges wait for review.`).waitFor();
    await page.getByText(`${expected.lines} charges`).waitFor();
  });

  it('recognises a file that was imported before', async () => {
    await open(page, '/imports', 'Imports');
    await page.getByLabel('FOCUS files', { exact: true }).setInputFiles(`sample_data/${PERIOD}/hpc_${PERIOD}.csv`);
    const card = page.getByRole('article', { name: 'hpc_2025-09.csv' });
    await card.getByRole('button', { name: 'Import', exact: true }).click();
    await card.getByText('Was imported before; nothing changed').waitFor();
  });

  it('rejects a charge by keyboard and takes it back', async () => {
    // One kind of charge alone: which import comes first in the list depends on which upload was received first.
    await open(page, `/review?${new URLSearchParams({ text: 'genome-atlas on gpu' }).toString()}`, 'Review');
    await page.getByRole('table', { name: 'Charges' }).getByText('genome-atlas on gpu').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('r');
    await page.getByRole('dialog', { name: 'Reject this charge' }).getByLabel('Note').fill('On second thought');
    await page.keyboard.press('Enter');
    await page.getByText(`${expected.flagged - 1} charges wait for a decision`).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(`${expected.flagged} charges wait for a decision`).waitFor();
  });

  it('says why a charge without PI is not approved, and tells its story', async () => {
    await open(page, `/review?flag=missing_pi_email`, 'Review');
    await page.getByLabel('Select all charges of this page').check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Approve/ }).click();
    await dialog
      .getByRole('alert')
      .getByText(/^Nothing was changed: .* has no valid PI; reattribute it/)
      .waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('table', { name: 'Charges' }).getByText('no PI').first().click();
    const drawer = page.getByRole('dialog', { name: /^Charge \d+-\d+/ });
    await drawer.getByText('Nobody has decided on this charge.').waitFor();
    await drawer.getByText('ServiceName').waitFor();
    await drawer.getByRole('link', { name: 'Its whole story' }).click();
    await page.getByRole('heading', { level: 1, name: /^Charge \d+-\d+$/ }).waitFor();
    await page
      .getByRole('list', { name: 'Flags' })
      .getByText(/^Every line must name a PI, in the tag “/)
      .waitFor();
    await page.getByText('Imported', { exact: true }).waitFor();
    await page.getByRole('table', { name: 'The line as imported' }).getByText('BillingCurrency').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).getAttribute('aria-disabled')).toBe('true');
    expect(await namelessControls(page)).toEqual([]);
  });

  it('leads from the list to a charge and on to the next by keyboard, and decides there', async () => {
    await open(page, '/charges?flag=missing_fund_org', 'Charges');
    const links = page.getByRole('table', { name: 'Charges' }).getByRole('link', { name: /^Charge \d+-\d+, / });
    const [first, second] = (await Promise.all([links.nth(0).innerText(), links.nth(1).getAttribute('href')])).map(String);
    expect(first).toMatch(/2025-09/);
    await links.nth(0).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Next charge of the list' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === second);
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByRole('dialog', { name: 'Reject this charge' }).getByLabel('Note').fill('Nobody pays for this');
    await page.keyboard.press('Enter');
    await page.getByText('“Nobody pays for this”').waitFor();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('dialog', { name: 'Restore this charge' }).getByRole('button', { name: 'Restore' }).click();
    await page.getByText('Restored', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await page.waitForURL(/\/charges\?flag=missing_fund_org$/);
  });

  it('leads on from a charge that is not there', async () => {
    await open(page, '/charges/99999-2', 'Charge 99999-2');
    await page.getByText('There is no such charge').waitFor();
    await page.getByRole('link', { name: 'To the list of charges' }).click();
    await page.getByRole('heading', { level: 1, name: 'Charges' }).waitFor();
  });

  it('decides on all that match a range of amounts, and puts them back from the list of charges', async () => {
    await open(page, `/review?period=${PERIOD}`, 'Review');
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByLabel('Amount from').fill('20');
    await page.getByLabel('Amount to').fill('9');
    await page.keyboard.press('Enter');
    await page.getByText('This is less than where the range begins').waitFor();
    await page.getByLabel('Amount to').fill('1,000');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Amount 20 to 1000' }).waitFor();
    await page.getByLabel('Select all charges of this page').check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Reject' }).click();
    await page.getByRole('dialog').getByLabel('Note').fill('Large ones first');
    await page.keyboard.press('Enter');
    await page.getByText('No flagged charge matches').waitFor();

    await open(page, `/charges?period=${PERIOD}&standing=rejected&standing=flagged&amountFrom=20`, 'Charges');
    await page.getByLabel('Select all charges of this page').check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Restore' }).click();
    const dialog = page.getByRole('dialog', { name: /^Restore \d+ charges$/ });
    await dialog.getByText(/will wait for review again/).waitFor();
    await dialog.getByRole('button', { name: /^Restore/ }).click();
    await dialog.waitFor({ state: 'hidden' });
    await open(page, '/review', 'Review');
    await page.getByText(`${expected.flagged} charges wait for a decision`).waitFor();
  });

  it('decides on every flagged charge, in bulk by filter', async () => {
    for (const { decision, reason, source, pi, project, note } of steps) {
      const filter = new URLSearchParams({
        flag: reason,
        ...(source && { source }),
        ...(pi && { piEmail: pi }),
        ...(project && { projectId: project }),
      });
      await open(page, `/review?${filter.toString()}`, 'Review');
      await page.getByLabel('Select all charges of this page').check();
      const verb = decision === 'approve' ? 'Approve' : 'Reject';
      await page.getByRole('toolbar').getByRole('button', { name: verb }).click();
      await page.getByRole('dialog').getByLabel('Note').fill(note);
      await page.keyboard.press('Enter');
      await page.getByText(/^(No flagged charge matches|Every charge is decided)$/).waitFor();
    }
    await open(page, '/', 'September 2025');
    await page.getByText('Every charge is decided. Close the period once all files are in.').waitFor();
    await page.getByText(`$${grouped(expected.billed)}`, { exact: true }).waitFor();
    await page.getByText(`$${grouped(expected.list)}`, { exact: true }).waitFor();
  });

  it('closes the period, and says why a late file is refused', async () => {
    await open(page, `/periods/${PERIOD}`, 'September 2025');
    await page.getByRole('button', { name: 'Close …' }).click();
    await page.getByRole('button', { name: 'Close the period' }).click();
    await page.getByText('The period is closed to imports').waitFor();

    await open(page, '/imports', 'Imports');
    const late = await readFile(`sample_data/${PERIOD}/hpc_${PERIOD}.csv`, 'utf8');
    await page
      .getByLabel('FOCUS files', { exact: true })
      .setInputFiles({ name: 'hpc_late.csv', mimeType: 'text/csv', buffer: Buffer.from(`${late.trimEnd()}\n\n`) });
    const card = page.getByRole('article', { name: 'hpc_late.csv' });
    await card.getByRole('button', { name: 'Dry run' }).click();
    await card.getByText('Dry run: would be refused').waitFor();
    await card
      .getByText(/closed/)
      .first()
      .waitFor();
  });

  it('generates and sends the statements, whose PDFs open', async () => {
    await open(page, '/statements', 'Statements');
    await page.getByRole('button', { name: 'Generate …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Generate statements of September 2025' });
    await dialog.getByText(`${expected.statements} statements will be made`).waitFor();
    await dialog.getByRole('switch').check();
    await dialog.getByRole('button', { name: 'Generate and send' }).click();
    await expect
      .poll(() => page.getByRole('table', { name: 'Statements' }).getByText('Written to folder').count(), { timeout: 90_000 })
      .toBe(expected.statements);
    await page.getByText(`$${grouped(expected.billed)}`, { exact: true }).waitFor();

    const address = await page
      .getByRole('link', { name: /^PDF of ingrid/ })
      .first()
      .getAttribute('href');
    const pdf = await page.request.get(address ?? '');
    expect(pdf.headers()['content-type']).toBe('application/pdf');
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('shows the message to a PI in a frame where no script runs', async () => {
    await page.getByRole('table', { name: 'Statements' }).getByText('wenhui.li').first().click();
    const frame = page.getByTitle('Message to wenhui.li@wrenvalley.example');
    await frame.contentFrame().getByRole('heading', { name: 'Charges for September 2025' }).waitFor();
    expect(await frame.getAttribute('sandbox')).toBe('');
    await page.getByRole('tab', { name: 'Revisions' }).click();
    await page.getByRole('link', { name: 'Revision 1' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('exports the journal that accounting expects, to the byte', async () => {
    await open(page, '/journal', 'Journal');
    await page.getByText(`Debits and credits are both $${grouped(expected.billed)}.`).waitFor();
    await page.getByRole('radio', { name: 'Summary' }).check();
    await page.getByText('there is nothing to balance').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const file = await readFile(await (await download).path(), 'utf8');
    expect(file).toBe(await readFile(`sample_data/expected/${PERIOD}/journal_summary.csv`, 'utf8'));
    await page.getByRole('tab', { name: 'Exports' }).click();
    await page.getByRole('table', { name: 'Exported journals' }).getByText('Summary', { exact: true }).waitFor();
  });

  it('finalizes the period, after which it takes no decision', async () => {
    await open(page, `/periods/${PERIOD}`, 'September 2025');
    await page.getByText('A journal of the final ledger is exported').waitFor();
    await page.getByRole('button', { name: 'Finalize …' }).click();
    await page.getByLabel('Notes').fill('Booked');
    await page.getByRole('button', { name: 'Finalize for good' }).click();
    await page.getByText('“Booked”').waitFor();
    expect(await page.getByRole('button', { name: /^(Close|Reopen|Finalize)/ }).count()).toBe(0);

    await open(page, '/review', 'Review');
    await page.getByText('September 2025 is finalized and takes no more decisions.').waitFor();
  });

  it('signs out, and asks who is there on the next visit', async () => {
    await page.getByRole('button', { name: `Account of ${ADA.name}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.goto('/journal');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  it('left the browser nothing to complain about', () => {
    expect(office.complaints).toEqual([]);
  });
});

/** `11277.72` as the console writes it. */
function grouped(amount: string): string {
  return amount.replace(/\B(?=(\d{3})+\.)/g, ',');
}
