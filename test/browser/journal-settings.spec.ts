import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namelessControls } from './accessible-names.js';
import { ADA, ConsoleOffice, importAs, open, VERA } from './console-office.js';

describe('settings of the journal on trial', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start();
    page = await office.windowOf(ADA);
  });
  afterAll(() => office.stop());

  const fundOrgs = () => page.getByRole('table', { name: 'What becomes of fund/orgs' }).locator('tbody tr');
  const expression = () => page.getByRole('textbox', { name: 'Fund/org expression' });
  const configLines = () => page.getByLabel('Lines for config.yaml').innerText();

  it('say that nothing is in use before the first import, and try what is written', async () => {
    await open(page, '/journal', 'Journal');
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByText('No fund/org is in use yet').waitFor();
    expect(await expression().inputValue()).toBe('^(?P<orgn>[^-]+)-(?P<fund>.+)$');
    await page.getByText('These are the settings in force').waitFor();
    await page.getByLabel('Fund/orgs to try').fill('BIO-110234\nPLAIN');
    await page.getByText('1 of 2 match').waitFor();
    expect(await fundOrgs().first().innerText()).toMatch(/BIO-110234\s+Matches\s+110234\s+BIO/);
    expect(await fundOrgs().last().innerText()).toMatch(/PLAIN\s+No match\s+PLAIN\s+–\s+it ends behind “PLAIN”, where - should follow/);
    expect(await namelessControls(page)).toEqual([]);
  });

  it('show what becomes of the fund/orgs in use, while one types, every named group included', async () => {
    await importAs(office.api, 'sample_data/2025-09/azure_2025-09.csv', 'azure');
    await page.getByLabel('Fund/orgs to try').fill('');
    await fundOrgs().getByText('charges').first().waitFor();
    await expression().fill('^(?P<orgn>[A-Z]+)-(?P<kind>GR)?(?P<fund>\\d+)$');
    await page.getByRole('columnheader', { name: 'kind' }).waitFor();
    await fundOrgs().getByText('GR', { exact: true }).first().waitFor();
    expect(await configLines()).toContain("fund_org_regex: '^(?P<orgn>[A-Z]+)-(?P<kind>GR)?(?P<fund>\\d+)$'");
    await page.getByText('These are not the settings in force').waitFor();
  });

  it('say at which character an expression goes wrong, and keep the last answer', async () => {
    await expression().fill('^(?P<orgn>[A-Z]+)-(?P<fund>\\d+');
    await page.getByText('journal.fund_org_regex does not compile: missing closing ) at character 19.').waitFor();
    await page.getByText('the last expressions that compiled').waitFor();
    expect(await fundOrgs().count()).toBeGreaterThan(1);
    await page.getByRole('button', { name: 'Fund/org expression: back to the configured one' }).press('Enter');
    await page.getByText('These are the settings in force').waitFor();
    expect(await expression().inputValue()).toBe('^(?P<orgn>[^-]+)-(?P<fund>.+)$');
  });

  it('tell which account is allowed, and whose is taken', async () => {
    const taken = () => page.getByRole('list', { name: 'Accounts in their order' }).locator('li[data-wins]').innerText();
    await page.getByRole('textbox', { name: 'Account expression' }).fill('^54[12]');
    await page.getByRole('table', { name: 'Which accounts are allowed' }).getByText('behind “54”, [12] does not match “000”').waitFor();
    await page.getByRole('combobox', { name: 'Source' }).press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(taken).toMatch(/The account of the source\s+54100\s+Is taken/);
    await page.getByLabel('Account that a charge carries').fill('99');
    await expect.poll(taken).toMatch(/The charge’s own.*\s+99\s+Is taken/);
    await page.getByText('Debits are booked to 99 (it does not begin with 5)').waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('are tried by everybody, and outlive a look at the journal', async () => {
    await page.getByRole('tab', { name: 'Write' }).click();
    await page.getByRole('tab', { name: 'Settings' }).click();
    expect(await page.getByRole('textbox', { name: 'Account expression' }).inputValue()).toBe('^54[12]');
    const reader = await office.windowOf(VERA);
    await open(reader, '/journal?tab=settings', 'Journal');
    await reader.getByRole('button', { name: 'Copy' }).waitFor();
    await reader.getByText(/\d+ of \d+ match/).waitFor();
  });

  it('left the browser nothing to complain about', () => {
    expect(office.complaints).toEqual([]);
  });
});
