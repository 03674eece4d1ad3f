import { describe, expect, it } from 'vitest';
import { csv, lineOf, read, refusedOf, row } from '../../testing/read-focus.js';

const WHO = { piEmail: 'a@x.edu', projectId: 'p1' };

describe('tags as providers write them', () => {
  it.each([
    ['a JSON object', '{"pi_email": "a@x.edu", "project_id": "p1"}'],
    ['an object over several lines', '{\n  "pi_email": "a@x.edu",\n  "project_id": "p1"\n}'],
    ['no braces, as older Microsoft exports', '"pi_email": "a@x.edu","project_id": "p1"'],
    ['pairs of key and value, as Google’s labels', '[{"key":"pi_email","value":"a@x.edu"},{"key":"project_id","value":"p1"}]'],
    ['pairs of Key and Value, as AWS’s APIs', '[{"Key":"pi_email","Value":"a@x.edu"},{"Key":"project_id","Value":"p1"}]'],
    ['a JSON string that holds an object', JSON.stringify('{"pi_email":"a@x.edu","project_id":"p1"}')],
    [
      'values of other kinds beside them',
      '{"pi_email":"a@x.edu","project_id":"p1","a":null,"b":true,"c":1.50,"d":{"fund_org":"x"},"e":["y"]}',
    ],
    ['names with a provider’s prefix beside them', '{"user:team":"a","aws:createdBy":"b","pi_email":"a@x.edu","project_id":"p1"}'],
    ['the same key twice: the last counts, as JSON readers do', '{"pi_email":"b@x.edu","pi_email":"a@x.edu","project_id":"p1"}'],
  ])('are read from %s', async (_, tags) => {
    expect(await lineOf(row({ Tags: tags }))).toMatchObject({ ...WHO, fundOrg: null, tags });
  });

  it.each(['', '{}', '"{}"', '[]', 'NULL', 'null', '  ', '""', ' {} '])('are none in %j', async (tags) => {
    expect(await lineOf(row({ Tags: tags }))).toMatchObject({
      piEmail: null,
      flags: ['missing_pi_email', 'missing_project_id', 'missing_fund_org'],
    });
  });

  it('keep the digits of numbers among pairs', async () => {
    expect(await lineOf(row({ Tags: '[{"key":"project_id","value":9007199254740993}]' }))).toMatchObject({ projectId: '9007199254740993' });
  });

  it.each([
    '[1]',
    '["pi_email"]',
    '[{"name":"pi_email"}]',
    '[null]',
    '"[1]"',
    '"\\"{}\\""',
    '{"a":1}{"b":2}',
    "{'pi_email': 'a@x.edu'}",
    'true',
  ])('refuse the row where they are %s', async (tags) => {
    expect(await refusedOf(row({ Tags: tags }))).toMatchObject({ lineNumber: 2, column: 'Tags', value: tags });
  });
});

describe('dates as providers write them', () => {
  it.each([
    '2024-09-01T00:00:00Z',
    '2024-09-01T00:00:00.000Z',
    '2024-09-01T00:00:00.000000Z',
    '2024-09-01T00:00Z',
    '2024-09-01 00:00:00',
    '2024-09-01 00:00:00 UTC',
    '2024-09-01 00:00:00.000000 UTC',
    '2024-09-01 00:00:00+00',
    '2024-09-01T00:00:00+00:00',
    '2024-09-01 00:00:00.000',
    '2024-09-01T00:00:00',
    '2024-09-01',
    ' 2024-09-01 ',
  ])('are read from %j', async (written) => {
    const line = await lineOf(row({ BillingPeriodStart: written, ChargePeriodStart: written, ChargePeriodEnd: written }));
    expect(line).toMatchObject({ period: '2024-09', chargePeriodStart: '2024-09-01T00:00:00Z', chargePeriodEnd: '2024-09-01T00:00:00Z' });
  });
});

describe('whole exports as providers write them', () => {
  it.each([
    [
      'every cell in quotes, CRLF and a mark at the start',
      '\uFEFF"BillingPeriodStart","BilledCost","Tags"\r\n"2025-01-01","1.50","{""project_id"":""p1""}"\r\n',
    ],
    [
      'lower-case names, as a query engine makes them',
      'billingperiodstart,billedcost,tags\n2025-01-01 00:00:00.000,1.5,"{""project_id"":""p1""}"\n',
    ],
    [
      'columns in another order and many of x_',
      'x_b,Tags,x_a,BilledCost,x_c,BillingPeriodStart\nb,"{""project_id"":""p1""}",a,1.5E0,,2025-01-01\n',
    ],
  ])('import with %s', async (_, file) => {
    const { lines, refused } = await read(file);
    expect(refused).toEqual([]);
    expect(lines).toMatchObject([{ period: '2025-01', amount: '1.5', projectId: 'p1' }]);
  });

  it('say which columns are named as FOCUS named them before 1.0', async () => {
    const { reader, lines } = await read(csv(row({ Provider: 'Oracle', Region: 'fra', UsageUnit: 'h', oci_ReferenceNumber: 'r1' })));
    const warning = reader.warnings.find((text) => text.includes('before 1.0'));
    expect(warning).toContain('Provider (now ProviderName), Region (now RegionId), UsageUnit (now ConsumedUnit)');
    expect(lines[0]?.otherColumns).toContain('"Provider":"Oracle"');
    const { reader: later } = await read(csv(row({ Provider: 'Oracle', ProviderName: 'Oracle' })));
    expect(later.warnings.join(' ')).not.toContain('before 1.0');
  });
});
