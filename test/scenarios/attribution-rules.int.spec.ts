import { createHash } from 'node:crypto';
import pgCopyStreams from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VerifyAuditHandler } from '#audit';
import { tamper } from '#testing';
import { type ApiClient, ApiProblem } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { type Charge, csv, type Effect, type Report, type Row, type Rule, type RuleDetail, type Story } from '../support/ruled-charges.js';
import { TestApi } from '../support/test-api.js';

/** The columns of a line before there were rules, in the order of the digest. */
const OLDER_COLUMNS = `import_id, line_no, period, provider_name, billing_account_id, sub_account_id, invoice_id, charge_category, charge_description,
  charge_period_start, charge_period_end, service_name, service_category, resource_id, resource_name, region_id, sku_id, currency, list_cost,
  contracted_cost, billed_cost, effective_cost, amount, pi_email, pi_email_as_written, project_id, fund_org, cost_center, account_code, reference_1,
  reference_2, end_date, reconciliation_end, tags, other_columns, fingerprint, flags`;

const ADA = { pi_email: 'Ada@example.edu', project_id: 'engine', fund_org: 'MATH-100' };

/** Attribution rules as an office uses them, through the API. */
describe('attribution rules', () => {
  let api: TestApi;
  let people: Record<'reviewer' | 'viewer' | 'admin', ApiClient>;

  beforeAll(async () => {
    api = await TestApi.start({ config: 'dev_mode: true\nreview:\n  fund_org_patterns: ["(BIO|MATH)-"]\n' });
    people = { reviewer: await api.signedIn('reviewer'), viewer: await api.signedIn('viewer'), admin: await api.signedIn('admin') };
    await people.admin.patch('/sources/aws', { lineIdColumn: 'LineItemId' });
  });
  afterAll(() => api.stop());

  async function imported(rows: readonly Row[], source = 'hpc', mode = 'merge'): Promise<{ importId: number; report: Report }> {
    const query = `?source=${source}&deliveryMode=${mode}`;
    const { importId } = await people.reviewer.uploadText<{ importId: number }>(`/imports${query}`, `${source}.csv`, csv(rows));
    return eventually(async () => {
      const row = await people.viewer.get<{ state: string; report: Report; position: number }>(`/imports/${importId}`);
      if (row.state === 'received') return undefined;
      expect(row.state).toBe('recorded');
      await api.own.services.projections.waitFor(await api.own.services.store.lastPosition());
      return { importId, report: row.report };
    });
  }

  const charges = async (query: string): Promise<readonly Charge[]> =>
    (await people.viewer.get<{ charges: readonly Charge[] }>(`/charges?limit=500&${query}`)).charges;
  const payers = async (query: string): Promise<string[]> =>
    (await charges(query)).map(({ resourceId, piEmail, standing }) => `${resourceId} ${piEmail || '–'} ${standing}`);
  const story = (id: string): Promise<Story> => people.viewer.get<Story>(`/charges/${id}`);
  const add = (body: object): Promise<{ rule: Rule }> => people.reviewer.post<{ rule: Rule }>('/attribution-rules', body);
  const preview = (body: object): Promise<Effect> => people.reviewer.post<Effect>('/attribution-rules/preview', body);
  const list = async (): Promise<readonly Rule[]> => (await people.viewer.get<{ rules: readonly Rule[] }>('/attribution-rules')).rules;
  const detail = (ruleId: number): Promise<RuleDetail> => people.viewer.get<RuleDetail>(`/attribution-rules/${ruleId}`);

  async function refusal(request: Promise<unknown>): Promise<ApiProblem> {
    const error = await request.then(() => undefined).catch((thrown: unknown) => thrown);
    if (error instanceof ApiProblem) return error;
    throw new Error('this was not refused');
  }

  async function digestOf(query: string): Promise<string> {
    const client = await api.own.services.database.connection();
    try {
      const hash = createHash('sha256');
      for await (const chunk of client.query(pgCopyStreams.to(`copy (${query}) to stdout`)) as AsyncIterable<Buffer>) hash.update(chunk);
      return hash.digest('hex');
    } finally {
      client.release();
    }
  }

  const GPU = {
    name: 'GPU nodes of the biologists',
    match: { source: 'hpc', resourceId: 'GPU-*' },
    set: { piEmail: 'Bea@Example.edu', projectId: 'cells', fundOrg: 'BIO-1' },
  };

  it('are previewed on the charges that are there, and change none of them when they are saved', async () => {
    await imported([
      { resource: 'gpu-1', billed: '10.5' },
      { resource: 'gpu-2', billed: '2', tags: ADA },
      { resource: 'gpu-3', billed: '4', tags: { pi_email: 'bea@example.edu', project_id: 'cells', fund_org: 'BIO-1' } },
      { resource: 'node-1', billed: '8', tags: ADA },
    ]);
    const effect = await preview(GPU);
    expect(effect).toMatchObject({
      periods: ['2025-03'],
      matchedCount: 3,
      count: 2,
      amounts: [{ currency: 'USD', amount: '12.5' }],
      reattributedCount: 0,
      moves: [
        { piBefore: '', piAfter: 'bea@example.edu', count: 1, amount: '10.5' },
        { piBefore: 'ada@example.edu', piAfter: 'bea@example.edu', count: 1, amount: '2' },
      ],
    });
    expect(effect.samples.map(({ before, after }) => `${before.piEmail} → ${after.piEmail}`)).toEqual([
      ' → bea@example.edu',
      'ada@example.edu → bea@example.edu',
    ]);
    expect(await list()).toEqual([]);
    const before = await payers('period=2025-03');
    expect((await add(GPU)).rule).toMatchObject({ ruleId: 1, version: 1, place: 1, enabled: true });
    expect(await payers('period=2025-03')).toEqual(before);
    expect(before).toContain('gpu-1 – flagged');
  });

  it('are applied to them as a reviewer would reattribute them, once they are seen', async () => {
    const { count, amounts } = await preview({ ...GPU, ruleId: 1 });
    const outdated = { count: count + 1, amounts };
    expect(await refusal(people.reviewer.post('/attribution-rules/1/apply', { seen: outdated }))).toMatchObject({
      status: 409,
      code: 'attribution-rule.effect-changed',
    });
    const applied = { period: '2025-03', seen: { count, amounts }, note: 'as agreed with both' };
    expect(await people.reviewer.post('/attribution-rules/1/apply', applied)).toMatchObject({
      count: 2,
      amounts: [{ currency: 'USD', amount: '12.5' }],
      periods: [{ period: '2025-03', count: 2 }],
    });
    expect(await payers('period=2025-03')).toEqual([
      'gpu-1 bea@example.edu approved',
      'gpu-2 bea@example.edu clear',
      'gpu-3 bea@example.edu clear',
      'node-1 ada@example.edu clear',
    ]);
    const [gpu1] = await charges('period=2025-03&text=gpu-1');
    const told = await story(gpu1?.id ?? '');
    expect(told.decisions).toMatchObject([{ action: 'reattribute', note: 'Rule R1.1: GPU nodes of the biologists. as agreed with both' }]);
    expect(told.attributedBy).toBeNull();
    // The decision is told by the rule's own event.
    const events = await api.own.services.store.readStream('review-2025-03');
    const [added] = await api.own.services.store.readStream('attribution-rules');
    expect(events.at(-1)?.metadata).toMatchObject({ actor: { id: 'reviewer@example.edu' }, causationId: added?.position });
    expect(await people.reviewer.post('/attribution-rules/1/apply', {})).toMatchObject({ count: 0, periods: [] });
  });

  it('leave charges alone that somebody else was made to pay for, unless that is asked for', async () => {
    const [gpu2] = await charges('period=2025-03&text=gpu-2');
    await people.reviewer.post('/review/reattribute', { ids: [gpu2?.id], set: { piEmail: 'cleo@example.edu' } });
    expect(await preview({ ...GPU, ruleId: 1 })).toMatchObject({ matchedCount: 3, count: 0, reattributedCount: 1 });
    expect(await preview({ ...GPU, ruleId: 1, withReattributed: true })).toMatchObject({ count: 1, reattributedCount: 0 });
  });

  it('attribute new lines at import, after the tags: report, flags, quality and origin say so', async () => {
    const { report } = await imported([
      { resource: 'gpu-7', billed: '3', tags: { pi_email: 'nobody', project_id: 'engine', cost_center: 'CC-7' } },
      { resource: 'GPU-8', billed: '5' },
      { resource: 'node-7', billed: '7' },
    ]);
    expect(report.totals).toMatchObject({
      flaggedLineCount: 1,
      flags: [
        { flag: 'missing_fund_org', lineCount: 1 },
        { flag: 'missing_pi_email', lineCount: 1 },
        { flag: 'missing_project_id', lineCount: 1 },
      ],
      rules: [{ rule: 'R1.1', currency: 'USD', lineCount: 2, amount: '8' }],
    });
    // The quality of the data is that of the file.
    expect(report.quality.unattributed).toContainEqual({ field: 'fundOrg', lineCount: 3 });
    expect(report.piChanges.top.find(({ piEmail }) => piEmail === 'bea@example.edu')?.after).toBe('22.5');
    const [gpu7] = await charges('period=2025-03&text=gpu-7');
    expect(gpu7).toMatchObject({ standing: 'clear', flags: [], piEmail: 'bea@example.edu', projectId: 'cells', fundOrg: 'BIO-1' });
    const told = await story(gpu7?.id ?? '');
    expect(told.attributedBy).toMatchObject({ rule: 'R1.1', ruleId: 1, version: 1, name: GPU.name, isInForce: true });
    expect(told.attributedBy?.changes).toEqual([
      { field: 'piEmail', before: 'nobody', after: 'bea@example.edu' },
      { field: 'projectId', before: 'engine', after: 'cells' },
      { field: 'fundOrg', before: '', after: 'BIO-1' },
    ]);
    expect(told.line.readings).toContainEqual(expect.objectContaining({ field: 'pi_email', value: 'nobody' }));
    await people.reviewer.post('/review/reattribute', { ids: [gpu7?.id], set: { piEmail: 'cleo@example.edu' } });
    expect((await story(gpu7?.id ?? '')).attributedBy).toMatchObject({ rule: 'R1.1', isInForce: false });
  });

  it('are in a dry run what they are in the import', async () => {
    const rows = [{ resource: 'gpu-20', billed: '1', day: '2025-04-05' }];
    const { previewId } = await people.reviewer.uploadText<{ previewId: string }>('/imports?source=hpc&dryRun=true', 'hpc.csv', csv(rows));
    const tried = await eventually(async () => {
      const answer = await people.reviewer.get<{ outcome: { report: Report } | null }>(`/imports/previews/${previewId}`);
      return answer.outcome?.report;
    });
    expect((await imported(rows)).report).toEqual(tried);
    expect(tried.totals.rules).toEqual([{ rule: 'R1.1', currency: 'USD', lineCount: 1, amount: '1' }]);
  });

  it('have an order, days, and can be edited and disabled; charges keep the version that attributed them', async () => {
    await add({
      name: 'April',
      match: { resourceId: '*-30' },
      validFrom: '2025-04-10',
      validTo: '2025-04-20',
      set: { piEmail: 'cleo@example.edu' },
    });
    const rows = (day: string): Row[] => [{ resource: 'gpu-30', billed: '1', day, tags: ADA }];
    await imported(rows('2025-04-15'));
    expect(await payers('period=2025-04&text=gpu-30')).toEqual(['gpu-30 bea@example.edu clear']);
    await people.reviewer.post('/attribution-rules/2/move', { place: 1 });
    expect((await list()).map(({ ruleId, place, version }) => [ruleId, place, version])).toEqual([
      [2, 1, 2],
      [1, 2, 1],
    ]);
    for (const day of ['2025-04-09', '2025-04-10', '2025-04-20', '2025-04-21']) await imported(rows(day));
    expect((await charges('period=2025-04&text=gpu-30')).map(({ piEmail }) => piEmail)).toEqual([
      ...['bea@example.edu', 'bea@example.edu', 'cleo@example.edu', 'cleo@example.edu', 'bea@example.edu'],
    ]);
    // A preview counts what comes before a rule.
    expect(await preview({ ...GPU, ruleId: 1, period: '2025-04' })).toMatchObject({ matchedCount: 3 });
    expect(await preview({ ...GPU, period: '2025-04', place: 1 })).toMatchObject({ matchedCount: 6 });

    const [first] = await charges('period=2025-04&text=gpu-20');
    const edited = await people.reviewer.patch<{ rule: Rule; changed: boolean }>('/attribution-rules/1', {
      set: { piEmail: 'dan@example.edu' },
    });
    expect(edited).toMatchObject({ changed: true, rule: { version: 2 } });
    expect(await people.reviewer.patch('/attribution-rules/1', { name: GPU.name })).toMatchObject({ changed: false });
    await imported([{ resource: 'gpu-21', billed: '1', day: '2025-04-05' }]);
    const [second] = await charges('period=2025-04&text=gpu-21');
    expect((await story(first?.id ?? '')).attributedBy).toMatchObject({ rule: 'R1.1', version: 1 });
    expect((await story(second?.id ?? '')).attributedBy).toMatchObject({ rule: 'R1.2', changes: [{ after: 'dan@example.edu' }, {}, {}] });

    await people.reviewer.post('/attribution-rules/1/disable', { reason: 'the nodes were sold' });
    await imported([{ resource: 'gpu-22', billed: '1', day: '2025-04-05' }]);
    expect(await payers('period=2025-04&text=gpu-22')).toEqual(['gpu-22 – flagged']);
    expect((await detail(1)).versions).toMatchObject([
      { version: 3, action: 'disabled', enabled: false, reason: 'the nodes were sold', changedBy: 'reviewer@example.edu' },
      { version: 2, action: 'changed', set: { piEmail: 'dan@example.edu' } },
      { version: 1, action: 'added', set: { piEmail: 'bea@example.edu' } },
    ]);
    expect(await refusal(people.reviewer.post('/attribution-rules/1/apply', {}))).toMatchObject({
      status: 409,
      code: 'attribution-rule.disabled',
    });
    await people.reviewer.post('/attribution-rules/1/enable');
    expect((await list()).map(({ enabled }) => enabled)).toEqual([true, true]);
  });

  it.each(['hpc', 'aws'])('leave an unchanged line of %s as it was, and attribute revised and new ones', async (source) => {
    const mark = `keep-${source}`;
    const rows = (billed: string, more: readonly Row[] = []): Row[] => [
      { resource: `${mark}-1`, billed: '1', day: '2025-05-05', lineId: '1', tags: ADA },
      { resource: `${mark}-2`, billed, day: '2025-05-05', lineId: '2', tags: ADA },
      ...more,
    ];
    await imported(rows('2'), source);
    const { rule } = await add({ name: mark, match: { source, resourceId: `${mark}*` }, set: { piEmail: 'eve@example.edu' }, place: 1 });
    const { report } = await imported(
      rows('3', [{ resource: `${mark}-3`, billed: '4', day: '2025-05-05', lineId: '3', tags: ADA }]),
      source,
    );
    expect(report.outcomes.map(({ outcome, lineCount }) => `${outcome} ${lineCount}`)).toEqual(['new 1', 'unchanged 1', 'revised 1']);
    const now = (await payers(`period=2025-05&source=${source}`)).filter((text) => !text.endsWith('superseded'));
    expect(now).toEqual([`${mark}-1 ada@example.edu clear`, `${mark}-2 eve@example.edu clear`, `${mark}-3 eve@example.edu clear`]);
    // The other way round: without the rule, what it attributed stays with whom it was given.
    await people.reviewer.post(`/attribution-rules/${rule.ruleId}/disable`, {});
    const again = await imported(
      [
        ...rows('3', [{ resource: `${mark}-3`, billed: '4', day: '2025-05-05', lineId: '3', tags: ADA }]),
        { resource: 'x', billed: '1', day: '2025-05-05', lineId: '9' },
      ],
      source,
    );
    expect(again.report.outcomes.map(({ outcome, lineCount }) => `${outcome} ${lineCount}`)).toEqual(['new 1', 'unchanged 3']);
    // A source that puts its tags right revises the line, as without rules.
    if (source === 'aws') {
      const right = await imported(
        [{ resource: `${mark}-1`, billed: '1', day: '2025-05-05', lineId: '1', tags: { ...ADA, pi_email: 'zoe@example.edu' } }],
        source,
      );
      expect(right.report.outcomes).toContainEqual(expect.objectContaining({ outcome: 'revised', lineCount: 1 }));
    }
  });

  it('are matched by sub-account and names too, as the preview does', async () => {
    const body = {
      name: 'accounts',
      match: { subAccount: 'LAB-7', service: 'Obj*', resourceName: '*Straße*' },
      set: { piEmail: 'kim@example.edu' },
    };
    const rows = (day: string): Row[] => [
      { resource: 's-1', billed: '1', day, account: 'lab-7', service: 'Object store', name: 'die STRAßE 1' },
      { resource: 's-2', billed: '1', day, account: 'lab-8', service: 'Object store', name: 'die Straße 2' },
      { resource: 's-3', billed: '1', day, account: 'lab-7', service: 'Block store', name: 'die Straße 3' },
    ];
    await imported(rows('2025-06-05'));
    expect(await preview({ ...body, period: '2025-06' })).toMatchObject({ matchedCount: 1, count: 1 });
    await add(body);
    await imported(rows('2025-06-06'));
    expect((await charges('period=2025-06&piEmail=kim@example.edu')).map(({ resourceId }) => resourceId)).toEqual(['s-1']);
  });

  it('refuse what can’t be, and say why', async () => {
    expect(await refusal(add({ ...GPU, set: { piEmail: 'Bea' } }))).toMatchObject({
      status: 400,
      code: 'attribution-rule.invalid',
      problems: [{ where: 'set.piEmail' }],
    });
    expect(await refusal(add({ ...GPU, place: 99 }))).toMatchObject({ status: 400, code: 'attribution-rule.no-such-place' });
    expect(await refusal(detail(999))).toMatchObject({ status: 404, code: 'attribution-rule.unknown' });
    expect(await refusal(preview({ ...GPU, period: '2024-01' }))).toMatchObject({ status: 409, code: 'attribution-rule.period-not-open' });
    await people.reviewer.post('/periods/2025-06/close');
    expect(await refusal(people.reviewer.post('/attribution-rules/1/apply', { period: '2025-06' }))).toMatchObject({
      status: 409,
      code: 'attribution-rule.period-not-open',
    });
    expect((await preview(GPU)).periods).not.toContain('2025-06');
  });

  it('are for reviewers to write and for viewers to read', async () => {
    for (const path of ['', '/preview', '/1/move', '/1/disable', '/1/enable', '/1/apply']) {
      expect(await refusal(people.viewer.post(`/attribution-rules${path}`, GPU)), path).toMatchObject({ status: 403 });
    }
    expect((await list()).length).toBeGreaterThan(0);
  });

  it('are rebuilt from the log to the same rows, and stand in the audit log', async () => {
    const tables = async (): Promise<string> =>
      JSON.stringify(
        await api.own.services.database.query(
          `select (select jsonb_agg(r order by rule_id) from attribution_rules r) as rules,
             (select jsonb_agg(v order by rule_id, version) from attribution_rule_versions v) as versions`,
        ),
      );
    const before = await tables();
    expect((await list()).map(({ place }) => place)).toEqual((await list()).map((_, index) => index + 1));
    await api.own.services.projections.rebuild('attribution-rules');
    expect(await tables()).toBe(before);
    const { events } = await people.admin.get<{ events: readonly { text: string }[] }>('/audit?stream=attribution-rules&limit=100');
    expect(events.map(({ text }) => text)).toContain('Rule 1 “GPU nodes of the biologists” was disabled: the nodes were sold');
  });

  it('leave imports of older programs provable: what their digest did not cover was empty, and stays so', async () => {
    const verify = async (): Promise<string[]> =>
      (await api.app.get(VerifyAuditHandler).verify(undefined)).findings
        .filter(({ kind }) => kind.startsWith('lines'))
        .map(({ kind, subject }) => `${kind} ${subject}`);
    const owner = api.own.services.config.database.ownerUrl ?? '';
    const { importId: ruled } = await imported([{ resource: 'gpu-90', billed: '1', day: '2025-07-05' }]);
    const { importId: plain } = await imported([{ resource: 'node-90', billed: '1', day: '2025-07-05' }]);
    expect(await verify()).toEqual([]);
    // As a program before the rules would have recorded it: without the two columns.
    const digest = await digestOf(`select ${OLDER_COLUMNS} from charge_lines where import_id = ${plain} order by line_no`);
    await tamper(
      owner,
      `update events set schema_version = 3, data = (data - 'lineFormat' #- '{report,totals,rules}') || '{"linesDigest": "${digest}"}'
       where stream = 'import-${plain}' and type = 'ImportRecorded'`,
    );
    const recorded = (await api.own.services.store.readStream(`import-${plain}`)).find(({ type }) => type === 'ImportRecorded');
    expect(recorded).toMatchObject({ schemaVersion: 3, data: { lineFormat: 1, report: { totals: { rules: [] } } } });
    expect(await verify()).toEqual([]);
    await tamper(owner, `update charge_lines set attribution_rule = 'R1.1' where import_id = ${plain}`);
    expect(await verify()).toEqual([`lines-changed import-${plain}`]);
    await tamper(owner, `update charge_lines set attribution_rule = null where import_id = ${plain}`);
    await tamper(owner, `update charge_lines set attribution_rule = 'R1.1' where import_id = ${ruled}`);
    expect(await verify()).toEqual([`lines-changed import-${ruled}`]);
  });
});
