import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApiKeysHandler } from '#identity';
import { by } from '#testing/program';
import type { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { focusCsv } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

const BOUNDARY = 'a-line-of-a-form';

/** Files that come in at a bad moment, over HTTP. */
describe('an upload', () => {
  let api: TestApi;
  let reviewer: ApiClient;
  let admin: ApiClient;
  let token: string;
  let folder: string;

  beforeAll(async () => {
    api = await TestApi.start();
    reviewer = await api.signedIn('reviewer');
    admin = await api.signedIn('admin');
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-doors-'));
    const key = { name: 'exporter', scopes: ['imports:write' as const], sources: ['hpc'], expiresAt: null };
    ({ token } = await api.app.get(ApiKeysHandler).issue(key, by('admin@example.edu')));
  });

  afterEach(() => vi.restoreAllMocks());

  afterAll(async () => {
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function fileOf(name: string, content: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  async function keptFiles(): Promise<string[]> {
    const entries = await readdir(api.own.services.config.storage.dir, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  }

  async function imports(): Promise<number> {
    const { count } = await reviewer.get<{ count: number }>('/imports');
    return count;
  }

  async function stateOf(importId: number): Promise<string> {
    return eventually(async () => {
      const { state } = await reviewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'received' ? undefined : state;
    });
  }

  it('of the same file by two clients at the same moment is one import, and both are told which', async () => {
    const before = await imports();
    for (let round = 1; round <= 5; round++) {
      const path = await fileOf(`hpc_${round}.csv`, focusCsv([{ billed: `${round}.25`, resource: `round-${round}` }]));
      const answers = await Promise.all([reviewer, admin, reviewer, admin].map((client) => client.upload(path, { source: 'hpc' })));
      expect(new Set(answers.map(({ importId }) => importId)).size).toBe(1);
      expect(answers.map(({ duplicate }) => duplicate).sort()).toEqual([false, true, true, true]);
      expect(await stateOf(answers[0]?.importId ?? 0)).toBe('recorded');
    }
    expect(await imports()).toBe(before + 5);
    const held = await api.own.services.database.query(`select count(*)::int as lines, sum(amount)::text as amount from charge_lines`);
    expect(held).toEqual([{ lines: 5, amount: '16.25' }]);
  });

  it.each([
    ['the body itself', 'text/csv', ''],
    [
      'a form',
      `multipart/form-data; boundary=${BOUNDARY}`,
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="hpc_half.csv"\r\ncontent-type: text/csv\r\n\r\n`,
    ],
  ])('that breaks off in the middle of %s leaves no file and no import, and the server goes on', async (_way, contentType, opening) => {
    const filesBefore = await keptFiles();
    const importsBefore = await imports();
    for (let round = 0; round < 3; round++) {
      await new Promise<void>((resolve) => {
        const headers = { authorization: `Bearer ${token}`, 'content-type': contentType, 'content-length': 10_000_000 };
        const upload = httpRequest(`${api.url}/api/v1/imports?fileName=hpc_half.csv`, { method: 'POST', headers });
        upload.on('error', () => undefined);
        upload.on('close', resolve);
        upload.write(opening + focusCsv([{ billed: '1' }]) + 'x'.repeat(1_000_000 * round), () => upload.destroy());
      });
    }
    await expect.poll(keptFiles).toEqual(filesBefore);
    expect(await imports()).toBe(importsBefore);
    const path = await fileOf(`hpc_after_${contentType.slice(0, 4)}.csv`, focusCsv([{ billed: '7', resource: contentType }]));
    expect(await stateOf((await reviewer.upload(path, { source: 'hpc' })).importId)).toBe('recorded');
  });

  it('onto a full disk is answered as such, leaves nothing, and works once there is room', async () => {
    const path = await fileOf(
      'hpc_full.csv',
      focusCsv(Array.from({ length: 5000 }, (_, index) => ({ billed: '1', resource: `full-${index}` }))),
    );
    const filesBefore = await keptFiles();
    const importsBefore = await imports();
    const { storage } = api.own.services;
    const put = storage.put.bind(storage);
    const full = vi.spyOn(storage, 'put').mockImplementation((content) => put(Readable.from(untilFull(content))));
    await expect(reviewer.upload(path, { source: 'hpc' })).rejects.toMatchObject({ status: 503, code: 'storage.full' });
    expect(await keptFiles()).toEqual(filesBefore);
    expect(await imports()).toBe(importsBefore);
    full.mockRestore();
    expect(await stateOf((await reviewer.upload(path, { source: 'hpc' })).importId)).toBe('recorded');
  });
});

/** A write that fails as on a full disk, after the first piece of the file. */
async function* untilFull(content: Readable): AsyncGenerator<unknown> {
  for await (const piece of content) {
    yield piece;
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  }
}
