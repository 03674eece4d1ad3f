import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysHandler } from '#identity';
import { createLogger, loadConfig } from '#platform';
import { type Services, startServices } from '#runtime';
import { createTestDatabase } from '#testing';
import { createApi } from '../create-api.js';

const MAX_BYTES = 200_000;
const HEADER = 'BillingPeriodStart,BilledCost,ServiceName\n';

interface Answer {
  readonly code?: string;
  readonly importId?: number;
  readonly duplicate?: boolean;
}

describe('uploading a file', () => {
  let folder: string;
  let services: Services;
  let url: string;
  let token: string;
  let end: () => Promise<void>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-upload-'));
    const database = await createTestDatabase();
    await writeFile(join(folder, 'config.yaml'), `dev_mode: true\nimports:\n  max_unpacked_bytes: ${MAX_BYTES}\n`);
    const env = { OPENCHARGEBACK_DATABASE_URL: database.url, OPENCHARGEBACK_DATABASE_OWNER_URL: database.ownerUrl };
    const config = loadConfig({ path: 'config.yaml', cwd: folder, env });
    const logger = createLogger({ ...config.logging, level: 'error' }, { name: 'test' });
    services = await startServices({ config, logger, name: 'test' });
    const app = await createApi(services, { withWorker: false });
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}/api/v1/imports`;
    const metadata = { actor: { kind: 'system' as const, id: 'test' }, correlationId: 'test' };
    const input = { name: 'exporter', scopes: ['imports:write' as const], sources: ['hpc'], expiresAt: null };
    ({ token } = await app.get(ApiKeysHandler).issue(input, metadata));
    end = async () => {
      await app.close();
      await services.close();
      await database.drop();
    };
  });

  afterAll(async () => {
    await end();
    await rm(folder, { recursive: true, force: true });
  });

  async function send(body: FormData | string, query = ''): Promise<{ status: number; answer: Answer }> {
    const headers = { authorization: `Bearer ${token}`, ...(typeof body === 'string' && { 'content-type': 'text/csv' }) };
    const response = await fetch(url + query, { method: 'POST', headers, body });
    return { status: response.status, answer: (await response.json()) as Answer };
  }

  function form(content: string, fields: Readonly<Record<string, string>> = {}, fileName = 'hpc_2026-01.csv'): FormData {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    data.append('file', new Blob([content]), fileName);
    return data;
  }

  async function keptFiles(): Promise<string[]> {
    const entries = await readdir(services.config.storage.dir, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  }

  it('is received as a form or as the body, and the same bytes are recognised', async () => {
    const first = await send(form(`${HEADER}2026-01-01,1.5,Slurm\n`));
    expect(first).toMatchObject({ status: 202, answer: { duplicate: false } });
    const again = await send(`${HEADER}2026-01-01,1.5,Slurm\n`, '?fileName=hpc_again.csv');
    expect(again).toMatchObject({ status: 202, answer: { duplicate: true, importId: first.answer.importId } });
  });

  it.each([
    ['a form', () => send(form('x'.repeat(40 * MAX_BYTES)))],
    ['the body', () => send('x'.repeat(40 * MAX_BYTES), '?fileName=hpc.csv')],
  ])('is refused at once, and nothing is kept, when %s is too large', async (_way, upload) => {
    const before = await keptFiles();
    expect(await upload()).toMatchObject({ status: 413, answer: { code: 'import.too-large' } });
    expect(await keptFiles()).toEqual(before);
  });

  it.each([
    ['another source than the key is bound to', form(HEADER, { source: 'aws' }), 403, 'access.source'],
    ['a file name that tells no source', form(HEADER, {}, 'charges.csv'), 400, 'import.source-missing'],
    ['a field that nobody knows', form(HEADER, { sorce: 'hpc' }), 400, 'request.invalid'],
    ['a period that is none', form(HEADER, { period: '2026-13' }), 400, 'period.malformed'],
  ])('is refused before a byte is kept for %s', async (_case, body, status, code) => {
    const before = await keptFiles();
    expect(await send(body)).toMatchObject({ status, answer: { code } });
    expect(await keptFiles()).toEqual(before);
  });

  it('is refused when a field follows the file or there is no file', async () => {
    const late = form(HEADER);
    late.append('source', 'hpc');
    expect(await send(late)).toMatchObject({ status: 400, answer: { code: 'import.field-after-file' } });
    const none = new FormData();
    none.append('source', 'hpc');
    expect(await send(none)).toMatchObject({ status: 400, answer: { code: 'import.no-file' } });
  });

  it('leaves nothing when the client goes away half-way', async () => {
    const before = await keptFiles();
    await new Promise<void>((resolve) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv', 'content-length': MAX_BYTES };
      const upload = httpRequest(`${url}?fileName=hpc_half.csv`, { method: 'POST', headers });
      upload.on('error', () => undefined);
      upload.on('close', resolve);
      upload.write('x'.repeat(MAX_BYTES / 2), () => upload.destroy());
    });
    await expect.poll(keptFiles).toEqual(before);
    expect((await send(form(`${HEADER}2026-01-02,2,Slurm\n`))).status).toBe(202);
  });

  it('leaves nothing of a form either when the client goes away half-way', async () => {
    const before = await keptFiles();
    await breakOff(['hpc_half.csv'], '');
    await expect.poll(keptFiles).toEqual(before);
  });

  describe('as one of several', () => {
    interface BatchAnswer {
      readonly code?: string;
      readonly position: number;
      readonly strayFields: readonly string[];
      readonly files: readonly {
        fileName: string;
        importId: number | null;
        previewId: string | null;
        duplicate: boolean;
        state: string | null;
        problem: { status: number; code: string; detail: string } | null;
      }[];
    }

    async function sendAll(body: FormData, query = ''): Promise<{ status: number; answer: BatchAnswer }> {
      const response = await fetch(`${url}/batch${query}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });
      return { status: response.status, answer: (await response.json()) as BatchAnswer };
    }

    /** Parts in order: `[file name, content]`, or `[field]: value`. */
    function parts(...list: readonly (readonly [string, string] | Readonly<Record<string, string>>)[]): FormData {
      const data = new FormData();
      for (const part of list) {
        if (Array.isArray(part)) data.append('file', new Blob([part[1] as string]), part[0] as string);
        else for (const [name, value] of Object.entries(part)) data.append(name, value);
      }
      return data;
    }

    const row = (amount: string): string => `${HEADER}2026-02-01,${amount},Slurm\n`;

    it('is taken for itself, with the fields before it; one that is refused keeps none of the others out', async () => {
      const before = await keptFiles();
      const { status, answer } = await sendAll(
        parts(
          ['hpc_a.csv', row('1')],
          { source: 'aws' },
          ['theirs.csv', row('2')],
          { source: 'hpc', period: '2026-02' },
          ['charges.csv', row('3')],
          { sorce: 'hpc' },
          ['hpc_b.csv', row('4')],
          ['charges_of_nobody.csv', row('5')],
          ['hpc_large.csv', 'x'.repeat(2 * MAX_BYTES)],
          ['hpc_again.csv', row('1')],
          ['hpc_c.csv', row('6')],
          { period: '2026-03' },
        ),
      );
      expect(status).toBe(202);
      expect(
        answer.files.map(({ fileName, problem, duplicate }) => [fileName, problem?.code ?? (duplicate ? 'duplicate' : 'taken')]),
      ).toEqual([
        ['hpc_a.csv', 'taken'],
        ['theirs.csv', 'access.source'],
        ['charges.csv', 'taken'],
        ['hpc_b.csv', 'request.invalid'],
        ['charges_of_nobody.csv', 'import.source-missing'],
        ['hpc_large.csv', 'import.too-large'],
        ['hpc_again.csv', 'duplicate'],
        ['hpc_c.csv', 'taken'],
      ]);
      expect(answer.strayFields).toEqual(['period']);
      expect(answer.files[6]?.importId).toBe(answer.files[0]?.importId);
      expect(new Set(answer.files.map(({ state }) => state))).toEqual(new Set(['received', null]));
      expect(await keptFiles()).toHaveLength(before.length + 3);
      const detail = await fetch(`${url}/${answer.files[2]?.importId ?? ''}?wait=${answer.position}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(await detail.json()).toMatchObject({ source: 'hpc', expectedPeriod: '2026-02', fileName: 'charges.csv' });
    });

    it('is tried with what the query says for all', async () => {
      const { answer } = await sendAll(parts(['a.csv', row('7')], { source: 'elsewhere' }, ['b.csv', row('8')]), '?source=hpc&dryRun=true');
      expect(answer).toMatchObject({
        position: 0,
        files: [
          { importId: null, problem: null },
          { previewId: null, problem: { status: 403 } },
        ],
      });
      expect(answer.files[0]?.previewId).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('stays received when the connection breaks in a later one, and is told so when it comes again', async () => {
      const before = await keptFiles();
      await breakOff(['hpc_x.csv', 'hpc_y.csv', 'hpc_half.csv'], '/batch');
      await expect.poll(keptFiles).toHaveLength(before.length + 2);
      const { answer } = await sendAll(parts(['hpc_x.csv', row('hpc_x.csv')], ['hpc_y.csv', row('hpc_y.csv')], ['hpc_half.csv', row('9')]));
      expect(answer.files.map(({ duplicate }) => duplicate)).toEqual([true, true, false]);
      expect(await keptFiles()).toHaveLength(before.length + 3);
    });

    it('is none in a form without files', async () => {
      expect(await sendAll(parts({ source: 'hpc' }))).toMatchObject({ status: 400, answer: { code: 'import.no-file' } });
    });
  });

  /** Sends a form whose last file is cut off in its middle. */
  async function breakOff(names: readonly string[], path: string): Promise<void> {
    const boundary = 'a-boundary';
    const body = names.map((name, index) => {
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`;
      return `${head}${HEADER}2026-02-01,${name},Slurm\n${index === names.length - 1 ? 'half a ro'.repeat(9_000) : '\r\n'}`;
    });
    const before = await keptFiles();
    await new Promise<void>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': MAX_BYTES,
      };
      const upload = httpRequest(`${url}${path}`, { method: 'POST', headers });
      upload.on('error', () => undefined);
      upload.on('close', resolve);
      // Gone once the half file is being kept.
      upload.write(body.join(''), () => {
        expect
          .poll(async () => (await keptFiles()).length)
          .toBe(before.length + names.length)
          .then(() => upload.destroy(), reject);
      });
    });
  }
});
