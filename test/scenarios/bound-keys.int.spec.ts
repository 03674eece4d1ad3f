import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysHandler } from '#identity';
import { by } from '#testing/program';
import { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { focusCsv } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

interface Charges {
  readonly charges: readonly { source: string }[];
  readonly count: number;
}

const FORBIDDEN = { status: 403, code: 'access.source' };

/** What upstream exporters read with keys that are bound to sources (domain.md §9). */
describe('a key that is bound to sources', () => {
  let api: TestApi;
  let reviewer: ApiClient;

  beforeAll(async () => {
    api = await TestApi.start();
    reviewer = await api.signedIn('reviewer');
    for (const [source, amounts] of [
      ['hpc', ['1', '2']],
      ['aws', ['4']],
    ] as const) {
      const path = join(api.own.folder, `${source}.csv`);
      await writeFile(path, focusCsv(amounts.map((billed, index) => ({ billed, resource: `${source}-${index}` }))));
      await reviewer.upload(path, { source });
    }
    await eventually(async () => ((await reviewer.get<Charges>('/charges')).count === 3 ? true : undefined));
  });
  afterAll(() => api.stop());

  async function keyFor(sources: string[]): Promise<ApiClient> {
    const { token, position } = await api.app
      .get(ApiKeysHandler)
      .issue({ name: sources.join(), scopes: ['charges:read', 'journals:read'], sources, expiresAt: null }, by('admin@example.edu'));
    await api.own.services.projections.waitFor(position);
    return new ApiClient(api.url, token);
  }

  it('reads the charges of its source, as a list and as CSV, and no others', async () => {
    const key = await keyFor(['hpc']);
    const { charges, count } = await key.get<Charges>('/charges');
    expect([count, charges.map((charge) => charge.source)]).toEqual([2, ['hpc', 'hpc']]);
    expect((await key.get<Charges>('/charges?source=HPC')).count).toBe(2);
    const csv = (await key.bytes('/charges/export.csv')).toString();
    expect(csv.match(/hpc-\d/g)).toHaveLength(2);
    expect(csv).not.toContain('aws');
    await expect(key.get('/charges?source=aws')).rejects.toMatchObject(FORBIDDEN);
    await expect(key.bytes('/charges/export.csv?source=aws')).rejects.toMatchObject(FORBIDDEN);
  });

  it('names one of its sources where it has several', async () => {
    const key = await keyFor(['hpc', 'aws']);
    await expect(key.get('/charges')).rejects.toMatchObject(FORBIDDEN);
    expect((await key.get<Charges>('/charges?source=aws')).count).toBe(1);
  });

  it('reads no journal, which is of all sources', async () => {
    await reviewer.post('/periods/2025-03/journals', { format: 'detail' });
    const key = await keyFor(['hpc']);
    await expect(key.get('/journals')).rejects.toMatchObject(FORBIDDEN);
    await expect(key.bytes('/periods/2025-03/journals/1/file')).rejects.toMatchObject(FORBIDDEN);
    await expect(key.get('/periods/2025-03/journals/1')).rejects.toMatchObject(FORBIDDEN);
    await expect(key.get('/periods/2025-03/journals/booked')).rejects.toMatchObject(FORBIDDEN);
    expect((await reviewer.bytes('/periods/2025-03/journals/1/file')).length).toBeGreaterThan(0);
  });
});
