import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowOf, SHARED, SplitOffice } from '../support/split-office.js';

/** Divided charges through later imports (domain.md §2). */
describe('divided charges that are imported again', () => {
  let office: SplitOffice;

  beforeAll(async () => {
    office = await SplitOffice.start();
  });
  afterAll(() => office.stop());

  const month = '2025-04';
  const inMonth = `period=${month}`;
  const first = [
    rowOf('a', '10', month),
    rowOf('b', '20', month),
    rowOf('c-gpu', '30', month),
    rowOf('gone', '40', month),
    rowOf('up', '50', month),
  ];

  it('carries what was divided and decided over as for any charge, and the report says what becomes of each PI', async () => {
    await office.imports(first);
    const ids = await Promise.all(['a', 'b', 'c-gpu', 'gone', 'up'].map((resource) => office.idOf(resource, month)));
    await office.split({ ids, parts: SHARED });
    const waiting = await office.charges(`${inMonth}&standing=flagged`);
    await office.people.reviewer.post('/review/reject', { ids: [waiting[1]?.id] });
    await office.people.reviewer.post('/review/approve', { ids: [waiting[0]?.id] });
    const before = await office.sumsByPi(month);
    // a: unchanged; b and c: less; gone: not there any more; up: more.
    const { piChanges } = await office.imports(
      [rowOf('a', '10', month), rowOf('b', '10', month), rowOf('c-gpu', '20', month), rowOf('up', '60', month)],
      'replace',
    );
    expect(await office.standing(inMonth)).toEqual([
      'a ada@example.edu engine MATH-200 6 clear',
      'a bob@example.edu wheel BIO-1 4 clear',
      'b ada@example.edu engine MATH-200 6 clear',
      'b bob@example.edu wheel BIO-1 4 clear',
      'c-gpu ada@example.edu engine MATH-200 12 approved',
      'c-gpu bob@example.edu wheel BIO-1 8 rejected',
      'up ada@example.edu engine MATH-100 60 clear',
    ]);
    const after = await office.sumsByPi(month);
    for (const { piEmail, before: was, after: is } of piChanges) {
      expect([piEmail, was, is]).toEqual([piEmail, before.get(piEmail) ?? '0', after.get(piEmail) ?? '0']);
    }
    expect(piChanges.map(({ piEmail }) => piEmail).sort()).toEqual(['ada@example.edu', 'bob@example.edu']);
  });

  it('is divided by the rule again where the rule divided it, and the parts follow the charge', async () => {
    await office.people.reviewer.post('/attribution-rules', { name: 'lab', match: { resourceId: 'lab-*' }, parts: SHARED });
    await office.imports([rowOf('lab-1', '100', month), rowOf('lab-2', '100', month)]);
    const before = await office.sumsByPi(month);
    const { importId, piChanges } = await office.imports([rowOf('lab-1', '200', month), rowOf('lab-2', '100', month)]);
    expect(await office.standing(`${inMonth}&text=lab-`)).toEqual([
      'lab-1 ada@example.edu engine MATH-200 120 clear',
      'lab-1 bob@example.edu wheel BIO-1 80 clear',
      'lab-2 ada@example.edu engine MATH-200 60 clear',
      'lab-2 bob@example.edu wheel BIO-1 40 clear',
    ]);
    const after = await office.sumsByPi(month);
    expect(piChanges.map(({ piEmail, before: was, after: is }) => [piEmail, was, is]).sort()).toEqual(
      ['ada@example.edu', 'bob@example.edu'].map((pi) => [pi, before.get(pi), after.get(pi)]),
    );
    await office.people.reviewer.post(`/imports/${importId}/withdraw`, { reason: 'sent in error' });
    await office.settle();
    expect(await office.standing(`${inMonth}&text=lab-1`)).toEqual([]);
  });

  it('is not found by a later file: no part of it is withdrawn or counted as kept', async () => {
    const { importId } = await office.imports([rowOf('other', '1', month)]);
    const { report } = await office.people.viewer.get<{ report: { outcomes: { outcome: string; lineCount: number; amount: string }[] } }>(
      `/imports/${importId}`,
    );
    // Lines of files that stand: a, b, c-gpu, up, lab-2.
    expect(report.outcomes.find(({ outcome }) => outcome === 'kept')).toMatchObject({ lineCount: 5, amount: '200' });
  });

  it('are made the same by a rebuild, and the audit proves their lines', async () => {
    const [live, rebuilt] = await office.modelsAndRebuild();
    expect(rebuilt).toEqual(live);
    expect(await office.findings()).toEqual([]);
  });
});
