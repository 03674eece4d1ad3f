import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Provider invoices: what is expected of each, what recorded lines come to, and which differences were accepted. Read models, all of them. */
export class Invoices1700000000022 implements MigrationInterface {
  name = 'Invoices1700000000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- An invoice is known by its key: its id without regard to the case of ASCII letters, which is the same on every server.
      create table expected_invoices (
        period text not null,
        source text not null,
        invoice_key text collate "C" not null,
        invoice_id text not null,
        currency text not null,
        amount numeric not null,
        issued_on date,
        note text not null,
        changed_by text not null,
        changed_at timestamptz not null,
        primary key (period, source, invoice_key)
      );
      create index expected_invoices_by_id on expected_invoices (source, invoice_key);

      -- Null for what there was none of. The empty key is that of lines without an invoice.
      create table accepted_invoice_differences (
        period text not null,
        source text not null,
        invoice_key text collate "C" not null,
        currency text not null,
        expected numeric,
        recorded numeric,
        reason text not null,
        accepted_by text not null,
        accepted_at timestamptz not null,
        primary key (period, source, invoice_key, currency)
      );

      create table invoice_demands (
        source text primary key
      );

      -- What the lines of each import that still stand come to, per invoice: a few rows for an import of a million lines.
      create table invoice_sums (
        import_id int not null,
        period text not null,
        invoice_key text collate "C" not null,
        currency text not null,
        source text not null,
        invoice_id text collate "C" not null,
        line_count int not null,
        unpriced_count int not null,
        billed numeric not null,
        primary key (import_id, period, invoice_key, currency)
      );
      create index invoice_sums_by_period on invoice_sums (period, source, invoice_key);
      create index invoice_sums_by_invoice on invoice_sums (source, invoice_key) where invoice_key <> '';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table invoice_sums, invoice_demands, accepted_invoice_differences, expected_invoices');
  }
}
