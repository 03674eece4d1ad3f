import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InvoicedRow, invoicedCsv } from '../support/invoiced-csv.js';
import { namelessControls } from './accessible-names.js';
import { pressEnter, pressEnterToOpen } from './by-keyboard.js';
import { ADA, ConsoleOffice, open, VERA } from './console-office.js';

const ROWS: readonly InvoicedRow[] = [
  { billed: '1240.0049', invoice: 'INV-2025-0301' },
  { billed: '96.5', invoice: 'INV-2025-0302', resource: 'node-2' },
  { billed: '12', resource: 'node-3' },
  { billed: '7', invoice: 'INV-2025-0309', resource: 'node-4' },
  { billed: '1', period: '2025-02', resource: 'node-5' },
];
const DETAIL = [
  'InvoiceId,BillingPeriodStart,BilledCost,BillingCurrency,InvoiceDetailId,InvoiceIssueStatus,InvoiceIssueDate',
  'INV-2025-0301,2025-03-01T00:00:00Z,1200,USD,d1,Issued,2025-04-02T00:00:00Z',
  'INV-2025-0301,2025-03-01T00:00:00Z,40,USD,d2,Issued,2025-04-02T00:00:00Z',
  'INV-2025-0300,2025-03-01T00:00:00Z,5,USD,d3,Voided,',
].join('\n');

describe('provider invoices', () => {
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    office = await ConsoleOffice.start();
    await office.importFile('aws.csv', invoicedCsv(ROWS), 'aws');
    page = await office.windowOf(ADA);
  });
  afterAll(() => office.stop());

  const rows = () => page.getByRole('table', { name: 'Invoices', exact: true }).locator('tbody tr');
  const totals = () => page.getByRole('table', { name: 'Invoices by source' }).locator('tbody tr');
  const drawer = () => page.getByRole('dialog').first();

  it('are said to be none, and what they are for', async () => {
    await open(page, '/invoices?period=2025-02', 'Invoices');
    await page.getByText('No invoice is announced', { exact: true }).waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('come from a file after showing what it would change', async () => {
    await open(page, '/invoices?period=2025-03', 'Invoices');
    await rows().getByText('INV-2025-0309').waitFor();
    await page.getByRole('button', { name: 'Import' }).click();
    await drawer()
      .locator('input[type=file]')
      .setInputFiles(await office.file('wrong.csv', 'source,invoice_id,period,amount\naws,INV-1,March,"1,5"\n'));
    await drawer().getByText('1 row can’t be taken').waitFor();
    await drawer().getByRole('cell', { name: 'March', exact: true }).waitFor();
    expect(await drawer().getByRole('button', { name: 'Import' }).isDisabled()).toBe(true);
    await drawer()
      .locator('input[type=file]')
      .setInputFiles(await office.file('detail.csv', DETAIL));
    await drawer().getByText('does not say of which source').waitFor();
    await drawer().getByRole('combobox', { name: 'Source' }).click();
    await page.getByRole('option', { name: 'Amazon' }).click();
    await drawer().getByText('FOCUS Invoice Detail, summed up by invoice and period: 3 rows, 1 of voided invoices').waitFor();
    await drawer().getByRole('list', { name: 'Added to aws' }).getByText('$1,240.00, of 2025-04-02').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await drawer().getByRole('button', { name: 'Import' }).click();
    await rows().filter({ hasText: 'INV-2025-0301' }).getByText('Matched').waitFor();
    await totals().getByText('1,240.00').first().waitFor();
    expect(await rows().allInnerTexts()).toHaveLength(4);
  });

  it('are announced by keyboard, opened, changed and accepted', async () => {
    await page.getByRole('dialog', { name: 'Import invoices' }).waitFor({ state: 'hidden' });
    await pressEnterToOpen(page.getByRole('button', { name: 'Announce' }), page.getByRole('dialog', { name: 'Announce an invoice' }));
    await drawer().getByRole('combobox', { name: 'Source' }).focus();
    await page.keyboard.type('Amazon');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await drawer().getByRole('textbox', { name: 'Invoice', exact: true }).fill('inv-2025-0302');
    await drawer().getByRole('textbox', { name: 'Amount in this period' }).fill('1,oo');
    await page.keyboard.press('Enter');
    await drawer().getByText('Write an amount as 1234.50').waitFor();
    await drawer().getByRole('textbox', { name: 'Amount in this period' }).fill('99');
    await page.keyboard.press('Enter');
    await drawer().getByText('The lines come to something else than the invoice says.').waitFor();
    await drawer().getByText('−$2.50').waitFor();
    expect(page.url()).toContain('of=aws&invoice=inv-2025-0302');
    await pressEnter(drawer().getByRole('button', { name: 'Change' }));
    await drawer().getByRole('textbox', { name: 'Amount in this period' }).fill('100');
    await page.keyboard.press('Enter');
    await drawer().getByText('−$3.50').waitFor();
    await pressEnter(drawer().getByRole('button', { name: 'Accept …' }));
    const accept = page.getByRole('dialog', { name: 'Accept the difference of inv-2025-0302' });
    expect(await accept.getByRole('button', { name: 'Accept' }).isDisabled()).toBe(true);
    await accept.getByLabel('Reason').fill('Credit note follows in April');
    await pressEnter(accept.getByRole('button', { name: 'Accept' }));
    await drawer().getByText('Difference accepted').waitFor();
    await drawer().getByText('$100.00 expected, $96.50 recorded').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await accept.waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await rows().filter({ hasText: 'inv-2025-0302' }).getByText('Accepted').waitFor();
  });

  it('are found by state, source and text', async () => {
    await open(page, '/invoices?period=2025-03&state=uninvoiced', 'Invoices');
    await expect.poll(() => rows().allInnerTexts()).toEqual([expect.stringContaining('Lines without an invoice')]);
    await page.goto('/invoices?period=2025-03&text=nothing');
    await page.getByText('No invoice fits').waitFor();
    await page.getByRole('button', { name: 'Show all invoices' }).click();
    await expect.poll(() => rows().count()).toBe(4);
  });

  it('are asked for before the period is finalized, with the way to them', async () => {
    await open(page, '/periods/2025-03', /March 2025/);
    const question = page.getByRole('link', { name: /2 provider invoices do not match/ });
    await question.first().click();
    await page.getByRole('heading', { level: 1, name: 'Invoices' }).waitFor();
    expect(page.url()).toContain('/invoices?period=2025-03');
    await page.getByRole('switch', { name: 'Every period must have the invoices of Amazon' }).first().press('Space');
    await totals().getByText('Demanded').first().waitFor();
    await page.goto('/invoices?period=2025-02');
    await totals().getByText('Demanded').waitFor();
  });

  it('are shown to a viewer, with no way to change them', async () => {
    const own = await office.windowOf(VERA);
    await open(own, '/invoices?period=2025-03&of=aws&invoice=INV-2025-0302', 'Invoices');
    await own.getByText('Difference accepted').waitFor();
    expect(await own.getByRole('button', { name: /^(Import|Announce|Change|Accept …|Withdraw …|Take acceptance back …)$/ }).count()).toBe(
      0,
    );
    expect(await own.getByRole('switch').count()).toBe(0);
    expect(office.complaints).toEqual([]);
  });
});
