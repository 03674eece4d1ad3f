import { Injectable } from '@nestjs/common';
import { EventStore } from '#event-store';
import { type BillingPeriod, composedText, type Currency, Decimal } from '#kernel';
import { Database, type Tx } from '#platform';
import { type InvoiceHistoryEntry, invoiceHistory } from '../domain/invoice-history.js';
import { type InvoiceName, invoicesStream } from '../domain/invoice.events.js';
import { invoiceKey } from '../domain/invoice-text.js';
import { type SourceTotal, sourceTotals } from '../domain/source-totals.js';
import { type InvoiceState, reconcile } from '../domain/reconcile.js';
import { unknownInvoice } from '../domain/invoice.decide.js';

export interface InvoiceAcceptance {
  /** The difference that was accepted: recorded less expected. */
  readonly difference: string;
  readonly reason: string;
  readonly acceptedBy: string;
  readonly acceptedAt: Date;
  /** False: the difference is another one now, and the acceptance counts no more. */
  readonly holds: boolean;
}

/** An invoice of one billing period against the lines, in one currency. */
export interface InvoiceRow {
  readonly source: string;
  readonly period: BillingPeriod;
  /** Empty: lines without an invoice. */
  readonly invoiceId: string;
  readonly currency: Currency;
  readonly state: InvoiceState;
  /** Exact decimal; null if no such invoice was announced. */
  readonly expected: string | null;
  /** Exact decimal; null if there are no such lines. */
  readonly recorded: string | null;
  /** Recorded less expected, exact. */
  readonly difference: string;
  readonly roundingOnly: boolean;
  readonly isOpen: boolean;
  readonly lineCount: number;
  /** Lines that tell no billed cost, and are in no sum. */
  readonly unpricedCount: number;
  readonly issuedOn: string | null;
  readonly note: string;
  readonly acceptance: InvoiceAcceptance | null;
  /** Who announced it, or changed it last; null if nobody did. */
  readonly changedBy: string | null;
  readonly changedAt: Date | null;
}

export interface InvoiceFilter {
  readonly source?: string | undefined;
  readonly states?: readonly InvoiceState[] | undefined;
  /** Found in invoice id or note, in any case. */
  readonly text?: string | undefined;
}

export interface InvoicePage {
  readonly invoices: readonly InvoiceRow[];
  /** Of the filter. */
  readonly count: number;
  /** Of the period, or of the source that was asked for. */
  readonly sources: readonly SourceTotal[];
}

/** Lines of one import that name an invoice. */
export interface InvoiceLines {
  readonly importId: number;
  readonly currency: Currency;
  readonly lineCount: number;
  readonly unpricedCount: number;
  readonly billed: string;
}

/** Where else an invoice is named. */
export interface InvoiceElsewhere {
  readonly period: BillingPeriod;
  readonly currency: Currency;
  readonly expected: string | null;
  readonly recorded: string | null;
}

export interface InvoiceDetail {
  /** One for each currency; what was announced comes first. */
  readonly rows: readonly InvoiceRow[];
  readonly imports: readonly InvoiceLines[];
  readonly elsewhere: readonly InvoiceElsewhere[];
  /** Newest first. */
  readonly history: readonly InvoiceHistoryEntry[];
}

/** Holds expected invoices against recorded lines. */
@Injectable()
export class InvoiceQueries {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
  ) {}

  /** The invoices of a period, in the order of sources and ids, with lines without an invoice at the end of each source. */
  async list(
    period: BillingPeriod,
    { source, states, text }: InvoiceFilter,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<InvoicePage> {
    const rows = await this.rows(period, source ?? null, null);
    const sources = sourceTotals(rows, await this.demands(source));
    const wanted = composedText(text ?? '').toLowerCase();
    const found = rows.filter(
      (row) => (states === undefined || states.includes(row.state)) && `${row.invoiceId}\n${row.note}`.toLowerCase().includes(wanted),
    );
    return { invoices: found.slice(page.offset, page.offset + page.limit), count: found.length, sources };
  }

  /** @throws DomainError `invoices.unknown`. */
  async get(source: string, name: InvoiceName): Promise<InvoiceDetail> {
    const key = invoiceKey(name.invoiceId);
    const [rows, imports, elsewhere, events] = await Promise.all([
      this.rows(name.period, source, key),
      this.database.query<InvoiceLines>(
        `select import_id as "importId", currency, line_count as "lineCount", unpriced_count as "unpricedCount", billed::text as billed
         from invoice_sums s where period = $1 and source = $2 and invoice_key = $3 order by s.import_id desc, s.currency`,
        [name.period, source, key],
      ),
      key === '' ? [] : this.elsewhere(source, key, name.period),
      this.store.readStream(invoicesStream(source)),
    ]);
    const history = invoiceHistory(events, name);
    if (rows.length === 0 && history.length === 0) throw unknownInvoice(source, name);
    return {
      rows: [...rows].sort((one, other) => Number(one.expected === null) - Number(other.expected === null)),
      imports,
      elsewhere,
      history,
    };
  }

  /** What lines come to for an invoice in each currency, as far as the read model has seen. */
  async recorded(tx: Tx, source: string, name: InvoiceName): Promise<{ readonly currency: Currency; readonly billed: string }[]> {
    return tx.query(
      `select currency, trim_scale(sum(billed))::text as billed from invoice_sums
       where period = $1 and source = $2 and invoice_key = $3 group by currency order by currency`,
      [name.period, source, invoiceKey(name.invoiceId)],
    );
  }

  /** The sources whose invoices every period must have. */
  async demands(source?: string): Promise<string[]> {
    const rows = await this.database.query<{ source: string }>(
      'select source from invoice_demands where $1::text is null or source = $1 order by source',
      [source ?? null],
    );
    return rows.map((row) => row.source);
  }

  /** Whether invoices of the period are announced, or any source must have them. */
  async isChecked(period: BillingPeriod): Promise<boolean> {
    const [row] = await this.database.query<{ any: boolean }>(
      `select exists (select 1 from expected_invoices where period = $1) or exists (select 1 from invoice_demands) as any`,
      [period],
    );
    return row?.any === true;
  }

  private async elsewhere(source: string, key: string, period: BillingPeriod): Promise<InvoiceElsewhere[]> {
    return this.database.query<InvoiceElsewhere>(
      `select period, currency, e.amount::text as expected, r.billed::text as recorded
       from (select period, currency, trim_scale(amount) as amount from expected_invoices
             where source = $1 and invoice_key = $2 and period <> $3) e
       full join (select period, currency, trim_scale(sum(billed)) as billed from invoice_sums
                  where source = $1 and invoice_key = $2 and invoice_key <> '' and period <> $3 group by 1, 2) r using (period, currency)
       order by period desc, currency`,
      [source, key, period],
    );
  }

  private async rows(period: BillingPeriod, source: string | null, key: string | null): Promise<InvoiceRow[]> {
    const stored = await this.database.query<StoredRow>(ROWS, [period, source, key]);
    return key === null ? withoutUnused(stored, await this.demands(source ?? undefined)).map(asRow) : stored.map(asRow);
  }
}

/** Lines without an invoice say something only where a source has invoices at all. */
function withoutUnused(rows: readonly StoredRow[], demands: readonly string[]): StoredRow[] {
  const used = new Set([...demands, ...rows.filter(({ invoiceKey: key }) => key !== '').map(({ source }) => source)]);
  return rows.filter(({ source }) => used.has(source));
}

interface StoredRow {
  readonly source: string;
  readonly period: BillingPeriod;
  readonly invoiceKey: string;
  readonly invoiceId: string;
  readonly currency: Currency;
  readonly expected: string | null;
  readonly recorded: string | null;
  readonly lineCount: number;
  readonly unpricedCount: number;
  readonly issuedOn: string | null;
  readonly note: string;
  readonly changedBy: string | null;
  readonly changedAt: Date | null;
  readonly acceptedExpected: string | null;
  readonly acceptedRecorded: string | null;
  readonly reason: string | null;
  readonly acceptedBy: string | null;
  readonly acceptedAt: Date | null;
}

function asRow(stored: StoredRow): InvoiceRow {
  const { invoiceKey: key, acceptedExpected, acceptedRecorded, reason, acceptedBy, acceptedAt, ...row } = stored;
  const accepted = { expected: decimal(acceptedExpected), recorded: decimal(acceptedRecorded) };
  const isAccepted = reason !== null && acceptedBy !== null && acceptedAt !== null;
  const { state, difference, roundingOnly, isOpen, acceptanceVoid } = reconcile({
    invoiceKey: key,
    currency: row.currency,
    expected: decimal(row.expected),
    recorded: decimal(row.recorded),
    acceptance: isAccepted ? accepted : null,
  });
  const was = (accepted.recorded ?? Decimal.ZERO).minus(accepted.expected ?? Decimal.ZERO).toString();
  return {
    ...row,
    state,
    difference: difference.toString(),
    roundingOnly,
    isOpen,
    acceptance: isAccepted ? { difference: was, reason, acceptedBy, acceptedAt, holds: !acceptanceVoid } : null,
  };
}

function decimal(text: string | null): Decimal | null {
  return text === null ? null : Decimal.parse(text);
}

/** `$1` period, `$2` a source or null, `$3` the key of an invoice or null. */
const ROWS = `
  with expected as (
    select * from expected_invoices
    where period = $1 and ($2::text is null or source = $2) and ($3::text is null or invoice_key = $3)),
  recorded as (
    select source, invoice_key, currency, min(invoice_id) as invoice_id, sum(line_count)::int as line_count,
      sum(unpriced_count)::int as unpriced_count, sum(billed) as billed
    from invoice_sums
    where period = $1 and ($2::text is null or source = $2) and ($3::text is null or invoice_key = $3)
    group by source, invoice_key, currency)
  select source, $1 as period, invoice_key as "invoiceKey", coalesce(e.invoice_id, r.invoice_id) as "invoiceId", currency,
    trim_scale(e.amount)::text as expected, trim_scale(r.billed)::text as recorded, coalesce(r.line_count, 0) as "lineCount",
    coalesce(r.unpriced_count, 0) as "unpricedCount", to_char(e.issued_on, 'YYYY-MM-DD') as "issuedOn", coalesce(e.note, '') as note,
    e.changed_by as "changedBy", e.changed_at as "changedAt", trim_scale(a.expected)::text as "acceptedExpected",
    trim_scale(a.recorded)::text as "acceptedRecorded", a.reason, a.accepted_by as "acceptedBy", a.accepted_at as "acceptedAt"
  from expected e full join recorded r using (source, invoice_key, currency)
  left join (select * from accepted_invoice_differences where period = $1) a using (source, invoice_key, currency)
  order by source collate "C", invoice_key = '', invoice_key, currency`;
