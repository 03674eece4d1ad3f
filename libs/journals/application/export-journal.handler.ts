import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { ChargeQueries } from '#charges';
import { type EventMetadata, EventStore } from '#event-store';
import { type BillingPeriod, CLOCK, type Clock, DomainError, minorUnitDigits, writeAmount } from '#kernel';
import { APP_CONFIG, type AppConfig, Database, FILE_STORAGE, type FileStorage, withoutSecrets } from '#platform';
import { type FoundTemplate, SiteTemplates } from '#site-templates';
import { renderTemplate, templateFuel } from '#templates';
import type { BuiltEntries } from '../domain/build-entries.js';
import { familyOf, type JournalFamily } from '../domain/booking.js';
import { type JournalFormat, type JournalStream, writeDefault, writeDetail, writeGl, writeSummary } from '../domain/journal-formats.js';
import { creditRows, type JournalLine, paidRows } from '../domain/journal-lines.js';
import { journalsOf, type JournalState, nextNumber } from '../domain/journal.js';
import { type JournalExported, journalStream } from '../domain/journal.events.js';
import type { JournalProblem } from '../domain/posting.js';
import { templateContext } from '../domain/template-context.js';
import { BookingRows } from '../infra/booking-rows.js';
import { ComposeJournal, type ComposedJournal, nothingChanged } from './compose-journal.js';

export interface JournalOptions {
  /** Also the charges that wait for review; the file's name says so. */
  readonly includeFlagged: boolean;
  /** Write a `template` journal although something is missing for it to balance. */
  readonly allowUnbalanced: boolean;
  /** The template of a `template` journal; the one in the settings unless said otherwise. */
  readonly template?: string | undefined;
  /** Only what changed since what is booked. */
  readonly delta?: boolean | undefined;
  /** Also what comes to nothing, in formats that leave it out otherwise; not of a delta. */
  readonly includeZero?: boolean | undefined;
}

export interface JournalPreview {
  readonly format: JournalFormat;
  readonly family: JournalFamily;
  /** Null for a full journal; a delta that starts from none is a full journal. */
  readonly deltaFrom: readonly JournalState[] | null;
  /** Its rows; none of `detail`, which has one per charge. */
  readonly lines: readonly JournalLine[];
  readonly rowCount: number;
  readonly problems: readonly JournalProblem[];
  /** The export would be refused for the problems unless the caller insists. */
  readonly isObstructed: boolean;
  /** There is nothing in a delta: its export would be refused. */
  readonly isEmptyDelta: boolean;
  readonly debits: string;
  readonly credits: string;
  /** What PIs owe by it. */
  readonly net: string;
  readonly ledgerDigest: string;
}

/** The template that writes a journal, read once: what is recorded of it is what was used. */
type UsedTemplate = FoundTemplate & { readonly name: string };

/** Writes journals: the postings of a period as a file for accounting, kept and recorded (domain.md §7). */
@Injectable()
export class ExportJournalHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly composing: ComposeJournal,
    private readonly charges: ChargeQueries,
    private readonly rows: BookingRows,
    private readonly templates: SiteTemplates,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * What {@link execute} would write, and what keeps it from being written or booked; nothing is. A template is filled in: what it fails at is a problem.
   * @throws DomainError as {@link ComposeJournal.compose}, `template.unknown`, `journal.template-unused`
   */
  async preview(period: BillingPeriod, format: JournalFormat, options: Omit<JournalOptions, 'allowUnbalanced'>): Promise<JournalPreview> {
    const { currency } = this.config;
    const journal = await this.compose(period, format, options);
    const { deltaFrom, lines, rowCount, ledgerDigest, built } = journal;
    const failure = built === null ? null : await this.templateFailure(period, journal, built, await this.templateOf(options));
    return {
      format,
      family: familyOf(format),
      deltaFrom,
      lines,
      rowCount,
      problems: failure === null ? journal.problems : [...journal.problems, failure],
      isObstructed: journal.isObstructed,
      isEmptyDelta: deltaFrom !== null && rowCount === 0,
      debits: writeAmount(journal.debits, currency),
      credits: writeAmount(journal.credits, currency),
      net: writeAmount(journal.net, currency),
      ledgerDigest,
    };
  }

  /**
   * @throws DomainError `period.unknown`, `journal.unbalanced` naming what is missing, `template.failed`, `template.unknown`,
   * `journal.template-unused`, `journal.number-taken` if another export of the period was recorded while this one was written; and for a delta
   * what {@link ComposeJournal.compose} has against it, `journal.nothing-changed`, and `journal.moved` if a journal was exported or marked meanwhile.
   */
  async execute(
    period: BillingPeriod,
    format: JournalFormat,
    options: JournalOptions,
    metadata: EventMetadata,
  ): Promise<{ position: number; journal: JournalExported['data'] }> {
    const composed = await this.compose(period, format, options);
    const { deltaFrom, rowCount: rows, isObstructed, problems } = composed;
    if (deltaFrom !== null && rows === 0) throw nothingChanged(period, format, deltaFrom);
    if (isObstructed && !options.allowUnbalanced) throw unbalanced(period, problems);
    const template = format === 'template' ? await this.templateOf(options) : null;
    const stream = await this.write(period, format, options, composed, template);
    const file = await this.storage.put(Readable.from(stream.chunks));
    const { rowCount, debits, credits } = stream.totals();
    const { currency } = this.config;
    return this.database.transaction(async (tx) => {
      // One export of a period at a time: each takes the next number, and keeps its bookings under it.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`exports of ${journalStream(period)}`]);
      const events = await this.store.readStream(journalStream(period), tx);
      const number = nextNumber(journalsOf(events));
      // A template may have written the number into the file.
      if (format === 'template' && number !== composed.number) throw numberTaken(period, composed.number);
      if (deltaFrom !== null && events.length !== composed.version) throw moved(period);
      const journal: JournalExported['data'] = {
        period,
        number,
        format,
        template: template === null ? null : { name: template.name, savedVersion: template.savedVersion },
        includeFlagged: options.includeFlagged,
        includeZero: options.includeZero === true,
        unbalancedBecause: isObstructed ? problems.map((problem) => problem.text) : [],
        deltaFrom: deltaFrom === null ? null : deltaFrom.map((start) => start.number),
        fileName: this.fileName(period, format, options, number, deltaFrom !== null && deltaFrom.length > 0),
        sha256: file.sha256,
        bytes: file.bytes,
        rowCount,
        debits: writeAmount(debits, currency),
        credits: writeAmount(credits, currency),
        ledgerDigest: composed.ledgerDigest,
        bookings: await this.rows.keep(tx, period, number, composed.bookings, minorUnitDigits(currency)),
      };
      const { position } = await this.store.append(
        tx,
        journalStream(period),
        events.length,
        [{ type: 'JournalExported', data: journal }],
        metadata,
      );
      return { position, journal };
    });
  }

  private async compose(
    period: BillingPeriod,
    format: JournalFormat,
    { template, includeFlagged, delta, includeZero }: Omit<JournalOptions, 'allowUnbalanced'>,
  ): Promise<ComposedJournal> {
    if (template !== undefined && format !== 'template') throw templateUnused(format, template);
    return this.composing.compose(period, { format, includeFlagged, delta: delta === true, includeZero: includeZero === true });
  }

  private async write(
    period: BillingPeriod,
    format: JournalFormat,
    { includeFlagged }: JournalOptions,
    composed: ComposedJournal,
    template: UsedTemplate | null,
  ): Promise<JournalStream> {
    const { bookings, built, zeroRows, postings } = composed;
    const options = { period, digits: minorUnitDigits(this.config.currency), zeroRows };
    if (format === 'detail') {
      return writeDetail(this.charges.billableCsv(period, this.config.currency, includeFlagged), postings);
    }
    if (format === 'gl') return writeGl(paidRows(bookings), creditRows(bookings), options);
    if (built === null || template === null) return (format === 'summary' ? writeSummary : writeDefault)(paidRows(bookings), options);
    const text = await this.rendered(period, composed, built, template);
    const { debits, credits, net } = composed;
    return { chunks: once(text), totals: () => ({ rowCount: built.entries.length, debits, credits, net }) };
  }

  /** @throws DomainError `template.unknown` */
  private async templateOf({ template }: Pick<JournalOptions, 'template'>): Promise<UsedTemplate> {
    const name = template ?? this.config.journal.template;
    return { name, ...(await this.templates.current('journal', name)) };
  }

  private async rendered(
    period: BillingPeriod,
    { number, deltaFrom }: ComposedJournal,
    { entries }: BuiltEntries,
    template: UsedTemplate,
  ): Promise<string> {
    const about = { exportedAt: this.clock.now(), number, deltaFrom: deltaFrom === null ? null : deltaFrom.map((start) => start.number) };
    return renderTemplate({
      ...(await this.templates.withText('journal', template.name, template.text)),
      context: templateContext(entries, period, withoutSecrets(this.config), about),
      digits: minorUnitDigits(this.config.currency),
      fuel: templateFuel(entries.length),
    });
  }

  private async templateFailure(
    period: BillingPeriod,
    composed: ComposedJournal,
    built: BuiltEntries,
    template: UsedTemplate,
  ): Promise<JournalProblem | null> {
    try {
      await this.rendered(period, composed, built, template);
      return null;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'template.failed') throw error;
      return { code: 'template.failed', text: error.detail, source: '', fundOrg: '', mend: 'template', charges: null };
    }
  }

  /** A template that was asked for stands in the name, and so in the log; so does that it is a delta. */
  private fileName(
    period: BillingPeriod,
    format: JournalFormat,
    { includeFlagged, template }: JournalOptions,
    number: number,
    isDelta: boolean,
  ): string {
    const name = template ?? this.config.journal.template;
    const extension = format === 'template' ? (/\.([a-z0-9]+)(\.j2)?$/i.exec(name)?.[1] ?? 'txt') : 'csv';
    const kind = template === undefined ? format : template.replace(/(\.[a-z0-9]+)?(\.j2)?$/i, '');
    return `journal_${period}_${kind}${isDelta ? '_delta' : ''}${includeFlagged ? '_with-flagged' : ''}_${number}.${extension}`;
  }
}

/** The text is there already; the stream's shape is that of the larger formats. */
async function* once(text: string): AsyncGenerator<string, void, void> {
  yield await Promise.resolve(text);
}

function unbalanced(period: BillingPeriod, problems: readonly JournalProblem[]): DomainError {
  return new DomainError(
    'journal.unbalanced',
    'conflict',
    `The journal of ${period} can't be booked as it is: ${problems.map((problem) => problem.text).join(' ')} Mend this, or insist with --allow-unbalanced.`,
    problems.map((problem) => ({ where: problem.source || problem.fundOrg || period, what: problem.text })),
  );
}

function templateUnused(format: JournalFormat, template: string): DomainError {
  return new DomainError(
    'journal.template-unused',
    'invalid',
    `The format ${format} has no template; write the journal as template to use “${template}”.`,
  );
}

function numberTaken(period: BillingPeriod, number: number): DomainError {
  return new DomainError(
    'journal.number-taken',
    'conflict',
    `Another journal of ${period} was recorded as number ${number} while this one was written, and its number may stand in the file. Export again.`,
  );
}

function moved(period: BillingPeriod): DomainError {
  return new DomainError(
    'journal.moved',
    'conflict',
    `A journal of ${period} was exported or marked while this delta was written, and what is booked may be something else now. Look again, and export again.`,
  );
}
