import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysHandler } from '#identity';
import { by } from '#testing/program';
import { ApiClient } from '../support/api-client.js';
import { type CommandRun, commandLineBeside } from '../support/command-line.js';
import { eventually } from '../support/eventually.js';
import { focusCsv } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

/** What auditors ask for: the very file that a charge came from. */
describe('the file of an import', () => {
  let api: TestApi;
  let folder: string;
  let reviewer: ApiClient;
  let viewer: ApiClient;
  let run: (...args: string[]) => Promise<CommandRun>;

  beforeAll(async () => {
    api = await TestApi.start();
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-files-'));
    reviewer = await api.signedIn('reviewer');
    viewer = await api.signedIn('viewer');
    run = await commandLineBeside(api);
    const seed = join(folder, 'seed.csv');
    await writeFile(seed, focusCsv([{ billed: '1' }]));
    for (const source of ['hpc', 'aws']) await reviewer.upload(seed, { source });
  });
  afterAll(async () => {
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** @returns the import, once it is read. */
  async function handIn(name: string, content: Buffer | string, source = 'hpc'): Promise<{ importId: number; state: string }> {
    const path = join(folder, name);
    await writeFile(path, content);
    const { importId } = await reviewer.upload(path, { source });
    const state = await eventually(async () => {
      const told = await reviewer.get<{ state: string }>(`/imports/${importId}`);
      return told.state === 'received' ? undefined : told.state;
    });
    return { importId, state };
  }

  const digest = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

  it('comes back byte for byte to a viewer, under its own name in any script, with its SHA-256 as ETag', async () => {
    const content = `\ufeff${focusCsv([{ billed: '2' }, { billed: '3.000' }]).replaceAll('\n', '\r\n')}\r\n`;
    const { importId } = await handIn("März „李“ '50%'.csv", content);
    const response = await viewer.answer(`/imports/${importId}/file`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(content));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv',
      'content-length': String(Buffer.byteLength(content)),
      etag: `"${digest(content)}"`,
      'content-disposition': `attachment; filename="M_rz ___ '50_'.csv"; filename*=UTF-8''${encodeURIComponent('März „李“ ')}%2750%25%27.csv`,
    });
    expect((await viewer.get<{ sha256: string }>(`/imports/${importId}`)).sha256).toBe(digest(content));
  });

  it('stays packed if it was packed, whatever it is called', async () => {
    const packed = gzipSync(focusCsv([{ billed: '4' }]));
    for (const name of ['packed.csv.gz', 'packed-all-the-same.csv']) {
      const { importId, state } = await handIn(name, packed, name.endsWith('gz') ? 'hpc' : 'aws');
      const response = await viewer.answer(`/imports/${importId}/file`);
      expect([state, response.headers.get('content-type'), response.headers.get('content-encoding')]).toEqual([
        'recorded',
        'application/gzip',
        null,
      ]);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(packed);
    }
  });

  it('is kept of an import that was refused, and of one that was withdrawn', async () => {
    const bad = focusCsv([{ billed: 'n/a' }]);
    const refused = await handIn('bad.csv', bad);
    expect(refused.state).toBe('refused');
    expect((await viewer.bytes(`/imports/${refused.importId}/file`)).toString()).toBe(bad);
    const good = focusCsv([{ billed: '5', resource: 'withdrawn' }]);
    const { importId } = await handIn('good.csv', good);
    await reviewer.post(`/imports/${importId}/withdraw`, { reason: 'a wrong file' });
    expect((await viewer.bytes(`/imports/${importId}/file`)).toString()).toBe(good);
  });

  it('of a number that no import has is not found', async () => {
    await expect(viewer.bytes('/imports/4711/file')).rejects.toMatchObject({ status: 404, code: 'import.unknown' });
    await expect(viewer.bytes('/imports/first/file')).rejects.toMatchObject({ status: 400 });
  });

  it('is not for a key that is bound to another source, nor for one that may not see imports', async () => {
    const { importId } = await handIn('of-aws.csv', focusCsv([{ billed: '6', resource: 'of-aws' }]), 'aws');
    const keyFor = async (scopes: readonly ('imports:write' | 'charges:read')[], sources: string[]): Promise<ApiClient> => {
      const asked = { name: `${scopes.join()} ${sources.join()}`, scopes: [...scopes], sources, expiresAt: null };
      const { token, position } = await api.app.get(ApiKeysHandler).issue(asked, by('admin@example.edu'));
      await api.own.services.projections.waitFor(position);
      return new ApiClient(api.url, token);
    };
    const file = `/imports/${importId}/file`;
    expect((await (await keyFor(['imports:write'], ['aws'])).bytes(file)).length).toBeGreaterThan(0);
    await expect((await keyFor(['imports:write'], ['hpc'])).bytes(file)).rejects.toMatchObject({ status: 403, code: 'access.source' });
    await expect((await keyFor(['charges:read'], ['aws'])).bytes(file)).rejects.toMatchObject({ status: 403 });
  });

  it('that the storage lost is told as lost, with what to bring back', async () => {
    const content = focusCsv([{ billed: '7', resource: 'lost' }]);
    const { importId } = await handIn('lost.csv', content);
    const name = digest(content);
    const kept = join(api.own.services.config.storage.dir, name.slice(0, 2), name.slice(2));
    await rm(kept);
    const problem: unknown = await viewer.bytes(`/imports/${importId}/file`).catch((error: unknown) => error);
    expect(problem).toMatchObject({ status: 503, code: 'import.file-lost' });
    expect(String(problem)).toContain(name);
    const told = await run('imports', 'file', String(importId), '-o', join(folder, 'never.csv'));
    expect(told).toMatchObject({ exitCode: 1 });
    expect(told.notes).toContain('lost.csv');
    await writeFile(kept, content);
    expect((await viewer.bytes(`/imports/${importId}/file`)).toString()).toBe(content);
  });

  it('is written by the command line: where it is asked for, to standard output, or under its own name, replacing nothing', async () => {
    const packed = gzipSync(focusCsv([{ billed: '8', resource: 'by-cli' }]));
    const { importId } = await handIn('by-cli.csv.gz', packed);
    const target = join(folder, 'new', 'copy.csv.gz');
    const named = await run('--json', 'imports', 'file', String(importId), '-o', target);
    expect(JSON.parse(named.result)).toMatchObject({
      importId,
      source: 'hpc',
      fileName: 'by-cli.csv.gz',
      sha256: digest(packed),
      mediaType: 'application/gzip',
      file: target,
    });
    expect(await readFile(target)).toEqual(packed);

    const text = focusCsv([{ billed: '9', resource: 'to-standard-output' }]);
    const plain = await handIn('plain.csv', text);
    expect(await run('imports', 'file', String(plain.importId), '-o', '-')).toMatchObject({ exitCode: 0, result: text });
    expect((await run('--json', 'imports', 'file', String(plain.importId), '-o', '-')).exitCode).toBe(2);

    const here = process.cwd();
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere);
    process.chdir(elsewhere);
    try {
      expect((await run('imports', 'file', String(plain.importId))).exitCode).toBe(0);
      const again = await run('--json', 'imports', 'file', String(plain.importId));
      expect([again.exitCode, JSON.parse(again.result)]).toMatchObject([1, { error: { code: 'output.exists' } }]);
    } finally {
      process.chdir(here);
    }
    expect(await readFile(join(elsewhere, 'plain.csv'), 'utf8')).toBe(text);
    expect((await run('imports', 'file', '4711')).exitCode).toBe(1);
    expect((await run('imports', 'file', 'first')).exitCode).toBe(2);
  });
});
