import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namelessControls } from './accessible-names.js';
import { pressEnter } from './by-keyboard.js';
import { ADA, ConsoleOffice, open, VERA } from './console-office.js';

describe('templates', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start();
    page = await office.windowOf(ADA);
  });
  afterAll(() => office.stop());

  const editor = () => page.getByRole('textbox', { name: 'Text of our_journal.csv' });
  const result = () => page.getByLabel('What the template writes');
  const versions = () => page.getByRole('table', { name: 'Versions' }).locator('tbody tr');

  it('are listed by what they are for, with whose text counts', async () => {
    await open(page, '/templates', 'Templates');
    const journals = page.getByRole('table', { name: 'Templates of journals' });
    await journals.getByText('banner_gurfeed.txt').waitFor();
    expect(
      await journals
        .getByRole('row', { name: /journal_gl\.csv/ })
        .getByText('Shipped')
        .count(),
    ).toBe(1);
    await page.getByRole('table', { name: 'Templates of messages' }).getByText('statement_message.html').waitFor();
    await page.getByText('Messages are the built-in ones until').waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('start from a shipped one, and show what they write while one types', async () => {
    await page.getByRole('button', { name: 'New template' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('our_journal.csv');
    await dialog.getByRole('combobox', { name: 'Start from' }).click();
    await page.getByRole('option', { name: 'journal_gl.csv' }).click();
    await pressEnter(dialog.getByRole('button', { name: 'Go on' }));
    await page.getByRole('heading', { level: 1, name: 'our_journal.csv' }).waitFor();
    await result().getByText('Fund,Orgn,Account').waitFor();
    await page.getByText(/With samples: 6 entries, debits \$1,272\.85/).waitFor();
    await page.getByText('It was never saved here').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await editor().fill('Total {{ totals.debits }}\n');
    await result().getByText('Total 1272.85').waitFor();
  });

  it('mark the line that fails, and say why', async () => {
    await editor().fill('Total {{ totals.debits }}\n{{ entries[0].fund|fit(2, "fund") }}\n');
    const alert = page.getByRole('alert').filter({ hasText: 'our_journal.csv, line 2' });
    await alert.getByText('codes and amounts are never cut off').waitFor();
    expect(await page.locator('[data-line]').getAttribute('data-line')).toBe('2');
    await editor().fill('{{ 1 + }}');
    await page.getByRole('alert').filter({ hasText: 'our_journal.csv, line 1' }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save all the same' }).click();
    await page.getByRole('dialog').getByText('Template our_journal.csv, line 1').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await versions().count()).toBe(0);
  });

  it('ask before what is not saved is lost', async () => {
    await page.getByRole('link', { name: 'Funds' }).click();
    await page.getByRole('dialog').getByText('is not saved, and is lost').waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    expect(await editor().inputValue()).toBe('{{ 1 + }}');
  });

  it('are saved in versions, with a note', async () => {
    await editor().fill('Total {{ totals.debits }}\n');
    await result().getByText('Total 1272.85').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByLabel('Note').fill('As accounting asked');
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved as version 1').waitFor();
    await versions().getByText('As accounting asked').waitFor();
    await page.getByText('Saved here').waitFor();
    await editor().fill('Sum {{ totals.debits }}\n');
    await result().getByText('Sum 1272.85').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved as version 2').waitFor();
  });

  it('are compared and restored', async () => {
    await page.getByRole('button', { name: 'Look at version 1' }).click();
    const comparison = page.getByRole('region', { name: 'What changed, line by line' });
    await comparison.getByText('− Total {{ totals.debits }}').waitFor();
    await comparison.getByText('+ Sum {{ totals.debits }}').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await pressEnter(page.getByRole('button', { name: 'Restore version 1' }));
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByText('Saved again as version 3').waitFor();
    await expect.poll(() => editor().inputValue()).toBe('Total {{ totals.debits }}\n');
    await page.reload();
    await expect.poll(() => editor().inputValue()).toBe('Total {{ totals.debits }}\n');
  });

  it('of messages are shown as a page, in a frame that may do nothing', async () => {
    await open(page, '/templates/text?area=mail&name=statement_message.html', 'statement_message.html');
    const frame = page.locator('iframe[title="What the template writes"]');
    await frame.waitFor();
    expect(await frame.getAttribute('sandbox')).toBe('');
    await frame.contentFrame().getByRole('heading', { name: 'Charges for January 2025' }).waitFor();
  });

  it('are read by everybody, and changed by admins', async () => {
    const reader = await office.windowOf(VERA);
    await reader.goto('/');
    await reader.getByRole('link', { name: 'Templates' }).click();
    await reader.getByRole('table', { name: 'Templates of journals' }).getByText('our_journal.csv').click();
    await reader.getByText('Admins change templates.').waitFor();
    await reader.getByLabel('What the template writes').getByText('Total 1272.85').waitFor();
    expect(await reader.getByRole('textbox', { name: 'Text of our_journal.csv' }).isEditable()).toBe(false);
    expect(await reader.getByRole('button', { name: /Save|Restore|Remove|New template/ }).count()).toBe(0);
  });

  it('left the browser nothing to complain about', () => {
    expect(office.complaints).toEqual([]);
  });
});
