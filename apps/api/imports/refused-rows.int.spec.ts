import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../../test/support/api-client.js';
import { eventually } from '../../../test/support/eventually.js';
import { focusCsv } from '../../../test/support/focus-csv.js';
import { TestApi } from '../../../test/support/test-api.js';

interface Outcome {
  readonly report: { readonly readToEnd: boolean; readonly totals: { readonly refusedRowCount: number } } | null;
}

describe('rows with errors, through the API', () => {
  let folder: string;
  let api: TestApi;
  let reviewer: ApiClient;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-refused-'));
    api = await TestApi.start();
    reviewer = await api.signedIn('reviewer');
    await writeFile(join(folder, 'seed.csv'), focusCsv([{ billed: '1' }]));
    await reviewer.upload(join(folder, 'seed.csv'), { source: 'hpc' });
  });

  afterAll(async () => {
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function write(name: string, content: string): Promise<string> {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  }

  it('are a CSV, and the same one for a dry run, a refused file and an import of the rest', async () => {
    const path = await write('bad.csv', focusCsv([{ billed: '2' }, { billed: '=1+1' }, { billed: '3' }]));
    const tried = await reviewer.tryUpload(path, { source: 'hpc' });
    const outcome = await eventually(
      async () => (await reviewer.get<{ outcome: Outcome | null }>(`/imports/previews/${tried.previewId}`)).outcome ?? undefined,
    );
    expect(outcome).toMatchObject({ accepted: false, report: { readToEnd: true, totals: { lineCount: 2, refusedRowCount: 1 } } });
    const ofDryRun = (await reviewer.bytes(`/imports/previews/${tried.previewId}/refused-rows`)).toString();
    expect(ofDryRun.split('\r\n').slice(1)).toEqual([expect.stringMatching(/^3,BilledCost,'=1\+1,.*,'=1\+1,/), '']);

    for (const allowPartial of ['false', 'true']) {
      const { importId } = await reviewer.upload(path, { source: 'hpc', allowPartial });
      const detail = await eventually(async () => {
        const told = await reviewer.get<Outcome & { state: string }>(`/imports/${importId}`);
        return told.state === 'received' ? undefined : told;
      });
      expect(detail).toMatchObject({ state: allowPartial === 'true' ? 'recorded' : 'refused', report: { totals: { refusedRowCount: 1 } } });
      expect((await reviewer.bytes(`/imports/${importId}/refused-rows`)).toString()).toBe(ofDryRun);
    }
  });

  it('are not there where every row could be read, and of a dry run that nobody knows', async () => {
    const path = await write('good.csv', focusCsv([{ billed: '2.5' }]));
    const tried = await reviewer.tryUpload(path, { source: 'hpc' });
    await eventually(
      async () => (await reviewer.get<{ outcome: Outcome | null }>(`/imports/previews/${tried.previewId}`)).outcome ?? undefined,
    );
    await expect(reviewer.bytes(`/imports/previews/${tried.previewId}/refused-rows`)).rejects.toMatchObject({
      status: 404,
      code: 'import.no-refused-rows',
    });
    await expect(reviewer.bytes('/imports/previews/nobody/refused-rows')).rejects.toMatchObject({ status: 404, code: 'preview.unknown' });
  });
});
