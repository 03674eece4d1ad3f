import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namelessControls } from './accessible-names.js';
import { pressEnter, pressEnterToOpen } from './by-keyboard.js';
import { ADA, ConsoleOffice, open, VERA } from './console-office.js';

const FILE = `BillingPeriodStart,ChargePeriodStart,BilledCost,BillingCurrency,ServiceName,ResourceId,Tags
2025-09-01,2025-09-05,120.5,USD,Compute,gpu-1,"{""pi_email"": ""old.pi@wrenvalley.example"", ""project_id"": ""p-1"", ""fund_org"": ""BIO-1""}"
2025-09-01,2025-09-06,80,USD,Compute,gpu-2,{}
2025-09-01,2025-09-07,5,USD,Compute,node-1,{}
`;
const LATER = FILE.replaceAll('gpu-', 'gpu-1').replaceAll('2025-09-05', '2025-09-15');

describe('attribution rules', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start();
    page = await office.windowOf(ADA);
    await handIn('hpc_2025-09.csv', FILE);
  });
  afterAll(() => office.stop());

  const dialog = () => page.getByRole('dialog');
  const rules = () => page.getByRole('table', { name: 'Attribution rules' }).locator('tbody tr');

  async function handIn(name: string, content: string): Promise<void> {
    await open(page, '/imports', 'Imports');
    await page.getByLabel('FOCUS files', { exact: true }).setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
    await page.getByRole('article', { name }).getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('table', { name: 'Imports' }).locator('tr', { hasText: name }).getByText('Recorded').waitFor();
  }

  it('are made of a fix, and tried out before they are saved', async () => {
    await open(page, '/charges/1-3', 'Charge 1-3');
    await page.getByRole('button', { name: 'Reattribute' }).click();
    await page.getByLabel('PI (email)').fill('ines.calder@wrenvalley.example');
    await page.getByLabel('Project').fill('vision');
    await page.getByRole('button', { name: 'Make a rule of this' }).click();
    await page.getByRole('heading', { level: 1, name: 'Attribution rules' }).waitFor();
    expect(await dialog().getByLabel('Resource id').inputValue()).toBe('gpu-2');
    expect(await dialog().getByLabel('PI (email)').inputValue()).toBe('ines.calder@wrenvalley.example');
    expect(await namelessControls(page)).toEqual([]);
    await dialog().getByRole('textbox', { name: 'Name', exact: true }).fill('GPU nodes');
    await dialog().getByLabel('Resource id').fill('gpu-*');
    await dialog().getByRole('button', { name: 'Try it on existing charges' }).click();
    await dialog().getByText('2 charges match').waitFor();
    await dialog().getByRole('table', { name: 'Whose money moves' }).getByText('old.pi@wrenvalley.example').waitFor();
    await dialog().getByRole('button', { name: 'Add the rule' }).click();
    await dialog().getByText('R1.1').waitFor();
    expect(await rules().count()).toBe(1);
  });

  it('are applied to what is there, after showing what that changes', async () => {
    await pressEnter(dialog().getByRole('button', { name: 'Apply to existing charges' }));
    const asked = page.getByRole('dialog', { name: /^Apply/ });
    await asked.getByText('2 charges match').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await asked.getByLabel('Note').fill('as agreed');
    await asked.getByRole('button', { name: 'Reattribute 2' }).click();
    await asked.waitFor({ state: 'hidden' });
    await open(page, '/charges?period=2025-09&text=gpu', 'Charges');
    await expect.poll(() => page.getByRole('table').getByText('ines.calder@wrenvalley.example').count()).toBeGreaterThan(1);
  });

  it('attribute what is imported then, and a charge leads to the rule as it was', async () => {
    await handIn('hpc_2025-09_later.csv', LATER);
    await open(page, '/attribution-rules?rule=1', 'Attribution rules');
    await pressEnter(dialog().getByRole('button', { name: 'Change' }));
    await dialog().getByLabel('Project').fill('vision-2');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('R1.2').waitFor();
    await open(page, '/charges/2-2', 'Charge 2-2');
    await page.getByText('Attributed by the rule').waitFor();
    await page.getByRole('link', { name: 'GPU nodes (R1.1)' }).click();
    await dialog().getByText('As it was: version 1').waitFor();
    await dialog().getByRole('link', { name: 'Show it as it is now' }).click();
    await dialog().getByText('R1.2').waitFor();
    await page.keyboard.press('Escape');
  });

  it('have an order that is changed by keyboard, and can be disabled', async () => {
    await open(page, '/attribution-rules', 'Attribution rules');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await dialog().getByRole('button', { name: 'Add the rule' }).click();
    await dialog().getByText('A rule needs a name').first().waitFor();
    await dialog().getByRole('textbox', { name: 'Name', exact: true }).fill('Everything of tape');
    await dialog().getByLabel('Source', { exact: true }).fill('tape');
    await dialog().getByLabel('Fund/org').fill('STOR-1');
    await dialog().getByRole('button', { name: 'Add the rule' }).click();
    await dialog().getByText('R2.1').waitFor();
    await page.keyboard.press('Escape');
    await pressEnter(page.getByRole('button', { name: 'Move “Everything of tape” up' }));
    await expect
      .poll(async () => (await rules().allInnerTexts()).map((text) => text.split('\n')[0]))
      .toEqual([expect.stringContaining('1. Everything of tape'), expect.stringContaining('2. GPU nodes')]);
    await pressEnter(page.getByRole('button', { name: '1. Everything of tape' }));
    await pressEnterToOpen(dialog().getByRole('button', { name: 'Disable' }).first(), page.getByLabel('Reason'));
    await page.getByLabel('Reason').fill('the robot was sold');
    await page
      .getByRole('dialog', { name: /^Disable/ })
      .getByRole('button', { name: 'Disable' })
      .press('Enter');
    await dialog().getByText('“the robot was sold”').waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('are shown to a viewer, who can’t change them', async () => {
    const own = await office.windowOf(VERA);
    await open(own, '/attribution-rules?rule=1', 'Attribution rules');
    await own.getByText('What became of it').waitFor();
    expect(await own.getByRole('button', { name: /^(Add a rule|Change|Disable|Enable|Apply|Move)/ }).count()).toBe(0);
    expect(office.complaints).toEqual([]);
  });
});
