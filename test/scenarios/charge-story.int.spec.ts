import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ApiKeysHandler } from '#identity';
import { by } from '#testing/program';
import type { Terminal } from '../../apps/cli/output/terminal.js';
import { runCommandLine } from '../../apps/cli/run-command-line.js';
import { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { TestApi } from '../support/test-api.js';

const MINUTE_MS = 60_000;
const CONFIG = `dev_mode: true
tag_mapping: {fund_org: CostCode}
review:
  flag_patterns: [gpu]
  fund_org_patterns: ['BIO-\\d+']
imports:
  known_sources: [{name: hpc, fund_org: RC-1, delivery_mode: replace}, {name: aws}]
`;

interface Story {
  readonly charge: { readonly id: string; readonly standing: string; readonly amount: string; readonly piEmail: string };
  readonly line: {
    readonly lineNumber: number;
    readonly columns: readonly { name: string; value: string; note: string | null }[];
    readonly tags: readonly { name: string; value: string }[];
    readonly readings: readonly { field: string; tags: readonly string[]; value: string | null }[];
  };
  readonly flags: readonly { flag: string; isOpen: boolean; rule: string; found: string; remedy: string }[];
  readonly imports: readonly {
    importId: number;
    touch: string;
    lineNumber: number | null;
    otherCharge: string | null;
    amountBefore: string | null;
    amountAfter: string | null;
    actor: string;
    reason: string | null;
  }[];
  readonly decisions: readonly {
    chargeId: string;
    action: string;
    note: string | null;
    actor: string;
    count: number;
    changes: readonly { field: string; before: string; after: string }[];
  }[];
  readonly bookings: readonly { standing: string; isBilled: boolean; until: string | null; attribution: { piEmail: string } }[];
  readonly posting: { lineCount: number; list: string; billed: string } | null;
  readonly statements: readonly { piEmail: string; projectId: string; revision: number }[];
  readonly journals: readonly { number: number }[];
  readonly previous: string | null;
  readonly next: string | null;
}

const HEADER = 'BillingPeriodStart,billedcost,ListCost,ChargePeriodStart,ServiceName,ResourceId,Tags,x_Queue,AvailabilityZone';

function row(billed: string, resource: string, tags: object | string, service = 'Compute'): string {
  const json = typeof tags === 'string' ? tags : JSON.stringify(tags);
  const cell = `"${json.replaceAll('"', '""')}"`;
  return `2025-03-01,${billed},,2025-03-05T00:00:00Z,${service},${resource},${cell},long,zone-1`;
}

const ADA = { pi_email: 'Ada@Example.edu', project_id: 'engine', CostCode: 'BIO-1' };

/** A charge tells its story through API and command line. */
describe('the story of a charge', () => {
  let api: TestApi;
  let reviewer: ApiClient;
  let viewer: ApiClient;
  let fileCount = 0;

  beforeAll(async () => {
    api = await TestApi.start({ config: CONFIG });
    reviewer = await api.signedIn('reviewer');
    viewer = await api.signedIn('viewer');
  });
  afterAll(() => api.stop());

  /** Imports a file a minute later than what happened before. */
  async function importFile(rows: readonly string[], fields: Readonly<Record<string, string>> = {}): Promise<number> {
    api.own.clock.advance(MINUTE_MS);
    fileCount += 1;
    const path = join(api.own.folder, `delivery-${fileCount}.csv`);
    await writeFile(path, [HEADER, ...rows, ''].join('\n'));
    const { importId } = await reviewer.upload(path, { source: 'hpc', ...fields });
    await eventually(async () => {
      const { state } = await viewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'recorded' ? true : undefined;
    });
    await settle();
    return importId;
  }

  /** Every read model has seen everything: that of the imports may be ahead of that of the charges. */
  async function settle(): Promise<void> {
    const { projections, store } = api.own.services;
    await projections.waitFor(await store.lastPosition());
  }

  async function decide(verb: string, body: object): Promise<void> {
    api.own.clock.advance(MINUTE_MS);
    const { position } = await reviewer.post<{ position: number }>(`/review/${verb}`, body);
    await api.own.services.projections.waitFor(position);
  }

  const storyOf = (id: string): Promise<Story> => viewer.get<Story>(`/charges/${id}`);

  it('shows the line with every column, as the file names what the ledger has no field for', async () => {
    const json = '{"pi_email":"Ada@Example.edu","project_id":"engine","CostCode":"BIO-1","ticket":90071992547409931}';
    const first = await importFile([row('12.5', 'node-1', json)], { source: 'aws' });
    const { line, previous, next } = await storyOf(`${first}-2`);
    expect(line.lineNumber).toBe(2);
    expect(line.columns.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'BillingPeriodStart=2025-03',
      'ChargePeriodStart=2025-03-05T00:00:00Z',
      'ServiceName=Compute',
      'ResourceId=node-1',
      'BillingCurrency=USD',
      'BilledCost=12.5',
      'ListCost=12.5',
      `Tags=${json}`,
      'x_Queue=long',
      'AvailabilityZone=zone-1',
    ]);
    expect(line.tags.find(({ name }) => name === 'ticket')?.value).toBe('90071992547409931');
    expect(line.readings.slice(0, 3)).toEqual([
      { field: 'pi_email', tags: ['pi_email'], value: 'Ada@Example.edu' },
      { field: 'project_id', tags: ['project_id', 'project'], value: 'engine' },
      { field: 'fund_org', tags: ['CostCode'], value: 'BIO-1' },
    ]);
    expect([previous, next]).toEqual([null, null]);
  });

  it('says the rule of every flag, what was found, and what mends it', async () => {
    const importId = await importFile(
      [
        row('1', 'node-1', { project_id: 'engine', Team: 'a', CostCode: '' }, 'GPU nodes'),
        row('2', 'gpu-7', { ...ADA, pi_email: 'Dr. Ada', CostCode: 'CHEM-1', end_date: '2025-03-01', reconciliation_end: '2025-03-04' }),
      ],
      { source: 'aws', period: '2025-04' },
    );
    const [first, second] = await Promise.all([storyOf(`${importId}-2`), storyOf(`${importId}-3`)]);
    const told = ({ flags }: Story): string[] => flags.map(({ flag, rule, found }) => `${flag}: ${rule} ${found}`);
    expect(told(first)).toEqual([
      'missing_pi_email: Every line must name a PI, in the tag “pi_email” (tag_mapping.pi_email). The line has other tags: “project_id”, “Team” and “CostCode”.',
      'missing_fund_org: Every line must name a fund/org, in the tag “CostCode” (tag_mapping.fund_org). The tag “CostCode” is there, and empty.',
      'pattern_match:gpu: A person looks at whatever has “gpu” anywhere in service, resource id or resource name. It is found in ServiceName “GPU nodes”.',
      'period_mismatch: The import was told to expect charges of 2025-04. BillingPeriodStart lies in 2025-03.',
    ]);
    expect(told(second)).toEqual([
      'invalid_pi_email: A PI is known by an email address, in the tag “pi_email”. “Dr. Ada” is not an email address.',
      'invalid_fund_org: The fund/org must match one of the fund/org patterns from its start, in any case: “BIO-\\d+”. “CHEM-1” matches none of them.',
      'pattern_match:gpu: A person looks at whatever has “gpu” anywhere in service, resource id or resource name. It is found in ResourceId “gpu-7”.',
      'period_mismatch: The import was told to expect charges of 2025-04. BillingPeriodStart lies in 2025-03.',
      'late_charge: The reconciliation of the project ended on 2025-03-04, as the tag “reconciliation_end” says. The charge is of 2025-03-05.',
      'expired_project: The project ended on 2025-03-01, as the tag “end_date” says. The charge is of 2025-03-05.',
    ]);
    expect(first.flags.every(({ isOpen, remedy }) => isOpen && remedy !== '')).toBe(true);
    expect([first.previous, first.next, second.previous, second.next]).toEqual([null, second.charge.id, first.charge.id, null]);
  });

  describe('that was imported again and again, and decided on', () => {
    const others = [row('3', 'node-2', ADA), row('4', 'node-3', ADA)];
    let ids: readonly number[];

    beforeAll(async () => {
      const gpu = (billed: string): string => row(billed, 'node-1', { ...ADA, CostCode: 'CHEM-1' }, 'GPU nodes');
      const brought = await importFile([gpu('10'), ...others]);
      await decide('reattribute', { ids: [`${brought}-2`], set: { fundOrg: 'BIO-2', piEmail: 'ben@example.edu' }, note: 'His account' });
      await decide('approve', { ids: [`${brought}-2`], note: 'As announced' });
      const again = await importFile([...others, gpu('10.0')]);
      await document('2025-03');
      const revising = await importFile([...others, gpu('9.5')]);
      await decide('reattribute', { ids: [`${revising}-4`], set: { piEmail: 'cai@example.edu' } });
      await document('2025-03');
      const lacking = await importFile(others);
      ids = [brought, again, revising, lacking];
    });

    /** Statements of all that is due, and a journal. */
    async function document(period: string): Promise<void> {
      api.own.clock.advance(MINUTE_MS);
      const { runId } = await reviewer.post<{ runId: number }>(`/periods/${period}/statement-runs`);
      await eventually(async () => {
        const { state } = await viewer.get<{ state: string }>(`/statement-runs/${runId}`);
        return state === 'completed' ? true : undefined;
      });
      await reviewer.post(`/periods/${period}/journals`, { format: 'detail' });
      await settle();
    }

    it('names the imports that brought, restated, revised and withdrew it, with the money', async () => {
      const [brought, again, revising, lacking] = ids;
      const facts = ({ imports }: Story): unknown[] =>
        imports.map(({ importId, touch, lineNumber, otherCharge, amountBefore, amountAfter }) => [
          importId,
          touch,
          lineNumber,
          otherCharge,
          amountBefore,
          amountAfter,
        ]);
      const old = await storyOf(`${brought}-2`);
      expect(old.charge.standing).toBe('superseded');
      expect(facts(old)).toEqual([
        [brought, 'brought', 2, null, null, null],
        [again, 'unchanged', 4, null, null, null],
        [revising, 'revised', 4, `${revising}-4`, '10', '9.5'],
      ]);
      expect(old.imports.every(({ actor }) => actor === 'reviewer@example.edu')).toBe(true);
      const current = await storyOf(`${revising}-4`);
      expect(current.charge).toMatchObject({ standing: 'withdrawn', piEmail: 'cai@example.edu', amount: '9.5' });
      expect(facts(current)).toEqual([
        [revising, 'brought_revision', 4, `${brought}-2`, '10', '9.5'],
        [lacking, 'withdrew', null, null, null, null],
      ]);
      expect(facts(await storyOf(`${brought}-3`))).toEqual([
        [brought, 'brought', 3, null, null, null],
        [again, 'unchanged', 2, null, null, null],
        [revising, 'unchanged', 2, null, null, null],
        [lacking, 'unchanged', 2, null, null, null],
      ]);
    });

    it('tells every decision, those on the charge it replaced too, with before and after', async () => {
      const [brought, , revising] = ids;
      const { decisions } = await storyOf(`${revising}-4`);
      expect(decisions.map(({ chargeId, action, note, changes }) => ({ chargeId, action, note, changes }))).toEqual([
        {
          chargeId: `${brought}-2`,
          action: 'reattribute',
          note: 'His account',
          changes: [
            { field: 'piEmail', before: 'ada@example.edu', after: 'ben@example.edu' },
            { field: 'fundOrg', before: 'CHEM-1', after: 'BIO-2' },
          ],
        },
        { chargeId: `${brought}-2`, action: 'approve', note: 'As announced', changes: [] },
        {
          chargeId: `${revising}-4`,
          action: 'reattribute',
          note: null,
          changes: [{ field: 'piEmail', before: 'ben@example.edu', after: 'cai@example.edu' }],
        },
      ]);
      expect(decisions.every(({ actor, count }) => actor === 'reviewer@example.edu' && count === 1)).toBe(true);
    });

    it('says which reasons a reattribution has mended', async () => {
      const { flags } = await storyOf(`${ids[0]}-2`);
      expect(flags.map(({ flag, isOpen }) => `${flag} ${isOpen ? 'open' : 'mended'}`)).toEqual([
        'invalid_fund_org mended',
        'pattern_match:gpu open',
      ]);
    });

    it('books it as the ledger did, step by step', async () => {
      const steps = ({ bookings }: Story): string[] =>
        bookings.map(({ standing, attribution, until }) => `${standing} ${attribution.piEmail}${until === null ? '' : ', ended'}`);
      expect(steps(await storyOf(`${ids[0]}-2`))).toEqual([
        'flagged ada@example.edu, ended',
        'flagged ben@example.edu, ended',
        'approved ben@example.edu, ended',
      ]);
      // The approval went over to the revision, which costs less.
      expect(steps(await storyOf(`${ids[2]}-4`))).toEqual(['approved ben@example.edu, ended', 'approved cai@example.edu, ended']);
      expect(steps(await storyOf(`${ids[0]}-3`))).toEqual(['clear ada@example.edu']);
    });

    it('names the statements and journals that it stands on, and no others', async () => {
      const stands = ({ statements, journals }: Story): unknown => [
        statements.map(({ piEmail, revision }) => `${piEmail} r${revision}`),
        journals.map(({ number }) => number),
      ];
      expect(stands(await storyOf(`${ids[0]}-2`))).toEqual([['ben@example.edu r1'], [1]]);
      expect(stands(await storyOf(`${ids[2]}-4`))).toEqual([['cai@example.edu r1'], [2]]);
      const clear = await storyOf(`${ids[0]}-3`);
      expect(stands(clear)).toEqual([['ada@example.edu r1'], [1, 2]]);
      expect(clear.posting).toEqual({ lineCount: 2, list: '7.00', billed: '7.00' });
    });

    it('leads from a line that only states a charge again to that charge', async () => {
      await expect(storyOf(`${ids[1]}-4`)).rejects.toMatchObject({
        status: 404,
        code: 'charge.restated',
        problems: [{ where: `${ids[0]}-2` }],
      });
    });

    it('is told on the command line, for people and as a document', async () => {
      const shown = await run('charges', 'show', `${ids[2]}-4`);
      expect(shown.exitCode).toBe(0);
      expect(shown.out).toMatch(/^Charge \d+-4, 2025-03, hpc: withdrawn, 9\.5 USD \(list 9\.5\)/);
      expect(shown.out).toMatch(/brought it in place of \d+-2: 10 → 9\.5/);
      expect(shown.out).toContain('reattributed: PI ben@example.edu → cai@example.edu');
      expect(shown.out).toMatch(/\n {2}x_Queue +long\n/);
      const document = await run('--json', 'charges', 'show', `${ids[2]}-4`);
      const { charge, statements } = JSON.parse(document.out) as Story;
      expect([charge.id, statements.length]).toEqual([`${ids[2]}-4`, 1]);
      expect(await run('charges', 'show', '999-2')).toMatchObject({ exitCode: 1 });
      expect(await run('charges', 'show', 'first')).toMatchObject({ exitCode: 1 });
    });
  });

  it('says that its import was withdrawn, by whom and why', async () => {
    const importId = await importFile([row('7', 'node-9', ADA)], { source: 'aws' });
    api.own.clock.advance(MINUTE_MS);
    const { position } = await reviewer.post<{ position: number }>(`/imports/${importId}/withdraw`, { reason: 'wrong month' });
    await api.own.services.projections.waitFor(position);
    const { imports, bookings } = await storyOf(`${importId}-2`);
    expect(imports.map(({ touch, reason }) => [touch, reason])).toEqual([
      ['brought', null],
      ['was_withdrawn', 'wrong month'],
    ]);
    expect(bookings.map(({ until }) => until === null)).toEqual([false]);
  });

  it('is not there for a charge that does not exist, and says how charges are named', async () => {
    await expect(storyOf('999-2')).rejects.toMatchObject({ status: 404, code: 'charge.unknown' });
    await expect(storyOf('nine')).rejects.toMatchObject({ status: 400, code: 'charge.malformed-id' });
  });

  it('is for keys that may read charges, of their sources only', async () => {
    const [hpc, aws] = await Promise.all(
      ['hpc', 'aws'].map(async (source) => {
        const { charges } = await viewer.get<{ charges: { id: string }[] }>(`/charges?source=${source}&limit=1`);
        return charges[0]?.id ?? '';
      }),
    );
    const { token, position } = await api.app
      .get(ApiKeysHandler)
      .issue({ name: 'exporter', scopes: ['charges:read'], sources: ['hpc'], expiresAt: null }, by('admin@example.edu'));
    await api.own.services.projections.waitFor(position);
    const key = new ApiClient(api.url, token);
    await expect(key.get(`/charges/${hpc}`)).resolves.toMatchObject({ charge: { id: hpc } });
    await expect(key.get(`/charges/${aws}`)).rejects.toMatchObject({ status: 403, code: 'access.source' });
  });

  async function run(...args: string[]): Promise<{ exitCode: number; out: string }> {
    const config = join(api.own.folder, 'cli.yaml');
    const { database, dataDir } = api.own.services.config;
    await writeFile(
      config,
      stringify({ dev_mode: true, data_dir: dataDir, database: { url: database.url, owner_url: database.ownerUrl } }),
    );
    const out: string[] = [];
    const terminal: Terminal = {
      result: (text) => out.push(text),
      bytes: async (content) => void out.push(await textOf(content)),
      note: () => undefined,
      isInteractive: false,
      onInterrupt: () => () => undefined,
    };
    return { exitCode: await runCommandLine(['-c', config, ...args], terminal), out: out.join('\n') };
  }
});
