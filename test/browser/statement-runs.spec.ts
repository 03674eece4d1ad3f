import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heldUp, undrawable } from '../../libs/statements/testing/drawing.js';
import type { ApiClient } from '../support/api-client.js';
import { focusCsv, tags } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';
import { namelessControls } from './accessible-names.js';
import { BrowserWindows } from './browser-windows.js';
import { pressEnter } from './by-keyboard.js';
import { importAs, open } from './console-office.js';

const PERIOD = '2025-03';
const PASSWORD = 'a perfectly long password';

/** The API runs in the test's process, so that a statement can be made to fail while the others are drawn. */
describe('statement runs in the console', () => {
  let api: TestApi;
  let reviewer: ApiClient;
  let windows: BrowserWindows;
  let page: Page;

  beforeAll(async () => {
    api = await TestApi.start();
    await api.signedIn('admin');
    reviewer = await api.signedIn('reviewer');
    await charge('a.csv', '12.50', 'ada@example.edu', 'engine');
    await charge('b.csv', '30', 'bob@example.edu', 'loom');
    await charge('c.csv', '1', 'eve@example.edu', 'reef');
    windows = new BrowserWindows(api.url);
    page = await windows.windowOf('reviewer@example.edu', PASSWORD);
  });
  afterAll(async () => {
    await windows.close();
    await api.stop();
  });

  async function charge(name: string, billed: string, piEmail: string, projectId: string): Promise<void> {
    const path = join(api.own.folder, name);
    await writeFile(path, focusCsv([{ billed, resource: name, tags: tags({ pi_email: piEmail, project_id: projectId }) }]));
    await importAs(reviewer, path, 'hpc');
  }

  const dialog = () => page.getByRole('dialog');
  const made = () => page.getByRole('table', { name: 'Statements made', exact: true }).locator('tbody tr');

  it('shows what would be made, for all and for some, and makes one statement alone', async () => {
    await open(page, `/statements?period=${PERIOD}`, 'Statements');
    await page.getByRole('button', { name: 'Generate …' }).click();
    await dialog().getByText('3 statements will be made, $43.50 due').waitFor();
    await dialog().getByRole('combobox', { name: 'Only these projects' }).fill('ree');
    await page.getByRole('option', { name: 'reef' }).click();
    await dialog().getByText('1 statement will be made, $1.00 due').waitFor();
    expect(await dialog().getByRole('link', { name: 'Preview of eve@example.edu, reef' }).getAttribute('href')).toContain(
      '/statements/preview?piEmail=eve%40example.edu&projectId=reef',
    );
    expect(await namelessControls(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await pressEnter(dialog().getByRole('button', { name: 'Generate', exact: true }));
    await page.getByRole('table', { name: 'Statements' }).getByText('reef').waitFor();
    await page.getByRole('tab', { name: 'Runs' }).click();
    await pressEnter(page.getByRole('button', { name: 'Run 1' }));
    await page.getByRole('heading', { level: 1, name: 'Statement run 1, March 2025' }).waitFor();
    await expect.poll(() => made().allInnerTexts()).toEqual([expect.stringMatching(/eve@example\.edu\s+reef\s+1\s+\$1\.00/)]);
    await page.getByText('Completed', { exact: true }).first().waitFor();
  });

  it('shows how far a run is, which statement failed and why, and cancels it with a reason', async () => {
    const drawable = undrawable(api.app, 'engine');
    const goOn = heldUp(api.app, 'loom');
    const { runId } = await reviewer.post<{ runId: number }>(`/periods/${PERIOD}/statement-runs`, {});
    await open(page, `/statements/runs/${runId}`, `Statement run ${runId}, March 2025`);
    await page.getByRole('status').getByText('1 of 2 statements').waitFor({ timeout: 30_000 });
    const failures = page.getByRole('table', { name: 'Statements that could not be made' });
    await failures.getByText("engine has something that can't be drawn").waitFor();
    expect(await page.getByRole('button', { name: /^Retry/ }).count()).toBe(0);
    await pressEnter(page.getByRole('button', { name: 'Cancel run …' }));
    await dialog().getByText('Nothing has been made yet.').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await dialog().getByLabel('Reason').fill('too early');
    await pressEnter(dialog().getByRole('button', { name: 'Cancel run' }));
    await page.getByText('This run was cancelled by reviewer@example.edu').waitFor();
    await page.getByText('“too early”').waitFor();
    goOn();

    await pressEnter(page.getByRole('button', { name: 'Retry 1 statement' }));
    await page.getByRole('heading', { level: 1, name: `Statement run ${runId + 1}, March 2025` }).waitFor();
    await page.getByText('With failures').waitFor({ timeout: 30_000 });
    drawable();
    await pressEnter(page.getByRole('button', { name: 'Retry 1 statement' }));
    await page.getByRole('heading', { level: 1, name: `Statement run ${runId + 2}, March 2025` }).waitFor();
    await expect.poll(() => made().allInnerTexts(), { timeout: 30_000 }).toEqual([expect.stringMatching(/ada@example\.edu\s+engine\s+1/)]);
    await page.getByRole('link', { name: `Run ${runId + 1}` }).click();
    await page.getByRole('link', { name: `Run ${runId + 2}` }).waitFor();
  });

  it('tells what a revision changed, and makes the new revision of one statement', async () => {
    await charge('d.csv', '2.25', 'ada@example.edu', 'engine');
    await open(page, `/statements?period=${PERIOD}`, 'Statements');
    await pressEnter(page.getByRole('button', { name: 'ada@example.edu' }));
    await dialog().getByRole('button', { name: 'Generate this one' }).click();
    await dialog().getByRole('tab', { name: 'Revisions' }).click();
    const what = dialog().getByRole('button', { name: 'What changed in revision 2' });
    await what.waitFor({ timeout: 30_000 });
    await what.press('Enter');
    await dialog().getByText('1 charge added. The amount due was 12.50 and is 14.75.').waitFor();
    expect(await dialog().getByRole('table', { name: 'Money that revision 2 changed' }).locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/Compute\s+MATH-100\s+12\.50\s+14\.75/),
    ]);
    await dialog().getByRole('table', { name: 'Charges that revision 2 changed' }).getByText('d.csv').waitFor();
    expect(await namelessControls(page)).toEqual([]);
  });

  it('verifies a code that a statement carries, and says so of one that none does', async () => {
    const { revisions } = await reviewer.get<{ revisions: { ledgerDigest: string }[] }>(
      `/periods/${PERIOD}/statements/revisions?piEmail=ada@example.edu&projectId=engine`,
    );
    const [newest = '', first = ''] = revisions.map(({ ledgerDigest }) => ledgerDigest.slice(0, 16));
    await open(page, `/statements?period=${PERIOD}`, 'Statements');
    await page.getByRole('link', { name: 'Verify …' }).click();
    await page.getByText('Is this statement ours?').waitFor();
    await page.getByLabel('Verification code').fill(newest);
    await page.keyboard.press('Enter');
    await page.getByText('This statement was issued here.').waitFor();
    const found = page.getByRole('table', { name: 'Statements with this code' }).locator('tbody tr');
    await expect
      .poll(() => found.allInnerTexts())
      .toEqual([expect.stringMatching(/March 2025\s+ada@example\.edu\s+engine\s+2\s+newest\s+\$14\.75/i)]);
    await page.goto(`/statements/verify?code=${first}`);
    await page.getByText('This statement was issued here, and a later revision has replaced it.').waitFor();
    await page.goto('/statements/verify?code=0123456789abcdef');
    await page.getByText('No statement with the verification code 0123456789abcdef was issued here.').waitFor();
    expect(await namelessControls(page)).toEqual([]);
    expect(windows.complaints).toEqual([]);
  });
});
