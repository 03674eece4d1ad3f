import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExportJournalHandler, JournalQueries } from '#journals';
import { billingPeriod } from '#kernel';
import { by } from '#testing/program';
import { type ApiClient, ApiProblem } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { focusCsv, tags } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

const REVIEWER = by('reviewer@example.edu');
const MARCH = billingPeriod('2025-03');
const CONFIG = `dev_mode: true
imports:
  known_sources: [{name: hpc, fund_org: RC-1}]
journal: {default_account: '7050'}
`;

type Journal = Awaited<ReturnType<ExportJournalHandler['execute']>>['journal'];

interface Exported {
  readonly number: number;
  readonly fileName: string;
  readonly debits: string;
}

/** A month that accounting gets in a layout of its own. */
describe('a journal by a template that is named', () => {
  let api: TestApi;
  let reviewer: ApiClient;

  beforeAll(async () => {
    api = await TestApi.start({ config: CONFIG });
    reviewer = await api.signedIn('reviewer');
    const path = join(api.own.folder, 'march.csv');
    const rows = [{ billed: '10.005' }, { billed: '2.5', resource: 'node-2', tags: tags({ fund_org: 'MATH-200' }) }];
    await writeFile(path, focusCsv(rows));
    const { importId } = await reviewer.upload(path, { source: 'hpc' });
    await eventually(async () => {
      const { state } = await reviewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'received' ? undefined : state;
    });
  });
  afterAll(() => api.stop());

  const write = (body: object): Promise<Exported> => reviewer.post<Exported>('/periods/2025-03/journals', body);
  const fileOf = async (sha256: string): Promise<string> => {
    const chunks: Buffer[] = [];
    for await (const chunk of await api.own.services.storage.open(sha256)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  };

  it('is written over the API, named after the template, and its header says number, day and control total', async () => {
    const exported = await write({ format: 'template', template: 'banner_gurfeed.txt' });
    expect(exported.fileName).toBe(`journal_2025-03_banner_gurfeed_${exported.number}.txt`);
    const journal = await api.app.get(JournalQueries).get(MARCH, exported.number);
    const [header = '', ...details] = (await fileOf(journal.sha256)).trimEnd().split('\n');
    expect(header.slice(22, 30)).toBe(`OC25030${exported.number}`);
    expect(header.slice(8, 22)).toMatch(/^\d{14}$/);
    const twice = BigInt(journal.debits.replace('.', '')) * 2n;
    expect(header.slice(85, 102)).toBe(String(twice).padStart(17, '0'));
    expect(details).toHaveLength(journal.rowCount);
  });

  it('is refused where a format has none, where there is no such template, and where the site has to set something', async () => {
    const codeOf = async (body: object): Promise<string> =>
      write(body).then(
        () => 'written',
        (error: unknown) => (error instanceof ApiProblem ? error.code : 'other'),
      );
    expect(await codeOf({ format: 'gl', template: 'banner_gurfeed.txt' })).toBe('journal.template-unused');
    expect(await codeOf({ format: 'template', template: 'nosuch.txt' })).toBe('template.unknown');
    expect(await codeOf({ format: 'template', template: '../banner_gurfeed.txt' })).toBe('template.unknown');
    expect(await codeOf({ format: 'template', template: 'kuali_collector.txt' })).toBe('template.failed');
  });

  it('never has the number of another one in its file, whatever is exported at the same time', async () => {
    const handler = api.app.get(ExportJournalHandler);
    const options = { includeFlagged: false, allowUnbalanced: false };
    const repeatedly = async (format: 'template' | 'gl', template: string | undefined): Promise<readonly Journal[]> => {
      const written: Journal[] = [];
      for (let round = 0; round < 12; round++) {
        const outcome = await Promise.allSettled([handler.execute(MARCH, format, { ...options, template }, REVIEWER)]);
        if (outcome[0].status === 'fulfilled') written.push(outcome[0].value.journal);
        else expect(outcome[0].reason).toMatchObject({ kind: 'conflict' });
      }
      return written;
    };
    const [journals, others] = await Promise.all([repeatedly('template', 'banner_gurfeed.txt'), repeatedly('gl', undefined)]);
    expect(others.length).toBeGreaterThan(0);
    for (const { sha256, number } of journals) {
      expect((await fileOf(sha256)).slice(22, 30)).toBe(`OC2503${String(number).padStart(2, '0')}`);
    }
    const numbers = [...journals, ...others].map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
