import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OPTIONS, read, refusal, row, lineOf, refusedOf } from '../../testing/read-focus.js';
import { readRows } from '../../testing/reader.js';
import { FocusReader } from './index.js';

describe('header', () => {
  it('matches names without case and surrounding space, and keeps other columns as raw data', async () => {
    const { lines, reader } = await read(
      ' billingperiodSTART ,BILLEDCOST,x_Team,PricingUnit,Mystery,tags\n2025-01-01,2,blue,Hours,NULL,\n',
    );
    expect(lines[0]).toMatchObject({ period: '2025-01', amount: '2', otherColumns: '{"x_Team":"blue","PricingUnit":"Hours"}' });
    expect(reader.header.unknownColumns).toEqual(['Mystery']);
  });

  it.each([
    ['1.0', 'BillingPeriodStart,BilledCost,ProviderName'],
    ['1.1', 'BillingPeriodStart,BilledCost,SkuMeter'],
    ['1.2', 'BillingPeriodStart,BilledCost,InvoiceId,SkuMeter'],
    ['1.3', 'BillingPeriodStart,BilledCost,ServiceProviderName,ProviderName'],
    ['1.4', 'BillingPeriodStart,BilledCost,InvoiceDetailId'],
  ])('tells version %s from the columns', async (version, header) => {
    const { reader } = await read(`${header}\n`);
    expect(reader.header.version).toBe(version);
  });

  it('prefers ServiceProviderName over ProviderName, row by row', async () => {
    const both = { ServiceProviderName: 'New', ProviderName: 'Old' };
    expect((await lineOf(row(both))).providerName).toBe('New');
    expect((await lineOf(row({ ...both, ServiceProviderName: '' }))).providerName).toBe('Old');
  });

  it('warns of a header without Tags, and flags every line for what is missing', async () => {
    const { reader, lines } = await read('BillingPeriodStart,BilledCost\n2025-01-01,1\n');
    expect(reader.header.missingRecommended).toContain('Tags');
    expect(reader.warnings.join(' ')).toContain('no Tags column');
    expect(lines[0]?.flags).toEqual(['missing_pi_email', 'missing_project_id', 'missing_fund_org']);
  });

  it('takes a header without rows for zero lines, with a warning', async () => {
    const { lines, refused, reader } = await read('BillingPeriodStart,BilledCost,Tags');
    expect([lines, refused]).toEqual([[], []]);
    expect(reader.warnings.join(' ')).toContain('no rows');
  });

  it('keeps the cells of a column without a name', async () => {
    const { lines } = await read('BillingPeriodStart,BilledCost,Tags,\n2025-01-01,1,,lost?\n');
    expect(lines[0]?.otherColumns).toBe('{"column 4":"lost?"}');
  });

  it.each([
    ['import.missing-columns', 'lacks BillingPeriodStart', 'BilledCost,Tags\n1,\n', {}],
    ['import.missing-columns', 'lacks BillingPeriodStart and BilledCost', 'a,b\n1,2\n', {}],
    ['import.missing-columns', 'bills by effective cost', 'BillingPeriodStart,BilledCost\n2025-01-01,1\n', { costBasis: 'effective' }],
    ['import.missing-columns', 'LineItemId', 'BillingPeriodStart,BilledCost\n2025-01-01,1\n', { lineIdColumn: 'LineItemId' }],
    ['import.duplicate-columns', 'tags', 'BillingPeriodStart,BilledCost,Tags, tags \n2025-01-01,1,,\n', {}],
    ['import.wrong-separator', 'semicolons', 'BillingPeriodStart;BilledCost\n2025-01-01;1\n', {}],
    ['import.wrong-data-set', 'Contract Commitment', 'ContractCommitmentId,ContractCommitmentCost,BillingCurrency\n', {}],
    [
      'import.wrong-data-set',
      'Invoice Detail',
      'BilledCost,BillingPeriodStart,InvoiceDetailId,InvoiceDetailGrain,InvoiceIssueStatus,PaymentDueDate\n1,2025-01-01,,,,\n',
      {},
    ],
    ['import.wrong-data-set', 'native AWS', 'identity/LineItemId,bill/BillingPeriodStartDate,lineItem/UnblendedCost\n', {}],
    ['import.wrong-data-set', 'native AWS', 'identity_line_item_id,line_item_unblended_cost\n', {}],
    ['import.wrong-data-set', 'native OCI', 'lineItem/referenceNo,lineItem/tenantId,cost/myCost\n', {}],
    ['import.wrong-data-set', 'native Azure', 'BillingPeriodStartDate,MeterId,MeterCategory,Cost,ConsumedService\n', {}],
    ['import.wrong-data-set', 'Google Cloud', 'billing_account_id,service.description,usage_start_time,cost\n', {}],
  ] as const)('refuses a header with %s, saying “%s”', async (code, words, file, options) => {
    const error = await refusal(file, options);
    expect(error.code).toBe(code);
    expect(error.detail).toContain(words);
  });

  it('takes a Cost and Usage file that carries details of its invoice for what it is', async () => {
    const invoice = { InvoiceDetailId: 'i1', InvoiceIssueStatus: 'Issued', PaymentDueDate: '2025-03-01' };
    expect((await lineOf(row({ ChargePeriodStart: '2025-01-02', ...invoice }))).amount).toBe('1');
  });

  it('refuses a header with too many columns', async () => {
    const wide = `BillingPeriodStart,BilledCost,${Array.from({ length: 2000 }, (_, i) => `x_${i}`).join(',')}\n`;
    expect((await refusal(wide)).code).toBe('import.too-many-columns');
  });
});

describe('file', () => {
  const latin1 = Buffer.concat([
    Buffer.from('BillingPeriodStart,BilledCost,ServiceName\n2025-01-01,1,'),
    Buffer.from([0xe9, 0x74, 0xe9, 0x0a]),
  ]);
  const windows = Buffer.concat([Buffer.from('BillingPeriodStart,BilledCost,ServiceName\n2025-01-01,1,'), Buffer.from([0x93, 0x61, 0x0a])]);
  const utf16 = Buffer.from('BillingPeriodStart,BilledCost\n', 'utf16le');
  it.each([
    ['import.empty-file', 'empty', ''],
    ['import.empty-file', 'empty', '\uFEFF\r\n\r\n'],
    ['import.encoding', 'Line 2 has the byte 0xe9', latin1],
    ['import.encoding', 'Latin-1', latin1],
    ['import.encoding', 'Windows-1252', windows],
    ['import.encoding', 'UTF-16 (little endian)', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['import.encoding', 'UTF-16 (big endian)', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]).swap16()],
    ['import.encoding', 'without byte order mark', utf16],
    ['import.nul-byte', 'Line 3', 'BillingPeriodStart,BilledCost\n2025-01-01,1\n2025-01-01,\0\n'],
    ['import.not-text', 'zip', Buffer.from('PK\u0003\u0004rest of it')],
    ['import.not-text', 'Parquet', 'PAR1 and more'],
    ['import.unterminated-quote', 'line 3', 'BillingPeriodStart,BilledCost,ServiceName\n2025-01-01,1,a\n2025-01-01,1,"b\n2025-01-01,1,c\n'],
    ['import.cell-too-large', 'line 2', `BillingPeriodStart,BilledCost,ServiceName\n2025-01-01,1,"${'x'.repeat(11 * 1024 * 1024)}"\n`],
  ])('is refused with %s, saying “%s”', async (code, words, file) => {
    const error = await refusal(file);
    expect(error.code).toBe(code);
    expect(error.detail).toContain(words);
  });

  it('counts physical lines, whatever ends them, however the bytes arrive', async () => {
    const file =
      '\uFEFF\n' +
      'BillingPeriodStart,BilledCost,ServiceName,Tags\r\n' +
      '2025-01-01,1,"łine\r\none ""quoted""",\r\n' +
      '\r\n' +
      '2025-01-01,2,李,\r' +
      '2025-01-01,3,"a\nb\rc",\n' +
      '   \n' +
      '2025-01-01,4,last,';
    for (const pieceSize of [1, 2, 3, 7, 65_536]) {
      const { lines, reader } = await read(file, {}, pieceSize);
      expect(reader.header.lineNumber).toBe(2);
      expect(lines.map((line) => [line.lineNumber, line.amount, line.serviceName])).toEqual([
        [3, '1', 'łine\r\none "quoted"'],
        [6, '2', '李'],
        [7, '3', 'a\nb\rc'],
        [11, '4', 'last'],
      ]);
    }
  });

  it('gives every row in batches of bounded size, with the bytes read', async () => {
    const row = `2025-01-01,1,${'x'.repeat(100 * 1024)}\n`;
    const file = `BillingPeriodStart,BilledCost,x_a\n${row.repeat(100)}2025-01-01,n/a,\n`;
    const { batches } = await readRows(await FocusReader.open(Readable.from([Buffer.from(file)]), OPTIONS));
    expect(batches.length).toBeGreaterThan(5);
    expect(Math.max(...batches.map((batch) => batch.lineCount))).toBeLessThanOrEqual(20);
    expect(batches.map((batch) => batch.lineCount).reduce((a, b) => a + b)).toBe(100);
    expect(batches.flatMap((batch) => batch.refused)).toHaveLength(1);
    expect(batches.at(-1)?.bytesRead).toBe(file.length);
  });
});

describe('rows', () => {
  it.each([
    ['2025-01-01,1', 'the row has 2 cells, the header has 3'],
    ['2025-01-01,1,a,b', 'the row has 4 cells, the header has 3'],
    ['2025-01-01,1,"a"b', 'text after its closing quote'],
  ])('refuses the ragged or broken row %s', async (text, reason) => {
    const { lines, refused } = await read(`BillingPeriodStart,BilledCost,ServiceName\n2025-01-01,5,ok\n${text}\n`);
    expect(lines.map((line) => line.amount)).toEqual(['5']);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ lineNumber: 3, amount: null });
    expect(refused[0]?.reason).toContain(reason);
  });

  it('names everything that is wrong with a row, and reads its money all the same', async () => {
    const refused = await refusedOf(row({ BillingPeriodStart: 'garbage-date', BilledCost: '1.50', ListCost: 'n/a', Tags: '[1]' }));
    expect(refused).toMatchObject({ lineNumber: 2, column: 'BillingPeriodStart', value: 'garbage-date', amount: '1.5', currency: 'USD' });
    expect(refused.furtherProblems.map((problem) => problem.column)).toEqual(['ListCost', 'Tags']);
    expect(refused.cells).toEqual(['garbage-date', '1.50', '[1]', 'n/a']);
  });

  it('takes an empty cell, NULL and null for null', async () => {
    for (const nothing of ['', ' ', 'NULL', ' null ']) {
      expect(await lineOf(row({ ResourceId: nothing, SkuId: nothing }))).toMatchObject({ resourceId: null, skuId: null });
    }
  });

  it('keeps a 64-bit id as text', async () => {
    expect((await lineOf(row({ SubAccountId: '009007199254740993' }))).subAccountId).toBe('009007199254740993');
  });

  it('falls back on the category where there is no service name', async () => {
    expect((await lineOf(row({ ServiceName: 'NULL', ServiceCategory: 'Compute' }))).serviceName).toBe('Compute');
    expect((await lineOf(row())).serviceName).toBe('Other');
  });
});
