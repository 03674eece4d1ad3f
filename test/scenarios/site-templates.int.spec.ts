import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JournalQueries } from '#journals';
import { billingPeriod } from '#kernel';
import { MessageViews } from '#deliveries';
import { type ApiClient, ApiProblem } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { focusCsv } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

const MARCH = billingPeriod('2025-03');
const CONFIG = stringify({
  dev_mode: true,
  imports: { known_sources: [{ name: 'hpc', fund_org: 'RC-1' }] },
  journal: { default_account: '7050', template: 'ours.txt' },
  email: { html_template: 'note.html' },
});

interface Listing {
  readonly area: string;
  readonly name: string;
  readonly origin: string | null;
  readonly origins: readonly string[];
  readonly version: number;
  readonly changedBy: string | null;
  readonly configuredAs: readonly string[];
}

interface Preview {
  readonly period: string | null;
  readonly about: {
    readonly entryCount: number | null;
    readonly debits: string | null;
    readonly credits: string | null;
    readonly recipient: string | null;
    readonly subject: string | null;
  };
  readonly failure: {
    readonly template: string;
    readonly line: number | null;
    readonly expression: string | null;
    readonly reason: string;
  } | null;
  readonly written: {
    readonly text: string;
    readonly isHtml: boolean;
    readonly isCapped: boolean;
    readonly bytes: number;
    readonly lineCount: number;
  } | null;
}

/** An office that keeps its templates in the program. */
describe('templates of a site', () => {
  const before = process.cwd();
  let folder: string;
  let api: TestApi;
  let admin: ApiClient;
  let reviewer: ApiClient;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'office-'));
    await mkdir(join(folder, 'templates'));
    process.chdir(folder);
    await file('ours.txt', 'folder {% include "part.txt" %}');
    await file('part.txt', 'part of the folder');
    api = await TestApi.start({ config: CONFIG });
    admin = await api.signedIn('admin');
    reviewer = await api.signedIn('reviewer');
    const rows = ['10.00', '2.50'].map((billed) => ({
      billed,
      tags: { pi_email: 'ada@example.edu', project_id: 'loom', fund_org: 'F-1' },
    }));
    const { importId } = await reviewer.uploadText<{ importId: number }>('/imports?source=hpc', 'march.csv', focusCsv(rows));
    await eventually(async () => {
      const { state } = await reviewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'received' ? undefined : state;
    });
    const { runId } = await reviewer.post<{ runId: number }>(`/periods/${MARCH}/statement-runs`);
    await eventually(async () => {
      const { state } = await reviewer.get<{ state: string }>(`/statement-runs/${runId}`);
      return state === 'completed' ? state : undefined;
    });
  });
  afterAll(async () => {
    process.chdir(before);
    await api.stop();
    await rm(folder, { recursive: true });
  });

  const file = (name: string, text: string): Promise<void> => writeFile(join(folder, 'templates', name), text);
  const save = (path: string, text: string, expectedVersion = 0, more: object = {}): Promise<{ version: number; changed: boolean }> =>
    admin.put(`/templates/${path}`, { text, expectedVersion, ...more });
  const listed = async (name: string, area = 'journal'): Promise<Listing | undefined> =>
    (await reviewer.get<{ templates: Listing[] }>('/templates')).templates.find((one) => one.name === name && one.area === area);
  const preview = (body: object): Promise<Preview> => admin.post<Preview>('/templates/preview', { area: 'journal', ...body });
  const journal = async (template?: string): Promise<string> => {
    const exported = await reviewer.post<{ number: number }>(`/periods/${MARCH}/journals`, {
      format: 'template',
      ...(template && { template }),
    });
    const { sha256 } = await api.app.get(JournalQueries).get(MARCH, exported.number);
    const chunks: Buffer[] = [];
    for await (const chunk of await api.own.services.storage.open(sha256)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  };
  const refusal = async (work: Promise<unknown>): Promise<ApiProblem> => {
    try {
      await work;
    } catch (error) {
      if (error instanceof ApiProblem) return error;
      throw error;
    }
    throw new Error('it was not refused');
  };

  it('go before the files of the folder, and those before the shipped ones, also where one includes another', async () => {
    expect(await journal()).toBe('folder part of the folder');
    expect(await listed('ours.txt')).toMatchObject({
      origin: 'folder',
      origins: ['folder'],
      version: 0,
      configuredAs: ['journal.template'],
    });

    await save('journal/part.txt', 'part that is saved');
    expect(await journal()).toBe('folder part that is saved');
    expect(await save('journal/ours.txt', 'saved {% include "part.txt" %}')).toMatchObject({ version: 1, changed: true });
    expect(await journal()).toBe('saved part that is saved');
    expect(await listed('ours.txt')).toMatchObject({
      origin: 'saved',
      origins: ['saved', 'folder'],
      version: 1,
      changedBy: 'admin@example.edu',
    });
    expect(await admin.get('/templates/journal/ours.txt?file=folder')).toMatchObject({
      text: 'folder {% include "part.txt" %}',
      origin: 'saved',
    });

    expect(await listed('journal_gl.csv')).toMatchObject({ origin: 'shipped', origins: ['shipped'] });
    await file('journal_gl.csv', 'over the shipped one');
    expect(await journal('journal_gl.csv')).toBe('over the shipped one');
    expect(await listed('journal_gl.csv')).toMatchObject({ origin: 'folder', origins: ['folder', 'shipped'] });

    await admin.post('/templates/journal/part.txt/remove', { expectedVersion: 1, reason: 'not needed' });
    expect(await journal()).toBe('saved part of the folder');
  });

  it('belong to an area: the same name in the other one is another template', async () => {
    await save('mail/part.txt', 'part of a message');
    expect(await journal()).toBe('saved part of the folder');
    expect((await preview({ area: 'mail', name: 'x.txt', text: '{% include "part.txt" %}' })).written?.text).toBe('part of a message');
  });

  it('make messages as soon as they are saved', async () => {
    expect(await listed('note.html', 'mail')).toMatchObject({ origin: null, configuredAs: ['email.html_template'] });
    const views = api.app.get(MessageViews);
    await expect(views.preview(MARCH, 'ada@example.edu')).rejects.toThrow(
      'There is no template “note.html”: none is saved, none lies in ./templates, and none is shipped; shipped are statement_message.html, statement_message.txt. Check email.html_template.',
    );
    await save('mail/note.html', '<style>b { color: red }</style><b>{{ total_cost }} & {{ recipient }}</b>');
    expect((await views.preview(MARCH, 'ada@example.edu')).html).toContain('<b style="color:red">12.50 & ada@example.edu</b>');
  });

  it('are refused to who did not see the last version, and then nothing is saved', async () => {
    const stale = await refusal(save('journal/ours.txt', 'later', 0));
    expect([stale.status, stale.code]).toEqual([409, 'template.changed']);
    const { version } = await save('journal/race.txt', 'one', 0);
    const both = await Promise.allSettled([save('journal/race.txt', 'two', version), save('journal/race.txt', 'three', version)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await save('journal/ours.txt', 'saved {% include "part.txt" %}', 1)).toMatchObject({ changed: false, version: 1 });
  });

  it.each([
    ['x.txt', 'one\n{{ 1 + }}', 'Template x.txt, line 2, “{{ 1 + }}”: '],
    ['x.txt', 'one\n\n{% for e entries %}\n{% endfor %}', 'Template x.txt, line 3, “{% for e entries %}”: “for” needs “in”.'],
    ['x.csv', '{% include "bad.txt" %}', 'Template bad.txt, line 1, “{{ nothing”: '],
  ])('are refused if they can’t be read: %s %j', async (name, text, detail) => {
    await file('bad.txt', '{{ nothing');
    const refused = await refusal(save(`journal/${name}`, text));
    expect([refused.status, refused.code]).toEqual([400, 'template.failed']);
    expect(refused.message).toContain(detail);
    expect(await listed(name)).toBeUndefined();
  });

  it('are filled in before they are saved where a period is named, and may lack what others set where none is', async () => {
    const text = 'a\n{{ chart|required("chart") }}';
    const refused = await refusal(save('journal/layout.txt', text, 0, { period: '2025-03' }));
    expect(refused.message).toContain('Template layout.txt, line 2, “{{ chart|required("chart") }}”: chart is missing;');
    expect(await save('journal/layout.txt', text)).toMatchObject({ version: 1 });
    expect((await refusal(save('journal/layout.txt', 'x', 1, { period: '2031-01' }))).code).toBe('period.unknown');
  });

  it.each([
    ['journal/.hidden', 'x'],
    ['journal/..%2Fconfig.yaml', 'x'],
    ['journal/empty.txt', '  '],
    ['journal/nul.txt', 'a\u0000b'],
    ['journal/large.txt', 'ä'.repeat(140_000)],
    ['reports/x.txt', 'x'],
  ])('are refused as %s', async (path, text) => {
    expect((await refusal(save(path, text))).status).toBe(400);
  });

  it('may have 256 KiB of line breaks, which are twice as much on the way', async () => {
    expect(await save('journal/long.txt', '\n'.repeat(262_143) + 'x')).toMatchObject({ version: 1 });
  });

  it('keep their versions, which are shown, removed and restored', async () => {
    await save('journal/kept.txt', 'first', 0, { note: 'as accounting asked' });
    await save('journal/kept.txt', 'second', 1);
    await admin.post('/templates/journal/kept.txt/remove', { expectedVersion: 2 });
    expect(await listed('kept.txt')).toMatchObject({ origin: null, version: 3 });
    expect((await refusal(reviewer.get('/templates/journal/kept.txt'))).code).toBe('template.unknown');
    expect((await refusal(admin.post('/templates/journal/kept.txt/remove', { expectedVersion: 3 }))).code).toBe('template.not-saved');
    expect((await refusal(reviewer.get('/templates/journal/kept.txt?version=3'))).code).toBe('template.no-version');
    expect(await reviewer.get('/templates/journal/kept.txt?version=1')).toMatchObject({ text: 'first', version: 3 });
    expect(await admin.post('/templates/journal/kept.txt/restore', { version: 1, expectedVersion: 3 })).toMatchObject({
      version: 4,
      changed: true,
    });
    expect(await journal('kept.txt')).toBe('first');
    const { versions } = await reviewer.get<{ versions: object[] }>('/templates/journal/kept.txt/versions');
    expect(versions).toMatchObject([
      { version: 4, action: 'saved', note: 'Version 1 again', bytes: 5, changedBy: 'admin@example.edu' },
      { version: 3, action: 'removed', note: null },
      { version: 2, action: 'saved', note: null, bytes: 6 },
      { version: 1, action: 'saved', note: 'as accounting asked' },
    ]);
  });

  it('stand in the audit log, and their list is made the same by a rebuild', async () => {
    const { events } = await admin.get<{ events: { text: string; data: { name: string; text: string } }[] }>('/audit?type=TemplateSaved');
    expect(events.map(({ text }) => text)).toContain('Template kept.txt (journal) was saved: as accounting asked');
    const long = events.find(({ data }) => data.name === 'long.txt')?.data.text ?? '';
    expect([long.length, long.slice(10_000)]).toEqual([10_028, '… and 252144 more characters']);
    const { projections, database } = api.own.services;
    const rows = (): Promise<unknown[]> => database.query('select * from site_template_versions order by area, name, version');
    const before = await rows();
    expect(before.length).toBeGreaterThan(8);
    await projections.rebuild('site-templates');
    await projections.waitFor(await api.own.services.store.lastPosition());
    expect(await rows()).toEqual(before);
  });

  describe('tried before they are saved', () => {
    it('write a journal of a period, with its totals', async () => {
      const text = '{% for e in entries %}{{ e.fund_org }} {{ e.amount }}\n{% endfor %}';
      const shown = await preview({ name: 'try.txt', text, period: '2025-03' });
      expect(shown).toEqual({
        period: '2025-03',
        about: { entryCount: 2, debits: '12.50', credits: '12.50', recipient: null, subject: null },
        failure: null,
        written: { text: 'F-1 12.50\nRC-1 12.50\n', isHtml: false, isCapped: false, bytes: 21, lineCount: 2 },
      });
      expect(await listed('try.txt')).toBeUndefined();
    });

    it('are filled with samples where nothing is billed, and all that are shipped can be', async () => {
      const sample = await preview({ name: 'journal_gl.csv', text: '{{ totals.debits }} {{ totals.credits }} {{ period }}' });
      expect(sample).toMatchObject({
        period: null,
        about: { entryCount: 6, debits: '1272.85' },
        written: { text: '1272.85 1272.85 2025-01' },
      });
      await admin.post('/periods', { period: '2025-04' });
      expect(await preview({ name: 'a.txt', text: 'x', period: '2025-04' })).toMatchObject({ period: null, about: { entryCount: 6 } });
      for (const name of ['statement_message.html', 'statement_message.txt']) {
        const { written, about } = await preview({ area: 'mail', name });
        expect(written?.text).toMatch(/1240\.10[^]*20\.25[^]*statement_2025-01_plasma\.pdf/);
        expect(about).toMatchObject({ recipient: 'ada@example.edu', subject: expect.stringContaining('2025-01') as string });
      }
    });

    it('show a message to the first PI of the period, with its styles at the elements', async () => {
      const shown = await preview({
        area: 'mail',
        name: 'try.html',
        text: '<style>i { color: blue }</style><i>{{ total_cost }}</i>',
        period: '2025-03',
      });
      expect(shown).toMatchObject({
        period: '2025-03',
        about: { recipient: 'ada@example.edu', entryCount: null },
        written: { isHtml: true },
      });
      expect(shown.written?.text).toContain('<i style="color:blue">12.50</i>');
    });

    it('tell line and expression of what fails', async () => {
      const shown = await preview({ name: 'try.txt', text: 'a\nb {{ entries[0].fund_org|fit(2, "fund") }}', period: '2025-03' });
      expect(shown.written).toBeNull();
      expect(shown.failure).toEqual({
        template: 'try.txt',
        line: 2,
        expression: 'b {{ entries[0].fund_org|fit(2, "fund") }}',
        reason: 'the fund “F-1” has 3 characters, its column 2; codes and amounts are never cut off',
      });
    });

    it('never hold up the API: it answers while one runs for long', async () => {
      const text = '{% for a in range(9999) %}{% for b in range(9999) %}{{ "%.2f"|format(b * 1.5) }}{% endfor %}{% endfor %}';
      const answered: string[] = [];
      const endless = preview({ name: 'try.txt', text }).then(({ failure }) => answered.push(failure?.reason ?? 'filled in'));
      await reviewer.get('/templates/journal/ours.txt').then(() => answered.push('another question'));
      await endless;
      expect(answered).toEqual(['another question', 'it takes more steps than allowed; is there an endless loop?']);
    });

    it('show the beginning of what is long', async () => {
      const { written } = await preview({ name: 'try.txt', text: '{% for a in range(30000) %}0123456789\n{% endfor %}' });
      expect(written).toMatchObject({ isCapped: true, bytes: 330_000, lineCount: 30_000 });
      expect(written?.text.length).toBeLessThanOrEqual(200_000);
      expect(written?.text.endsWith('9\n')).toBe(true);
    });

    it('are shown to everybody, but a text of one’s own only to admins', async () => {
      const viewer = await api.signedIn('viewer');
      expect(await viewer.post<Preview>('/templates/preview', { area: 'journal', name: 'ours.txt' })).toMatchObject({ failure: null });
      expect((await refusal(viewer.post('/templates/preview', { area: 'journal', name: 'ours.txt', text: 'x' }))).code).toBe('access.role');
    });
  });
});
