import { buffer } from 'node:stream/consumers';
import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore, ProjectionRunner } from '#event-store';
import { composedText, type Currency, currency, Decimal, DomainError, refusedRows } from '#kernel';
import { APP_CONFIG, type AppConfig, Database, FILE_STORAGE, type FileStorage, type Tx } from '#platform';
import { SourceRegistry } from '#sources';
import { type InvoiceBook, invoiceBook, invoicePlace } from '../domain/invoice-book.js';
import {
  checkedName,
  decideAcceptance,
  decideDemand,
  decideInvoice,
  decideReopening,
  decideWithdrawal,
  type InvoiceInput,
  knownInvoice,
} from '../domain/invoice.decide.js';
import { type ExpectedInvoice, type InvoiceEvent, type InvoiceName, invoicesStream } from '../domain/invoice.events.js';
import { readInvoiceFile, requireFileSize } from '../domain/invoice-file.js';
import { InvoiceQueries } from '../infra/invoice.queries.js';
import { INVOICE_SUMS_PROJECTION } from '../projections/invoice-sums.projection.js';
import { importedEvent, type InvoiceImportReport, type InvoiceUpload, type OpenedInvoiceFile, reportOf } from './invoice-import.js';

export interface ChangedInvoice {
  readonly source: string;
  readonly invoice: ExpectedInvoice;
  /** Null: it was not expected before. */
  readonly before: ExpectedInvoice | null;
  /** Null if everything was so already. */
  readonly appended: AppendResult | null;
}

/** Lines without an invoice have an empty id. */
export interface DifferenceName {
  readonly source: string;
  readonly period: string;
  readonly invoiceId: string;
  /** Null: that of the announced invoice, or the only one of its lines. */
  readonly currency: string | null;
}

/** Keeps what is expected of providers' invoices. Changes of one source are decided one after another, with what the log says. */
@Injectable()
export class ExpectedInvoices {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly projections: ProjectionRunner,
    private readonly sources: SourceRegistry,
    private readonly queries: InvoiceQueries,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Announces an invoice, or changes what `input` says about it.
   * @throws DomainError `source.unknown`, `invoices.invalid`, `invoices.other-currency`.
   */
  async put(
    writtenSource: string,
    invoiceId: string,
    period: string,
    input: InvoiceInput,
    metadata: EventMetadata,
  ): Promise<ChangedInvoice> {
    const source = await this.knownSource(writtenSource);
    const name = checkedName(invoiceId, period);
    return this.database.transaction(async (tx) => {
      const book = await this.book(tx, source);
      const before = book.expected.get(invoicePlace(name)) ?? null;
      const events = decideInvoice(book, source, name, input, this.config.currency);
      if (events.length === 0) return { source, invoice: knownInvoice(book, source, name), before, appended: null };
      const appended = await this.append(tx, source, events, metadata);
      return { source, invoice: knownInvoice(await this.book(tx, source), source, name), before, appended };
    });
  }

  /** @throws DomainError `source.unknown`, `invoices.unknown`. */
  async withdraw(
    writtenSource: string,
    invoiceId: string,
    period: string,
    reason: string | null,
    metadata: EventMetadata,
  ): Promise<{ readonly source: string; readonly invoice: ExpectedInvoice; readonly appended: AppendResult }> {
    const source = await this.knownSource(writtenSource);
    const name = checkedName(invoiceId, period);
    return this.database.transaction(async (tx) => {
      const book = await this.book(tx, source);
      const invoice = knownInvoice(book, source, name);
      return { source, invoice, appended: await this.append(tx, source, decideWithdrawal(book, source, name, reason), metadata) };
    });
  }

  /**
   * Accepts the difference of an invoice as it is at this moment.
   * @param seen recorded less expected, as the reviewer saw it; null: whatever it is
   * @throws DomainError `source.unknown`, `invoices.unknown`, `invoices.which-currency`, `invoices.no-difference`, `invoices.difference-changed`,
   * `invoices.reason-missing`.
   */
  async accept(asked: DifferenceName, seen: string | null, reason: string, metadata: EventMetadata): Promise<AppendResult> {
    const { source, name } = await this.difference(asked);
    // The sums are a read model: let them see every import that is recorded by now, while nothing is locked.
    await this.projections.waitFor(await this.store.lastPosition(), [INVOICE_SUMS_PROJECTION]);
    return this.database.transaction(async (tx) => {
      const book = await this.book(tx, source);
      const invoice = book.expected.get(invoicePlace(name));
      const lines = await this.queries.recorded(tx, source, name);
      const code = oneCurrency(asked.currency, invoice, lines, name);
      const found = {
        ...name,
        currency: code,
        expected: invoice?.currency === code ? invoice.amount : null,
        recorded: lines.find((sum) => sum.currency === code)?.billed ?? null,
      };
      const events = decideAcceptance(source, found, seen === null ? null : Decimal.parse(seen.trim()), reason);
      return this.append(tx, source, events, metadata);
    });
  }

  /** @throws DomainError `source.unknown`, `invoices.which-currency`, `invoices.not-accepted`. */
  async reopen(asked: DifferenceName, reason: string | null, metadata: EventMetadata): Promise<AppendResult> {
    const { source, name } = await this.difference(asked);
    return this.database.transaction(async (tx) => {
      const book = await this.book(tx, source);
      const accepted = [...book.accepted.values()].filter((each) => invoicePlace(each) === invoicePlace(name));
      const code = oneCurrency(asked.currency, book.expected.get(invoicePlace(name)), accepted, name);
      return this.append(tx, source, decideReopening(book, source, { ...name, currency: code }, reason), metadata);
    });
  }

  /** Says whether every period must have the invoices of a source. @returns null if it is so already @throws DomainError `source.unknown`. */
  async demand(writtenSource: string, demanded: boolean, metadata: EventMetadata): Promise<AppendResult | null> {
    const source = await this.knownSource(writtenSource);
    return this.database.transaction(async (tx) => {
      const events = decideDemand(await this.book(tx, source), source, demanded);
      return events.length === 0 ? null : this.append(tx, source, events, metadata);
    });
  }

  /** What {@link ExpectedInvoices.import} would do, with all rows that it would refuse. @throws DomainError as that, but not for rows. */
  async preview(upload: InvoiceUpload): Promise<InvoiceImportReport> {
    return reportOf(await this.open(upload), (source) => this.read(source));
  }

  /**
   * Takes a file in, whole or not at all; no event for a source of which it changes nothing.
   * @throws DomainError `source.unknown`, `invoices.malformed-file`, `invoices.not-invoices`, `invoices.file-too-large`,
   * `invoices.source-missing`, `invoices.refused-rows`.
   */
  async import(
    upload: InvoiceUpload,
    metadata: EventMetadata,
  ): Promise<{ readonly report: InvoiceImportReport; readonly appended: AppendResult | null }> {
    const opened = await this.open(upload);
    return this.database.transaction(async (tx) => {
      const report = await reportOf(opened, (source) => this.book(tx, source));
      if (report.refusedRows.length > 0) throw refusedRows('invoices', report.refusedRows);
      let appended: AppendResult | null = null;
      for (const difference of report.sources) {
        const event = importedEvent(report, difference);
        if (event !== null) appended = await this.append(tx, difference.source, [event], metadata);
      }
      return { report, appended };
    });
  }

  private async open(upload: InvoiceUpload): Promise<OpenedInvoiceFile> {
    requireFileSize(upload.bytes);
    const source = upload.source === null ? null : await this.knownSource(upload.source);
    const file = readInvoiceFile(await buffer(await this.storage.open(upload.sha256)), this.config.currency);
    const named = new Set(file.invoices.flatMap((invoice) => invoice.source ?? source ?? []));
    const known = new Set<string>();
    for (const name of named) if (await this.isKnown(name)) known.add(name);
    return { upload: { ...upload, source }, file, known, ledger: this.config.currency };
  }

  private async isKnown(source: string): Promise<boolean> {
    try {
      return (await this.sources.find(source)) !== null;
    } catch (error) {
      // A text that can't be the name of a source is the name of none.
      if (error instanceof DomainError && error.kind === 'invalid') return false;
      throw error;
    }
  }

  private async difference({
    source,
    period,
    invoiceId,
  }: DifferenceName): Promise<{ readonly source: string; readonly name: InvoiceName }> {
    const isUninvoiced = composedText(invoiceId) === '';
    const name = checkedName(isUninvoiced ? 'none' : invoiceId, period);
    return { source: await this.knownSource(source), name: isUninvoiced ? { ...name, invoiceId: '' } : name };
  }

  private async knownSource(written: string): Promise<string> {
    return (await this.sources.get(written)).name;
  }

  /** As the log says, with everybody else who changes it waiting until the transaction ends. */
  private async book(tx: Tx, source: string): Promise<InvoiceBook> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('invoices:' || $1, 0))`, [source]);
    return this.read(source, tx);
  }

  private async read(source: string, tx?: Tx): Promise<InvoiceBook> {
    return invoiceBook(await this.store.readStream(invoicesStream(source), tx));
  }

  private async append(tx: Tx, source: string, events: readonly InvoiceEvent[], metadata: EventMetadata): Promise<AppendResult> {
    const stream = invoicesStream(source);
    const { version } = await this.store.head(stream, tx);
    return this.store.append(tx, stream, version, events, metadata);
  }
}

/** @throws DomainError `invoices.which-currency`. */
function oneCurrency(
  asked: string | null,
  invoice: ExpectedInvoice | undefined,
  others: readonly { readonly currency: Currency }[],
  { period }: InvoiceName,
): Currency {
  if (asked !== null) return currency(asked);
  if (invoice !== undefined) return invoice.currency;
  const [only, ...more] = others;
  if (only !== undefined && more.length === 0) return only.currency;
  const detail =
    only === undefined
      ? `Name the currency: nothing in ${period} tells it.`
      : `Name one of the currencies that it has in ${period}: ${others.map((each) => each.currency).join(', ')}.`;
  throw new DomainError('invoices.which-currency', 'invalid', detail);
}
