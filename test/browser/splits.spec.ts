import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FocusRow, focusCsv } from '../support/focus-csv.js';
import { namelessControls } from './accessible-names.js';
import { pressEnter } from './by-keyboard.js';
import { ADA, ConsoleOffice, open, VERA } from './console-office.js';

const ROWS: readonly FocusRow[] = [
  { billed: '10', list: '20', resource: 'node-1' },
  { billed: '0.333333', resource: 'node-2' },
  { billed: '1000', resource: 'licence-1', service: 'Licences' },
  { billed: '50', resource: 'rack-1' },
];
/** More than a page, in a month of their own. */
const MANY: readonly FocusRow[] = Array.from({ length: 120 }, (_, index) => ({
  period: '2025-04',
  billed: '3',
  resource: `core-${index + 1}`,
}));

describe('divided charges', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start({ settings: { review: { fund_org_patterns: ['(BIO|MATH)-'], flag_patterns: [] } } });
    await office.importFile('hpc.csv', focusCsv([...ROWS, ...MANY]), 'hpc');
    page = await office.windowOf(ADA);
  });
  afterAll(() => office.stop());

  const dialog = () => page.getByRole('dialog');
  const preview = () => dialog().getByRole('table', { name: 'What they would be divided into' });
  const rows = (table: Locator) => table.locator('tbody tr');
  const field = (name: string) => dialog().getByRole('textbox', { name, exact: true });

  async function tickAll(): Promise<void> {
    const box = page.getByRole('checkbox', { name: 'Select all charges of this page' });
    await expect.poll(() => box.isEnabled()).toBe(true);
    await box.press('Space');
  }

  it('are said to be none, and what they are for', async () => {
    await open(page, '/splits', 'Splits');
    await page.getByText('No charge is divided').waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('are made of a selection by keyboard, with a preview that follows what is typed', async () => {
    await open(page, '/charges?period=2025-03&text=node', 'Charges');
    await tickAll();
    await pressEnter(page.getByRole('toolbar', { name: 'Selected charges' }).getByRole('button', { name: 'Divide' }));
    await dialog().getByText('50 % + rest 50 %').waitFor();
    await field('Per cent of part 1').fill('60');
    await field('Fund/org of part 1').fill('MATH-200');
    await field('Per cent of part 2').fill('30');
    await dialog().getByText('Adds up to 90 %: give 10 % more, or leave one share out').waitFor();
    expect(await preview().count()).toBe(0);
    await field('Per cent of part 2').fill('');
    await field('PI (email) of part 2').fill('bob');
    await dialog().getByText('“bob” is not an email address').waitFor();
    await field('PI (email) of part 2').fill('bob@example.edu');
    await field('Project of part 2').fill('wheel');
    await field('Fund/org of part 2').fill('BIO-1');
    await expect.poll(() => rows(preview()).count()).toBe(4);
    await dialog().getByText('would become 4 parts').waitFor();
    await preview().getByTitle('0.1999998').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await dialog().getByLabel('Note').fill('shared node');
    await expect.poll(() => dialog().getByRole('button', { name: 'Divide 2' }).isVisible()).toBe(true);
    await dialog().getByLabel('Note').press('Enter');
    await dialog().waitFor({ state: 'hidden' });
    await page.getByText('2 charges over $10.333333 divided into 4 parts').waitFor();
    await expect.poll(() => page.getByRole('table', { name: 'Charges' }).getByText('60 % of 1-2').count()).toBe(1);
  });

  it('lead to their parts, and a part to its charge', async () => {
    await open(page, '/charges/1-2', 'Charge 1-2');
    const parts = page.getByRole('table', { name: 'Parts', exact: true });
    await expect.poll(() => rows(parts).count()).toBe(2);
    await page.getByText('“shared node”').first().waitFor();
    await page
      .getByRole('list', { name: 'History of the charge' })
      .or(page.getByLabel('History of the charge'))
      .getByText('Divided')
      .waitFor();
    expect(await page.getByRole('button', { name: 'Divide', exact: true }).count()).toBe(0);
    expect(await namelessControls(page)).toEqual([]);
    await pressEnter(parts.getByRole('link', { name: /^60 %/ }));
    await page.getByText('part 1 of 2').waitFor();
    await page.getByText('Made by dividing a charge').waitFor();
    await page.getByRole('table', { name: 'The other parts' }).getByText('bob@example.edu').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await pressEnter(page.getByRole('link', { name: 'charge 1-2' }).first());
    await page.getByRole('heading', { level: 1, name: 'Charge 1-2' }).waitFor();
    await open(page, '/charges?period=2025-03&standing=split', 'Charges');
    await expect.poll(() => rows(page.getByRole('table', { name: 'Charges' })).count()).toBe(2);
  });

  it('leave out of a selection what can’t be divided, and say so', async () => {
    await open(page, '/charges?period=2025-03&standing=clear', 'Charges');
    await tickAll();
    await page.getByRole('button', { name: 'Divide', exact: true }).click();
    await dialog().getByText('4 charges of those chosen are adjustments or parts').waitFor();
    await dialog().getByRole('button', { name: 'Divide evenly' }).click();
    await dialog().getByText('Amounts', { exact: true }).click();
    await dialog().getByRole('button', { name: 'Add a part' }).press('Enter');
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Amount of part 3');
    await dialog().getByRole('button', { name: 'Remove part 3' }).press('Enter');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    await tickAll();
    const part = page.locator('tbody tr', { hasText: '60 % of 1-2' });
    await part.getByRole('checkbox').press('Space');
    expect(await page.getByRole('button', { name: 'Divide', exact: true }).getAttribute('aria-disabled')).toBe('true');
  });

  it('are made by amounts, and put together again from the list of splits', async () => {
    await open(page, '/charges/1-4', 'Charge 1-4');
    await pressEnter(page.getByRole('button', { name: 'Divide', exact: true }));
    await dialog().getByText('Amounts', { exact: true }).click();
    await field('Amount of part 1').fill('300');
    await field('Fund/org of part 2').fill('BIO-7');
    await dialog().getByText('300 + rest of each charge').waitFor();
    await preview().getByText('$700.00').waitFor();
    await pressEnter(dialog().getByRole('button', { name: 'Move part 2 up' }));
    await dialog().getByText('rest + 300 of each charge').waitFor();
    await pressEnter(dialog().getByRole('button', { name: 'Divide', exact: true }));
    await page.getByRole('button', { name: 'Show the parts' }).click();
    await dialog().getByText('rest: fund/org BIO-7').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await pressEnter(dialog().getByRole('button', { name: 'Put together again' }));
    const asked = page.getByRole('dialog', { name: 'Put together again' });
    await asked.getByText('stands again as before the division').waitFor();
    await asked.getByLabel('Note').fill('not shared after all');
    await pressEnter(asked.getByRole('button', { name: 'Put together' }));
    await asked.waitFor({ state: 'hidden' });
    await dialog().getByText('1 of 1 charge put together again').waitFor();
    await page.keyboard.press('Escape');
    await rows(page.getByRole('table', { name: 'Splits' }))
      .first()
      .getByText('all undone')
      .waitFor();
    await open(page, '/charges/1-4', 'Charge 1-4');
    await page.getByText('“not shared after all”').waitFor();
    await page.getByText('Was divided into').waitFor();
  });

  it('are made of all that match, without the parts among them, and as they were shown', async () => {
    const { api } = office;
    const { charges } = await api.get<{ charges: { id: string }[] }>('/charges?period=2025-04&text=core-1&limit=1');
    await api.post('/splits', { ids: [charges[0]?.id], parts: [{ percent: '50', fundOrg: 'MATH-1' }, { fundOrg: 'MATH-2' }] });
    await open(page, '/charges?period=2025-04', 'Charges');
    await tickAll();
    await pressEnter(page.getByRole('button', { name: /^Select all \d+ matching$/ }));
    await pressEnter(page.getByRole('toolbar', { name: 'Selected charges' }).getByRole('button', { name: 'Divide' }));
    await field('Fund/org of part 1').fill('MATH-3');
    await dialog().getByText('2 charges of those chosen are adjustments or parts').waitFor();
    await dialog().getByText('The first 100 of 238.').waitFor();
    await api.post('/splits', {
      ids: [charges[0]?.id.replace(/\d+$/, '10')],
      parts: [{ percent: '50', fundOrg: 'MATH-1' }, { fundOrg: 'MATH-2' }],
    });
    await dialog().getByText('The first 100 of 236.').waitFor();
    await dialog().getByRole('button', { name: 'Divide 118' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await page.getByText('118 charges over $354.00 divided into 236 parts').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('118 charges put together again').waitFor();
  });

  it('are made by a rule, which shows the parts of its samples before it is saved', async () => {
    await open(page, '/charges/1-5', 'Charge 1-5');
    await pressEnter(page.getByRole('button', { name: 'Divide', exact: true }));
    await field('Fund/org of part 1').fill('MATH-9');
    await dialog().getByRole('button', { name: 'Make a rule of this' }).click();
    await page.getByRole('heading', { level: 1, name: 'Attribution rules' }).waitFor();
    expect(await dialog().getByLabel('Resource id').inputValue()).toBe('rack-1');
    expect(await field('Fund/org of part 1').inputValue()).toBe('MATH-9');
    await field('Fund/org of part 2').fill('MATH-9');
    await dialog().getByRole('button', { name: 'Add the rule' }).click();
    await dialog().getByText('It has the same payer as part 1').first().waitFor();
    await field('Fund/org of part 2').fill('BIO-9');
    await dialog().getByRole('button', { name: 'Try it on existing charges' }).click();
    const samples = dialog().getByRole('list', { name: 'Charges that would change' });
    await samples.getByText('$25.00 ada@example.edu, engine, BIO-9').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Add the rule' }).click();
    await dialog().getByText('50 %: fund/org MATH-9').waitFor();
    await page.getByRole('table', { name: 'Attribution rules' }).getByText('divides: 50 % MATH-9, rest BIO-9').waitFor();
    await pressEnter(dialog().getByRole('button', { name: 'Apply to existing charges' }));
    const asked = page.getByRole('dialog', { name: /^Apply/ });
    await asked.getByRole('button', { name: 'Divide 1' }).click();
    await asked.waitFor({ state: 'hidden' });
    await open(page, '/splits', 'Splits');
    await page.getByRole('table', { name: 'Splits' }).getByText('Rule R1.1').first().waitFor();
  });

  it('are shown to a viewer, who divides none', async () => {
    const own = await office.windowOf(VERA);
    await open(own, '/splits?split=2', 'Splits');
    await own.getByRole('dialog').getByText('“shared node”').waitFor();
    await open(own, '/charges/1-2', 'Charge 1-2');
    await own.getByText('Divided into').waitFor();
    expect(await own.getByRole('button', { name: /Divide|Put together/ }).count()).toBe(0);
    expect(office.complaints).toEqual([]);
  });
});
