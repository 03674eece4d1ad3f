import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { focusCsv } from '../support/focus-csv.js';
import { SmtpSink } from '../support/smtp-sink.js';
import { namelessControls } from './accessible-names.js';
import { pressEnter } from './by-keyboard.js';
import { ADA, ConsoleOffice, open, VERA } from './console-office.js';

const PERIOD = '2025-01';
const PIS = ['ada.lovelace', 'grace.hopper', 'gone'];

describe('mail', () => {
  let sink: SmtpSink;
  let office: ConsoleOffice;
  let page: Page;

  beforeAll(async () => {
    sink = await SmtpSink.start({
      recipient: (address) => (address.startsWith('gone@') ? { code: 550, words: '5.1.1 no such mailbox here' } : undefined),
    });
    office = await ConsoleOffice.start({
      settings: { dev_mode: false, smtp: { host: '127.0.0.1', port: sink.port, use_tls: false } },
    });
    const { api } = office;
    const rows = PIS.map((name) => ({
      period: PERIOD,
      billed: '120.50',
      list: '241',
      tags: { pi_email: `${name}@wrenvalley.example`, project_id: `lab-${name}`, fund_org: 'BIO-123456' },
    }));
    await office.importFile('january.csv', focusCsv(rows), 'hpc');
    const { runId } = await api.post<{ runId: number }>(`/periods/${PERIOD}/statement-runs`);
    await eventually(async () => ((await api.get<{ state: string }>(`/statement-runs/${runId}`)).state === 'completed' ? true : undefined));
    page = await office.windowOf(ADA);
  });
  afterAll(async () => {
    await office.stop();
    await sink.stop();
  });

  const dialog = () => page.getByRole('dialog');
  const rows = (name: string) => page.getByRole('table', { name, exact: true }).locator('tbody tr');

  it('says how mail goes, and what there is to do while nothing was sent', async () => {
    await open(page, '/mail', 'Mail');
    await page.getByText(`Sent by 127.0.0.1:${sink.port}`).waitFor();
    await page.getByText('No message was sent yet').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Suppression list' }).click();
    await page.getByText('No address is suppressed').waitFor();
    await page.getByRole('tab', { name: 'Delegates' }).click();
    await page.getByText('There are no delegates').waitFor();
  });

  it('sends a test message and shows the words of the server', async () => {
    await pressEnter(page.getByRole('button', { name: 'Send a test message' }));
    expect(await dialog().getByRole('textbox', { name: 'To' }).inputValue()).toBe(ADA.email);
    await page.keyboard.press('Enter');
    await dialog().getByText('The mail server took it').waitFor();
    await dialog().getByText('250').waitFor();
    await dialog().getByRole('textbox', { name: 'To' }).fill('gone@wrenvalley.example');
    await page.keyboard.press('Enter');
    await dialog().getByText('5.1.1 no such mailbox here').waitFor();
    await dialog().getByRole('textbox', { name: 'To' }).fill('nobody');
    await page.keyboard.press('Enter');
    await dialog().getByText('is not one email address').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
  });

  it('names delegates by keyboard', async () => {
    await open(page, '/mail?tab=delegates', 'Mail');
    await pressEnter(page.getByRole('button', { name: 'Add delegates' }));
    await dialog().getByRole('textbox', { name: 'PI' }).fill('Ada.Lovelace@wrenvalley.example');
    await dialog().getByRole('combobox', { name: 'Delegates' }).focus();
    await page.keyboard.type('office@wrenvalley.example');
    await page.keyboard.press('Enter');
    await pressEnter(dialog().getByRole('button', { name: 'Save' }));
    await rows('Delegates').getByText('office@wrenvalley.example').waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('shows each message of the log: what the server said, to whom, and what it looks like', async () => {
    await office.api.post(`/periods/${PERIOD}/deliveries`);
    await open(page, '/mail', 'Mail');
    await expect.poll(() => rows('Email log').count()).toBe(3);
    await expect
      .poll(() => rows('Email log').allInnerTexts())
      .toEqual(expect.arrayContaining([expect.stringContaining('5.1.1 no such mailbox here')]));
    await page.getByLabel('Search messages').fill('LOVELACE');
    await expect.poll(() => rows('Email log').count()).toBe(1);
    await page.getByRole('button', { name: 'Message to ada.lovelace@wrenvalley.example, January 2025' }).focus();
    await page.keyboard.press('Enter');
    await dialog().getByText('office@wrenvalley.example: taken').waitFor();
    expect(page.url()).toContain('message=');
    const frame = dialog().locator('iframe');
    expect(await frame.getAttribute('sandbox')).toBe('');
    await frame.contentFrame().getByText('Here are your research computing charges for January 2025.').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await dialog().getByText('As plain text').click();
    await dialog().getByText('You save $120.50').waitFor();
    await page.keyboard.press('Escape');
  });

  it('puts an address that is refused on the list, sends again, and shows that nothing went out', async () => {
    await open(page, '/mail?tab=suppression', 'Mail');
    await pressEnter(page.getByRole('button', { name: 'Suppress gone@wrenvalley.example' }));
    expect(await dialog().getByLabel('Reason').inputValue()).toContain('no such mailbox');
    await pressEnter(dialog().getByRole('button', { name: 'Send no more' }));
    await rows('Suppression list').getByText('gone@wrenvalley.example').waitFor();
    expect(await page.getByRole('region', { name: 'Refused for good' }).count()).toBe(0);

    await open(page, `/mail?period=${PERIOD}`, 'Mail');
    await page.getByText('1 message of January 2025 could not be sent.').waitFor();
    await page.getByRole('button', { name: 'Send all failed again' }).click();
    await page.getByText('Suppressed', { exact: true }).first().waitFor();
    await open(page, '/mail?status=suppressed', 'Mail');
    await rows('Email log').getByText('is on the suppression list').waitFor();
    await open(page, '/mail?tab=suppression', 'Mail');
    await page.getByRole('button', { name: 'Release gone@wrenvalley.example' }).click();
    await dialog().getByRole('button', { name: 'Release' }).click();
    await page.getByText('No address is suppressed').waitFor();
  });

  it('lets viewers read, and offers them nothing else', async () => {
    const other = await office.windowOf(VERA);
    await open(other, '/mail', 'Mail');
    await other.getByRole('button', { name: /^Message to grace\.hopper/ }).click();
    await other.getByRole('dialog').getByText('250').first().waitFor();
    expect(await other.getByRole('button', { name: /Send/ }).count()).toBe(0);
    await open(other, '/mail?tab=delegates', 'Mail');
    await other.getByText('office@wrenvalley.example').waitFor();
    expect(await other.getByRole('button', { name: /delegates/ }).count()).toBe(0);
  });

  it('raised no complaint of the browser', () => {
    expect(office.complaints).toEqual([]);
  });
});
