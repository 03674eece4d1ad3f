import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type {
  ExpectedInvoice,
  InvoiceChanged,
  InvoiceDifferenceAccepted,
  InvoiceDifferenceReopened,
  InvoiceExpected,
  InvoiceName,
  InvoicesDemanded,
  InvoicesImported,
  InvoiceWithdrawn,
} from '../domain/invoice.events.js';
import { invoiceKey } from '../domain/invoice-text.js';

/** What is expected of every source, which differences were accepted, and which sources must have invoices. */
@Injectable()
export class InvoicesProjection implements Projection {
  readonly name = 'invoices';
  readonly version = 1;
  readonly tables = ['expected_invoices', 'accepted_invoice_differences', 'invoice_demands'];
  readonly eventTypes = [
    ...['InvoiceExpected', 'InvoiceChanged', 'InvoiceWithdrawn', 'InvoicesImported'],
    ...['InvoiceDifferenceAccepted', 'InvoiceDifferenceReopened', 'InvoicesDemanded'],
  ];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (isEvent<InvoicesImported>(event, 'InvoicesImported')) {
        const { source, added, changed, withdrawn } = event.data;
        await this.expect(tx, event, source, [...added, ...changed]);
        await this.forget(tx, source, withdrawn);
      } else if (isEvent<InvoiceWithdrawn>(event, 'InvoiceWithdrawn')) await this.forget(tx, event.data.source, [event.data]);
      else if (isEvent<InvoiceDifferenceAccepted>(event, 'InvoiceDifferenceAccepted')) await this.accept(tx, event);
      else if (isEvent<InvoiceDifferenceReopened>(event, 'InvoiceDifferenceReopened')) await this.reopen(tx, event.data);
      else if (isEvent<InvoicesDemanded>(event, 'InvoicesDemanded')) await this.demand(tx, event.data);
      else {
        const { data } = event as RecordedEvent<InvoiceExpected | InvoiceChanged>;
        await this.expect(tx, event, data.source, [data]);
      }
    }
  }

  private async expect(tx: Tx, event: RecordedEvent, source: string, invoices: readonly ExpectedInvoice[]): Promise<void> {
    const rows = invoices.map((invoice) => ({ ...invoice, key: invoiceKey(invoice.invoiceId) }));
    await tx.query(
      `insert into expected_invoices (period, source, invoice_key, invoice_id, currency, amount, issued_on, note, changed_by, changed_at)
       select period, $2::text, key, "invoiceId", currency, amount, "issuedOn", note, $3::text, $4::timestamptz
       from jsonb_to_recordset($1::jsonb) as i(period text, key text, "invoiceId" text, currency text, amount numeric, "issuedOn" date, note text)
       on conflict (period, source, invoice_key) do update set invoice_id = excluded.invoice_id, currency = excluded.currency, amount = excluded.amount,
         issued_on = excluded.issued_on, note = excluded.note, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
      [JSON.stringify(rows), source, event.metadata.actor.id, event.recordedAt],
    );
  }

  private async forget(tx: Tx, source: string, invoices: readonly InvoiceName[]): Promise<void> {
    await tx.query(
      `delete from expected_invoices e using unnest($2::text[], $3::text[]) as gone(period, key)
       where e.source = $1 and e.period = gone.period and e.invoice_key = gone.key`,
      [source, invoices.map(({ period }) => period), invoices.map(({ invoiceId }) => invoiceKey(invoiceId))],
    );
  }

  private async accept(tx: Tx, { data, metadata, recordedAt }: RecordedEvent<InvoiceDifferenceAccepted>): Promise<void> {
    await tx.query(
      `insert into accepted_invoice_differences (period, source, invoice_key, currency, expected, recorded, reason, accepted_by, accepted_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (period, source, invoice_key, currency) do update set expected = excluded.expected, recorded = excluded.recorded,
         reason = excluded.reason, accepted_by = excluded.accepted_by, accepted_at = excluded.accepted_at`,
      [
        ...[data.period, data.source, invoiceKey(data.invoiceId), data.currency, data.expected, data.recorded, data.reason],
        ...[metadata.actor.id, recordedAt],
      ],
    );
  }

  private async reopen(tx: Tx, { period, source, invoiceId, currency }: InvoiceDifferenceReopened['data']): Promise<void> {
    await tx.query('delete from accepted_invoice_differences where period = $1 and source = $2 and invoice_key = $3 and currency = $4', [
      period,
      source,
      invoiceKey(invoiceId),
      currency,
    ]);
  }

  private async demand(tx: Tx, { source, demanded }: InvoicesDemanded['data']): Promise<void> {
    if (demanded) await tx.query('insert into invoice_demands (source) values ($1) on conflict do nothing', [source]);
    else await tx.query('delete from invoice_demands where source = $1', [source]);
  }
}
