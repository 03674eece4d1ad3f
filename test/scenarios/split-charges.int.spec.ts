import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tamper } from '#testing';
import { openPdf, textOfPages } from '../../libs/statements/testing/pdf-text.js';
import { problemOf } from '../support/api-office.js';
import { rowOf, SHARED, SplitOffice } from '../support/split-office.js';

/** Charges that several payers share, divided by a reviewer or by a rule (issue: split rules). */
describe('divided charges', () => {
  let office: SplitOffice;

  beforeAll(async () => {
    office = await SplitOffice.start();
  });
  afterAll(() => office.stop());

  describe('by hand', () => {
    const month = '2025-01';
    const inMonth = `period=${month}`;

    beforeAll(async () => {
      await office.imports([
        rowOf('node-1', '10', month),
        rowOf('node-2', '0.333333', month),
        rowOf('node-3', '-250', month),
        rowOf('no-fund', '40', month, { tags: { pi_email: 'ada@example.edu', project_id: 'engine' } }),
        rowOf('gpu-1', '80', month, { tags: { pi_email: 'ada@example.edu', project_id: 'engine' } }),
        rowOf('rejected-gpu', '5', month),
      ]);
      await office.people.reviewer.post('/review/reject', { ids: [await office.idOf('rejected-gpu', month)] });
    });

    it('are shown before they are divided, and then divided so', async () => {
      const ids = [await office.idOf('node-1', month), await office.idOf('node-2', month)];
      const { position: _at, ...shown } = (await office.split({ ids, parts: SHARED }, true)) as unknown as Record<string, unknown>;
      expect(shown).toMatchObject({ splitId: null, count: 2, amounts: [{ currency: 'USD', amount: '10.333333' }], lineCount: 4 });
      expect((await office.charges(inMonth)).every(({ partOf }) => partOf === null)).toBe(true);
      const done = await office.split({ ids, parts: SHARED, note: 'shared node' });
      expect(done.lines.map(({ partOf, part, share, amount, fundOrg }) => [partOf, part, share, amount, fundOrg])).toEqual([
        [ids[0], 1, '60%', '6', 'MATH-200'],
        [ids[0], 2, 'rest', '4', 'BIO-1'],
        [ids[1], 1, '60%', '0.1999998', 'MATH-200'],
        [ids[1], 2, 'rest', '0.1333332', 'BIO-1'],
      ]);
      expect(await office.standing(`${inMonth}&text=node-1`)).toEqual([
        'node-1 ada@example.edu engine MATH-200 6 clear',
        'node-1 bob@example.edu wheel BIO-1 4 clear',
      ]);
      const whole = (await office.charges(`${inMonth}&standing=split`)).map(({ id, amount }) => [id, amount]);
      expect(whole).toEqual([
        [ids[0], '10'],
        [ids[1], '0.333333'],
      ]);
      const log = await office.people.viewer.get<{ decisions: { chargeId: string; action: string; note: string }[] }>(
        `/review/log?${inMonth}`,
      );
      expect(log.decisions.filter(({ action }) => action === 'split').map(({ chargeId, note }) => [chargeId, note])).toEqual(
        ids.map((id) => [id, 'shared node']),
      );
    });

    it('take amounts as far as a charge goes, on its side of zero, and the other prices with them', async () => {
      const { lines } = await office.split({
        ids: [await office.idOf('node-3', month)],
        parts: [{ amount: '200', fundOrg: 'BIO-1' }, { amount: '100', fundOrg: 'BIO-2' }, { fundOrg: 'BIO-3' }],
      });
      expect(lines.map(({ fundOrg, share, amount, listCost }) => [fundOrg, share, amount, listCost])).toEqual([
        ['BIO-1', '200', '-200', '-200'],
        ['BIO-2', '100', '-50', '-50'],
      ]);
    });

    it('are approved where their payer mends what the charge waited for, and wait where it does not', async () => {
      await office.split({ ids: [await office.idOf('no-fund', month), await office.idOf('gpu-1', month)], parts: SHARED });
      expect(await office.standing(`${inMonth}&text=no-fund`)).toEqual([
        'no-fund ada@example.edu engine MATH-200 24 approved',
        'no-fund bob@example.edu wheel BIO-1 16 approved',
      ]);
      const waiting = (await office.charges(`${inMonth}&standing=flagged`)).filter(({ resourceId }) => resourceId === 'gpu-1');
      expect(waiting.map(({ amount, flags }) => [amount, flags])).toEqual([
        ['48', ['pattern_match:gpu']],
        ['32', ['pattern_match:gpu']],
      ]);
      await office.people.reviewer.post('/review/approve', { ids: [waiting[0]?.id] });
      expect(await office.standing(`${inMonth}&text=gpu-1`)).toContain('gpu-1 ada@example.edu engine MATH-200 48 approved');
    });

    it('are refused with the reason, and then nothing is changed', async () => {
      const part = (await office.charges(`${inMonth}&text=node-1&standing=clear`))[0]?.id ?? '';
      const split = (await office.idOf('node-1', month)) || '';
      const before = await office.charges(inMonth);
      const refused = async (body: object): Promise<string> => {
        const { status, code, message } = await problemOf(office.split(body));
        return `${status} ${code}: ${message}`;
      };
      expect(await refused({ ids: [part], parts: SHARED })).toMatch(/^409 charge.not-decidable: .*is a part of a charge; undo that split/);
      expect(await refused({ ids: [split], parts: SHARED })).toMatch(/^409 charge.not-decidable: .*is divided, and its parts stand for it/);
      expect(await refused({ ids: [await office.idOf('rejected-gpu', month)], parts: SHARED })).toMatch(
        /^409 charge.not-decidable: .*is rejected/,
      );
      expect(await refused({ ids: ['1-999'], parts: SHARED })).toMatch(/^404 charge.unknown/);
      expect(
        await refused({
          ids: [part],
          parts: [
            { percent: '60', fundOrg: 'MATH-1' },
            { percent: '30', fundOrg: 'MATH-2' },
          ],
        }),
      ).toMatch(/^400 split.parts: .*add up to 90 %/);
      const seen = { count: 7, amounts: [{ currency: 'USD', amount: '1' }] };
      expect(await refused({ filter: { period: month, text: 'node' }, seen, parts: SHARED })).toMatch(/^409 charge.selection-changed/);
      expect(
        (await problemOf(office.people.reviewer.post('/review/reattribute', { ids: [split], set: { fundOrg: 'BIO-9' } }))).message,
      ).toMatch(/is divided, and its parts stand for it/);
      for (const path of ['/splits', '/splits/undo']) {
        expect((await problemOf(office.people.viewer.post(path, { ids: [part], parts: SHARED }))).status).toBe(403);
      }
      expect(await office.charges(inMonth)).toEqual(before);
    });

    it('stand each on the statement of its payer, with the share, and in the journal', async () => {
      await office.makeStatements(month);
      const pdf = await office.people.viewer.bytes(`/periods/${month}/statements/pdf?piEmail=bob%40example.edu&projectId=wheel`);
      const text = (await textOfPages(await openPdf(pdf))).join('\n');
      expect(text).toContain(`Rest of charge ${await office.idOf('node-1', month)}`);
      const due = await office.people.viewer.get<{ statements: { piEmail: string; projectId: string; due: string }[] }>(
        `/periods/${month}/statements`,
      );
      expect(due.statements.map(({ piEmail, projectId, due: amount }) => `${piEmail} ${projectId} ${amount}`).sort()).toEqual([
        'ada@example.edu engine -171.80',
        'bob@example.edu wheel 20.13',
      ]);
    });

    it('are whole again when the split is undone, as they stood before', async () => {
      const id = await office.idOf('no-fund', month);
      const part = (await office.charges(`${inMonth}&text=no-fund&standing=approved`))[0]?.id ?? '';
      const shown = await office.people.reviewer.post<{ count: number }>('/splits/undo?dryRun=true', { ids: [part] });
      expect(shown).toMatchObject({ count: 1, amounts: [{ currency: 'USD', amount: '40' }] });
      await office.people.reviewer.post('/splits/undo', { ids: [part], note: 'not shared after all' });
      expect(await office.standing(`${inMonth}&text=no-fund`)).toEqual(['no-fund ada@example.edu engine – 40 flagged']);
      expect((await problemOf(office.people.reviewer.post('/splits/undo', { ids: [id] }))).message).toMatch(/only a divided charge/);
      const { splits } = await office.people.viewer.get<{ splits: { count: number; undoneCount: number }[] }>(`/splits?${inMonth}`);
      expect(splits.map(({ count, undoneCount }) => [count, undoneCount])).toEqual([
        [2, 1],
        [1, 0],
        [2, 0],
      ]);
    });

    it('tell their story: the charge its parts, and each part its charge', async () => {
      const whole = await office.idOf('node-1', month);
      const story = await office.people.viewer.get<{
        parts: { chargeId: string; share: string; amount: string; standing: string }[];
        bookings: { standing: string; until: string | null; isBilled: boolean }[];
        decisions: { action: string }[];
      }>(`/charges/${whole}`);
      expect(story.parts.map(({ share, amount, standing }) => [share, amount, standing])).toEqual([
        ['60%', '6', 'clear'],
        ['rest', '4', 'clear'],
      ]);
      expect(story.bookings.map(({ standing, isBilled }) => [standing, isBilled])).toEqual([
        ['clear', true],
        ['split', false],
      ]);
      expect(story.decisions.map(({ action }) => action)).toEqual(['split']);
      const list = await office.people.viewer.get<{ sums: { amount: string }[] }>(`/charges?${inMonth}&text=node-1`);
      expect(list.sums.map(({ amount }) => amount)).toEqual(['10']);
      const part = await office.people.viewer.get<{ partOf: object; bookings: { isBilled: boolean }[] }>(
        `/charges/${story.parts[0]?.chargeId}`,
      );
      expect(part.partOf).toMatchObject({
        chargeId: whole,
        part: 1,
        partCount: 2,
        share: '60%',
        wholeAmount: '10',
        others: [
          {
            chargeId: story.parts[1]?.chargeId,
            part: 2,
            share: 'rest',
            piEmail: 'bob@example.edu',
            fundOrg: 'BIO-1',
            amount: '4',
            standing: 'clear',
          },
        ],
        note: 'shared node',
        rule: null,
      });
      expect(part.bookings.map(({ isBilled }) => isBilled)).toEqual([true]);
    });
  });

  describe('by a rule', () => {
    const month = '2025-02';
    const inMonth = `period=${month}`;
    const shared = (fundOrg: string): object[] => [
      { percent: '25', fundOrg },
      { percent: '75', piEmail: 'cyd@example.edu', projectId: 'loom', fundOrg: 'MATH-300' },
    ];
    const rule = (body: object): Promise<{ rule: { ruleId: number } }> =>
      office.people.reviewer.post<{ rule: { ruleId: number } }>('/attribution-rules', body);

    it('are divided as they are imported, each part with the rule, from day to day', async () => {
      await rule({
        name: 'shared rack',
        match: { resourceId: 'rack-*' },
        parts: shared('BIO-7'),
        validFrom: '2025-02-01',
        validTo: '2025-02-28',
      });
      const { piChanges } = await office.imports([
        rowOf('rack-1', '100', month),
        rowOf('rack-2', '8', month, { tags: {} }),
        rowOf('desk-1', '5', month),
        rowOf('rack-1', '100', '2025-03'),
      ]);
      expect(await office.standing(inMonth)).toEqual([
        'desk-1 ada@example.edu engine MATH-100 5 clear',
        'rack-1 ada@example.edu engine BIO-7 25 clear',
        'rack-1 cyd@example.edu loom MATH-300 75 clear',
        'rack-2 cyd@example.edu loom MATH-300 6 clear',
        'rack-2 – – BIO-7 2 flagged',
      ]);
      expect(await office.standing('period=2025-03')).toEqual(['rack-1 ada@example.edu engine MATH-100 100 clear']);
      expect(piChanges.map(({ piEmail, after }) => `${piEmail} ${after}`)).toEqual(['ada@example.edu 130', 'cyd@example.edu 81', ' 2']);
      const [part] = (await office.charges(`${inMonth}&piEmail=cyd@example.edu&text=rack-1`)).map(({ id }) => id);
      const { attributedBy } = await office.people.viewer.get<{ attributedBy: { rule: string } }>(`/charges/${part ?? ''}`);
      expect(attributedBy.rule).toBe('R1.1');
      const whole = await office.people.viewer.get<{ bookings: { standing: string }[] }>(`/charges/${await office.idOf('rack-1', month)}`);
      expect(whole.bookings.map(({ standing }) => standing)).toEqual(['clear', 'split']);
    });

    it('wait for review where a part goes to a fund/org that the rules don’t allow', async () => {
      await rule({ name: 'odd rack', match: { resourceId: 'odd-*' }, parts: shared('ART-7') });
      await office.imports([rowOf('odd-1', '4', month)]);
      const [part] = await office.charges(`${inMonth}&standing=flagged&text=odd-1`);
      expect(part).toMatchObject({ fundOrg: 'ART-7', flags: ['invalid_fund_org'], amount: '1' });
    });

    it('are shown by the preview as they are divided when the rule is applied', async () => {
      const { rule: made } = await rule({ name: 'shared desk', match: { resourceId: 'desk-*' }, parts: shared('BIO-8') });
      interface Effect {
        count: number;
        amounts: object[];
        moves: { piBefore: string; piAfter: string; amount: string }[];
        samples: { parts: { amount: string; payer: { fundOrg: string } }[] }[];
      }
      const effect = await office.people.reviewer.post<Effect>('/attribution-rules/preview', { ruleId: made.ruleId });
      expect(effect.count).toBe(1);
      expect(effect.moves.map(({ piBefore, piAfter, amount }) => `${piBefore} ${piAfter} ${amount}`)).toEqual([
        'ada@example.edu cyd@example.edu 3.75',
        'ada@example.edu ada@example.edu 1.25',
      ]);
      expect(effect.samples[0]?.parts.map(({ amount, payer }) => [amount, payer.fundOrg])).toEqual([
        ['1.25', 'BIO-8'],
        ['3.75', 'MATH-300'],
      ]);
      const { count, amounts } = effect;
      await office.people.reviewer.post(`/attribution-rules/${made.ruleId}/apply`, { seen: { count, amounts } });
      await office.settle();
      expect(await office.standing(`${inMonth}&text=desk-1`)).toEqual([
        'desk-1 ada@example.edu engine BIO-8 1.25 clear',
        'desk-1 cyd@example.edu loom MATH-300 3.75 clear',
      ]);
    });

    it('wait for review when their period is flagged again by a pattern that finds them', async () => {
      await office.people.admin.put('/review/rules', { flagPatterns: ['gpu', 'rack-1'] });
      await office.people.reviewer.post('/review/reflag', { period: month });
      expect(await office.standing(`${inMonth}&text=rack-1`)).toEqual([
        'rack-1 ada@example.edu engine BIO-7 25 flagged',
        'rack-1 cyd@example.edu loom MATH-300 75 flagged',
      ]);
      await office.people.admin.put('/review/rules', { flagPatterns: ['gpu'] });
      await office.people.reviewer.post('/review/reflag', { period: month });
      expect(await office.standing(`${inMonth}&text=rack-1`)).toContain('rack-1 cyd@example.edu loom MATH-300 75 clear');
    });

    it('keep the parts of a rule through a change of it, and its versions tell which', async () => {
      await office.people.reviewer.patch('/attribution-rules/1', { parts: [], set: { fundOrg: 'MATH-9' } });
      const { versions } = await office.people.viewer.get<{ versions: { version: number; parts: object[] }[] }>('/attribution-rules/1');
      expect(versions.map(({ version, parts }) => [version, parts.length])).toEqual([
        [2, 0],
        [1, 2],
      ]);
      await office.people.reviewer.post('/attribution-rules/1/disable', {});
    });
  });

  describe('and the period', () => {
    const month = '2025-05';

    it('takes splits while it is closed, and none once it is finalized', async () => {
      await office.imports([rowOf('x', '10', month), rowOf('y', '10', month)]);
      await office.close(month);
      const id = await office.idOf('x', month);
      await office.split({ ids: [id], parts: SHARED });
      await office.people.admin.post(`/periods/${month}/reopen`, { reason: 'once more' });
      await office.finalize(month, 'statements are not part of this');
      expect((await problemOf(office.split({ ids: [await office.idOf('y', month)], parts: SHARED }))).code).toBe('period.wrong-state');
      expect((await problemOf(office.people.reviewer.post('/splits/undo', { ids: [id] }))).code).toBe('period.wrong-state');
      const { database } = office.api.own.services;
      const insert = `insert into charge_lines (import_id, line_no, period, service_name, currency, list_cost, amount, fingerprint, flags, part_of_import_id)
        values (999, 1, '${month}', 's', 'USD', 1, 1, gen_random_uuid(), '{}', 1)`;
      await expect(database.query(insert)).rejects.toThrow(/2025-05 is finalized/);
    });
  });

  it('are made the same by a rebuild, and the audit proves their lines', async () => {
    const [live, rebuilt] = await office.modelsAndRebuild();
    expect(rebuilt).toEqual(live);
    expect(await office.findings()).toEqual([]);
    const [part] = (await office.charges('period=2025-01&text=node-1')).filter(({ partOf }) => partOf !== null);
    const splitId = Number(part?.id.split('-')[0]);
    const owner = office.api.own.services.config.database.ownerUrl ?? '';
    await tamper(owner, `update charge_lines set part_share = '90%' where import_id = ${splitId}`);
    expect(await office.findings()).toEqual([`lines-changed split-${splitId}`]);
  });
});
