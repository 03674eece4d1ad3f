import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';
import { invoicedCsv } from '../../test/support/invoiced-csv.js';

/** Provider invoices from the command line, as a reviewer checks them. */
describe('invoices on the command line', () => {
  let office: CommandLine;

  beforeAll(async () => {
    office = await CommandLine.start();
    const charges = [
      { billed: '98', invoice: 'INV-1' },
      { billed: '12.345', invoice: 'INV-2', resource: 'b' },
      { billed: '3', resource: 'c' },
    ];
    await office.run('ingest', await office.file('aws_2025-03.csv', invoicedCsv(charges)), '-s', 'aws');
  });
  afterAll(() => office.stop());

  const run = (...args: string[]): Promise<CommandRun> => office.run('invoices', ...args);
  const MARCH = ['-s', 'aws', '-p', '2025-03'] as const;

  it('says what there is to do where nothing is announced', async () => {
    expect((await run('list', '-p', '2025-04')).result).toMatch(/^No invoice is announced for 2025-04, .*`invoices expect`/);
    expect((await run('list', '-p', '2025-03')).result).toMatch(/\naws +INV-2 +unexpected +12\.345 +12\.345 +USD +1\n/);
  });

  it('expects an invoice, changes it and withdraws it', async () => {
    expect((await run('expect', 'INV-1', ...MARCH)).exitCode).toBe(1);
    expect((await run('expect', 'INV-1', ...MARCH, '--amount', '1,00')).exitCode).toBe(2);
    expect((await run('expect', 'INV-9', ...MARCH, '--amount=-1000')).result).toBe('INV-9 of aws in 2025-03 is expected: -1,000.00 USD.');
    expect((await run('expect', 'inv-9', ...MARCH, '--date', '2025-04-02')).result).toBe(
      'INV-9 of aws in 2025-03 is changed: -1,000.00 USD → -1,000.00 USD, of 2025-04-02.',
    );
    expect((await run('expect', 'inv-9', ...MARCH)).result).toBe('INV-9 of aws in 2025-03 is expected so already.');
    expect((await run('withdraw', 'inv-9', ...MARCH, '--reason', 'typo')).result).toBe('INV-9 of aws in 2025-03 is expected no longer.');
    const { result } = await run('show', 'INV-9', ...MARCH);
    expect(result).toMatch(/^It is expected no longer.*\n\nAT [^]* withdrawn +typo\n.* changed .*\n.* expected /);
    expect((await run('expect', 'INV-1', '-s', 'tape', '-p', '2025-03', '--amount', '1')).exitCode).toBe(1);
  });

  it('imports a file after a dry run, and shows refused rows by line', async () => {
    const path = await office.file('invoices.csv', 'invoice_id,period,amount\nINV-1,2025-03,100\nINV-2,2025-03,12.35\n');
    expect((await run('import', path, '-s', 'aws', '--dry-run')).result).toBe(
      [
        'invoices.csv: a table, 2 rows.',
        'aws: 2 would be added, 0 would be changed, 0 would be withdrawn, 0 unchanged.',
        '  + INV-1 2025-03: 100.00 USD',
        '  + INV-2 2025-03: 12.35 USD',
      ].join('\n'),
    );
    expect((await run('import', path, '-s', 'aws')).result).toContain('aws: 2 added, 0 changed, 0 withdrawn, 0 unchanged.');
    expect((await run('import', path, '-s', 'aws')).result).toContain('aws: 0 added, 0 changed, 0 withdrawn, 2 unchanged.');
    const wrong = await office.file('wrong.csv', 'invoice_id,period,amount\nINV-1,March,1\n');
    const tried = await run('import', wrong, '-s', 'aws', '--dry-run');
    expect(tried).toMatchObject({
      exitCode: 1,
      result: expect.stringMatching(/\n2 +period +March +“March” is no month; write it as 2025-03\./) as string,
    });
    expect((await run('import', wrong, '-s', 'aws')).exitCode).toBe(1);
    expect((await run('import', 'nowhere.csv', '-s', 'aws')).exitCode).toBe(1);
  });

  it('lists how invoices stand, with sums per source, and asks for them before finalizing', async () => {
    const { result } = await run('list', '-p', '2025-03');
    expect(result).toMatch(
      /^SOURCE +INVOICE +STATE +EXPECTED +RECORDED +DIFFERENCE +LINES\naws +INV-1 +difference +100\.00 +98\.00 +-2\.00 .*\n/,
    );
    expect(result).toMatch(/\naws +INV-2 +matched +12\.35 +12\.345 +-0\.005 +USD +1 +rounding\naws +no invoice +uninvoiced +3\.00 /);
    expect(result).toMatch(/\naws +2 +112\.35 +110\.345 +-2\.005 +3\.00 +USD +2 +asked for$/);
    expect((await run('list', '-p', '2025-03', '--state', 'matched', 'missing')).result).not.toContain('INV-1');
    expect(JSON.parse((await office.run('--json', 'invoices', 'list', '-p', '2025-03', '-s', 'AWS')).result)).toMatchObject({
      count: 3,
      invoices: [{ invoiceId: 'INV-1', difference: '-2' }, {}, { invoiceId: '' }],
    });
    expect((await office.run('periods', 'show', '2025-03')).result).toMatch(
      /\nmissing +2 provider invoices do not match .* invoices list -p 2025-03\n/,
    );
  });

  it('accepts a difference as it was seen, and takes that back', async () => {
    expect((await run('accept', 'INV-1', ...MARCH)).exitCode).toBe(2);
    expect((await run('accept', 'INV-1', ...MARCH, '--reason', 'x', '--difference=-1')).exitCode).toBe(1);
    expect((await run('accept', 'INV-1', ...MARCH, '--reason', 'credit follows', '--difference=-2')).result).toMatch(
      /\naws +INV-1 +accepted +100\.00 +98\.00 +-2\.00 +USD +1 +“credit follows” \(/,
    );
    expect((await run('accept', ...MARCH, '--reason', 'free tier')).result).toMatch(/\naws +no invoice +accepted /);
    expect((await office.run('periods', 'show', '2025-03')).result).toMatch(/\ndone +provider invoices match what is recorded\n/);
    expect((await run('unaccept', 'INV-1', ...MARCH)).result).toMatch(/\naws +INV-1 +difference /);
    expect((await run('unaccept', 'INV-1', ...MARCH)).exitCode).toBe(1);
    const { result } = await run('show', 'inv-1', ...MARCH);
    expect(result).toMatch(
      /\nIMPORT +LINES +BILLED COST\n\d+ +1 +98\.00 +USD\n[^]* reopened[^]* accepted +expected 100, recorded 98 USD +credit follows\n/,
    );
  });

  it('demands the invoices of a source', async () => {
    expect((await run('demand', 'aws')).result).toBe('Every period must have the invoices of aws before it is finalized.');
    expect((await run('list', '-p', '2025-04')).result).toMatch(/\naws +0 .* demanded$/);
    expect((await run('demand', 'aws', '--off')).result).toBe('Periods may be finalized without the invoices of aws.');
    expect((await run('demand', 'aws', '--off')).result).toMatch(/^It is so already/);
  });
});
