import { describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { read, refusal, csv, row, lineOf, refusedOf, TAGS } from '../../testing/read-focus.js';

describe('amounts', () => {
  it.each([
    ['-12.50', '-12.5'],
    ['1E-7', '0.0000001'],
    ['.5', '0.5'],
    ['-.50', '-0.5'],
    ['5.', '5'],
    ['007.10', '7.1'],
    ['0.00', '0'],
    ['-0.0', '0'],
    ['100', '100'],
    ['0.00000000000001', '0.00000000000001'],
    ['9007199254740993.1', '9007199254740993.1'],
    [' 3 ', '3'],
  ])('reads %s as %s', async (cell, amount) => {
    expect((await lineOf(row({ BilledCost: cell }))).amount).toBe(amount);
  });

  it.each(['$10,000.00 ', '1,5', '+3', 'n/a', 'inf', 'NaN', '1.2.3', '-', '.', '0x10', '1e9999', '1-'])('refuses %j', async (cell) => {
    expect(await refusedOf(row({ BilledCost: cell }))).toMatchObject({ column: 'BilledCost', amount: null });
  });

  it.each(['', 'NULL', 'null'])('refuses a null cost (%j): it is not zero', async (cell) => {
    expect((await refusedOf(row({ BilledCost: cell }))).reason).toContain('is empty');
  });

  it.each([
    ['', '7'],
    ['NULL', '7'],
    ['0.000', '7'],
    ['9.90', '9.9'],
    ['-9', '-9'],
  ])('takes the list cost %j of a charge of 7 for %s', async (listCost, list) => {
    expect((await lineOf(row({ BilledCost: '7', ListCost: listCost }))).listCost).toBe(list);
  });

  it('bills the column of the cost basis', async () => {
    const cells = row({ BilledCost: '1', EffectiveCost: '2.50' });
    expect((await lineOf(cells)).amount).toBe('1');
    expect(await lineOf(cells, { costBasis: 'effective' })).toMatchObject({ amount: '2.5', listCost: '2.5', billedCost: '1' });
    expect(await refusedOf(row({ EffectiveCost: '' }), { costBasis: 'effective' })).toMatchObject({ column: 'EffectiveCost' });
  });
});

describe('dates', () => {
  it.each([
    ['2025-01-01T00:00:00Z', '2025-01-01T00:00:00Z'],
    ['2025-01-01T00:00:00.000Z', '2025-01-01T00:00:00Z'],
    ['2025-01-01T00:00:00.1230Z', '2025-01-01T00:00:00.123Z'],
    ['2025-01-01T00:00Z', '2025-01-01T00:00:00Z'],
    ['2025-01-01 12:30:00', '2025-01-01T12:30:00Z'],
    ['2025-01-01 12:30:00 UTC', '2025-01-01T12:30:00Z'],
    ['2025-01-01', '2025-01-01T00:00:00Z'],
    ['2025-01-01T02:00:00+03:30', '2024-12-31T22:30:00Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
  ])('reads %s as %s', async (cell, instant) => {
    expect((await lineOf(row({ ChargePeriodStart: cell }))).chargePeriodStart).toBe(instant);
  });

  it.each([
    ['5/1/25', 'ambiguous'],
    ['1/5/2026', 'ambiguous'],
    ['01.05.2026', 'ambiguous'],
    ['2025-02-30', 'does not exist'],
    ['2025-02-29', 'does not exist'],
    ['2025-01-01T24:00:00Z', 'does not exist'],
    ['garbage-date', 'is not a date'],
    ['20250101', 'is not a date'],
    ['2025-01', 'is not a date'],
    ['2025-01-01T00:00:00+99:00', 'time zone'],
    ['0000-06-01', 'outside the years'],
    ['9999-12-31T23:00:00-05:00', 'outside the years'],
  ])('refuses %s: %s', async (cell, reason) => {
    for (const column of ['BillingPeriodStart', 'ChargePeriodStart']) {
      const refused = await refusedOf(row({ [column]: cell }));
      expect(refused).toMatchObject({ column, value: cell });
      expect(refused.reason).toContain(reason);
    }
  });

  it.each([
    ['M/D/YY', '4/1/25', '2025-04'],
    ['M/D/YYYY', '04/01/2025 0:00', '2025-04'],
    ['D.M.YYYY', '1.4.2025', '2025-04'],
    ['DD-MM-YYYY', '01-04-2025', '2025-04'],
    ['YYYY/M/D', '2025/4/1', '2025-04'],
    ['M/D/YY', '2025-04-01', '2025-04'],
  ])('reads the declared format %s: %s', async (dateFormat, cell, period) => {
    expect((await lineOf(row({ BillingPeriodStart: cell }), { dateFormat })).period).toBe(period);
  });

  it('refuses what the declared format does not fit, and a format that is none', async () => {
    expect((await refusedOf(row({ BillingPeriodStart: '13/1/25' }), { dateFormat: 'M/D/YY' })).reason).toContain('does not exist');
    expect((await refusedOf(row({ BillingPeriodStart: '1.4.25' }), { dateFormat: 'M/D/YY' })).reason).toContain('M/D/YY');
    expect((await refusal(csv(row()), { dateFormat: 'M/M/YY' })).code).toBe('import.date-format');
    expect((await refusal(csv(row()), { dateFormat: 'whenever' })).code).toBe('import.date-format');
  });

  it('takes the period from BillingPeriodStart alone, and never refuses a row for an end', async () => {
    const cells = row({ BillingPeriodEnd: 'nonsense', ChargePeriodStart: '2024-11-30', ChargePeriodEnd: '2023-02-01T30:00:00Z' });
    const { lines, reader } = await read(csv(cells));
    expect(lines[0]).toMatchObject({ period: '2025-01', chargePeriodEnd: null });
    expect(lines[0]?.otherColumns).toBe('{"ChargePeriodEnd":"2023-02-01T30:00:00Z","BillingPeriodEnd":"nonsense"}');
    expect(reader.warnings.join(' ')).toContain('line 2');
  });

  it('refuses a period start that is another month in UTC than as written', async () => {
    expect((await refusedOf(row({ BillingPeriodStart: '2025-01-01T00:00:00+01:00' }))).reason).toContain('2024-12 in UTC');
    expect((await refusedOf(row({ BillingPeriodStart: '0025-01-01' }))).reason).toContain('no billing period');
  });
});

describe('attribution', () => {
  it('folds the PI, keeps it as written, and trims and composes the rest', async () => {
    const line = await lineOf(row({}, { ...TAGS, pi_email: ' A@X.edu ', project_id: ' Cafe\u0301 ', cost_center: '  ' }));
    expect(line).toMatchObject({ piEmail: 'a@x.edu', piEmailAsWritten: 'A@X.edu', projectId: 'Café', costCenter: null });
  });

  it.each([
    ['the exact name before its variants', { ' org': 'B', org: 'A' }, 'A'],
    ['a name with space around it', { ' org': 'B' }, 'B'],
    ['a name in other case', { ORG: 'C' }, 'C'],
    ['the names in their order', { org: 'A', fund_org: 'F' }, 'F'],
    ['the next name where the first is empty', { fund_org: ' ', org: 'A' }, 'A'],
    ['a number as it is written', { fund_org: 0 }, '0'],
    ['a truth value as text', { fund_org: true }, 'true'],
    ['no nested value', { fund_org: { a: 1 } }, null],
    ['no null', { fund_org: null }, null],
  ])('takes %s', async (_, tags, fundOrg) => {
    expect((await lineOf(row({}, tags))).fundOrg).toBe(fundOrg);
  });

  it('loses no digit of a number', async () => {
    const tags = '{"project_id": 9007199254740993, "fund_org": 1.50, "note \\"1\\"": "x 2", "list": [1, -2e3]}';
    expect(await lineOf(row({ Tags: tags }))).toMatchObject({ projectId: '9007199254740993', fundOrg: '1.50', tags });
  });

  it('lets AllocatedTags win over Tags, tag by tag', async () => {
    const line = await lineOf(row({ AllocatedTags: '{"Project_ID": "shared", "fund_org": ""}' }));
    expect(line).toMatchObject({ projectId: 'shared', fundOrg: 'BIO-1', piEmail: 'a@x.edu' });
  });

  it('reads tags without braces, as older Microsoft exports have them', async () => {
    const tags = '"pi_email": "a@x.edu","project_id": "p 1"';
    expect(await lineOf(row({ Tags: tags }))).toMatchObject({ piEmail: 'a@x.edu', projectId: 'p 1', tags });
  });

  it.each(['not json', '"text"', '12', '{"a":', '{"pi_email": "a\\u0000@x.edu"}', '{"fund_org": "\\ud800"}'])(
    'refuses the tags %s',
    async (tags) => {
      expect(await refusedOf(row({ Tags: tags }))).toMatchObject({ column: 'Tags' });
    },
  );

  it('names the column where AllocatedTags are the ones that cannot be read', async () => {
    expect(await refusedOf(row({ AllocatedTags: 'x' }))).toMatchObject({ column: 'AllocatedTags', value: 'x' });
  });

  it('is not fooled by a tag called __proto__', async () => {
    expect((await lineOf(row({ Tags: '{"__proto__": {"fund_org": "EVIL"}}' }))).fundOrg).toBeNull();
  });

  it('reads end dates as days, and refuses what is none', async () => {
    const line = await lineOf(row({}, { ...TAGS, end_date: '2025-06-30', reconciliation_end: '2025-02-10T00:00:00Z' }));
    expect(line).toMatchObject({ endDate: '2025-06-30', reconciliationEnd: '2025-02-10' });
    expect((await refusedOf(row({}, { ...TAGS, end_date: '6/7/25' }))).reason).toContain('end_date is ambiguous');
  });
});

describe('flags', () => {
  it('raises all that apply, in a fixed order', async () => {
    const line = await lineOf(
      row(
        { BillingCurrency: 'eur', ChargePeriodStart: '2025-01-20T00:00:00Z', ServiceName: 'GPU Cluster' },
        { pi_email: 'not an address', fund_org: 'XX-BIO-1', end_date: '2025-01-19', reconciliation_end: '2025-01-01' },
      ),
      { flagPatterns: ['cluster$', 'nothing', 'gpu'], fundOrgPatterns: ['BIO-\\d'], expectedPeriod: billingPeriod('2025-02') },
    );
    expect(line.flags).toEqual([
      'invalid_pi_email',
      'missing_project_id',
      'invalid_fund_org',
      'pattern_match:cluster$',
      'pattern_match:gpu',
      'period_mismatch',
      'currency_mismatch',
      'late_charge',
      'expired_project',
    ]);
    expect(line.currency).toBe('EUR');
  });

  it('raises none where all is well', async () => {
    const options = { flagPatterns: ['gpu'], fundOrgPatterns: ['^chem', 'bio-'], expectedPeriod: billingPeriod('2025-01') };
    const tags = { ...TAGS, end_date: '2025-01-20', reconciliation_end: '2025-01-20' };
    expect((await lineOf(row({ BillingCurrency: 'USD', ChargePeriodStart: '2025-01-20T23:59:59Z' }, tags), options)).flags).toEqual([]);
  });

  it('holds the fund/org against the chart of funds, on the day of the charge', async () => {
    const fundProblem = (fundOrg: string, day: string): string | null => (fundOrg === 'BIO-1' && day <= '2025-01-19' ? null : 'not then');
    const flagsOn = async (day: string, tags = TAGS, more = {}): Promise<readonly string[]> =>
      (await lineOf(row({ ChargePeriodStart: day, ResourceId: 'gpu' }, tags), { fundProblem, ...more })).flags;
    expect(await flagsOn('2025-01-19')).toEqual([]);
    expect(await flagsOn('2025-01-20', TAGS, { flagPatterns: ['gpu'] })).toEqual(['invalid_fund_org', 'pattern_match:gpu']);
    expect(await flagsOn('2025-01-19', { ...TAGS, fund_org: 'bio-1' }, { fundOrgPatterns: ['BIO'] })).toEqual(['invalid_fund_org']);
    expect(await flagsOn('2025-01-20', TAGS, { fundOrgPatterns: ['CHEM'] })).toEqual(['invalid_fund_org']);
    expect(await flagsOn('2025-01-20', { ...TAGS, fund_org: '' })).toEqual(['missing_fund_org']);
  });

  it.each(['ServiceName', 'ResourceId', 'ResourceName'])('looks for patterns in %s', async (column) => {
    expect((await lineOf(row({ [column]: 'xx P4D.24 xx' }), { flagPatterns: ['p4d\\.'] })).flags).toEqual(['pattern_match:p4d\\.']);
  });

  it('counts the charge day, or the period start where there is none, against the end dates', async () => {
    const tags = { ...TAGS, end_date: '2024-12-31' };
    expect((await lineOf(row({}, tags))).flags).toEqual(['expired_project']);
    expect((await lineOf(row({ ChargePeriodStart: '2024-12-31T23:00:00Z' }, tags))).flags).toEqual([]);
  });

  it('is not hung by a pattern that backtracks', async () => {
    const line = await lineOf(row({ ResourceId: `${'a'.repeat(50_000)}!` }), { flagPatterns: ['(a+)+$'] });
    expect(line.flags).toEqual([]);
  });

  it('refuses patterns that do not compile, all at once', async () => {
    const error = await refusal(csv(row()), { flagPatterns: ['(', 'fine', '(?=a)'] });
    expect(error.code).toBe('import.pattern');
    expect(error.problems.map((problem) => problem.where)).toEqual(['(', '(?=a)']);
    expect((await refusal(csv(row()), { fundOrgPatterns: ['[a'] })).code).toBe('import.pattern');
  });

  it('takes the currency of the ledger where the file has none, and refuses one that is none', async () => {
    expect(await lineOf(row({ BillingCurrency: '' }))).toMatchObject({ currency: 'USD', flags: [] });
    expect(await refusedOf(row({ BillingCurrency: 'dollars' }))).toMatchObject({ column: 'BillingCurrency', amount: '1', currency: null });
  });
});

describe('fingerprint', () => {
  const charge = row({ ResourceId: 'r1', x_Team: 'blue', ConsumedQuantity: '1', ListUnitPrice: '2', x_NetCost: '3' });

  it('ignores amounts, prices, quantities, the order of columns and null columns', async () => {
    const one = await lineOf(charge);
    const restated = {
      ...charge,
      BilledCost: '99',
      ConsumedQuantity: '7',
      ListUnitPrice: '8',
      x_NetCost: '4',
      ContractApplied: '{"a":1}',
      SkuId: '',
    };
    const reordered = Object.fromEntries(Object.entries(restated).reverse());
    expect((await lineOf(reordered)).fingerprint).toBe(one.fingerprint);
    expect(one.fingerprint).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  });

  it.each([{ ResourceId: 'r2' }, { x_Team: 'red' }, { BillingPeriodStart: '2025-02-01' }, { x_Team: '', x_Teal: 'blue' }])(
    'tells %j apart',
    async (change) => {
      expect((await lineOf({ ...charge, ...change })).fingerprint).not.toBe((await lineOf(charge)).fingerprint);
    },
  );

  it('is the declared line id alone, where there is one', async () => {
    const options = { lineIdColumn: 'LineItemId' };
    const one = await lineOf({ ...charge, lineitemid: 'L1' }, options);
    expect((await lineOf({ ...charge, lineitemid: 'L1', ResourceId: 'other' }, options)).fingerprint).toBe(one.fingerprint);
    expect((await lineOf({ ...charge, lineitemid: 'L2' }, options)).fingerprint).not.toBe(one.fingerprint);
    const withoutId = await lineOf({ ...charge, lineitemid: '' }, options);
    expect(withoutId.fingerprint).toBe((await lineOf({ ...charge, lineitemid: '' })).fingerprint);
  });
});
