import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { ChargeQueries } from '#charges';
import { type EventMetadata, EventStore, ProjectionRunner } from '#event-store';
import { type BillingPeriod, CLOCK, type Clock, Decimal, DomainError, minorUnitDigits, writeAmount } from '#kernel';
import { LedgerQueries, type Posting } from '#ledger';
import { CHARGES_PROJECTION, PeriodRepository } from '#periods';
import { APP_CONFIG, type AppConfig, Database, FILE_STORAGE, type FileStorage, withoutSecrets } from '#platform';
import { SiteTemplates } from '#site-templates';
import { SourceQueries } from '#sources';
import { renderTemplate, templateFuel } from '#templates';
import { buildEntries, type BuiltEntries } from '../domain/build-entries.js';
import { type JournalFormat, type JournalStream, writeDefault, writeDetail, writeGl, writeSummary } from '../domain/journal-formats.js';
import { type JournalExported, journalStream } from '../domain/journal.events.js';
import type { JournalEntry, JournalPosting, JournalProblem } from '../domain/posting.js';
import { templateContext } from '../domain/template-context.js';

export interface JournalOptions {
  /** Also the charges that wait for review; the file's name says so. */
  readonly includeFlagged: boolean;
  /** Write a `template` journal although something is missing for it to balance. */
  readonly allowUnbalanced: boolean;
  /** The template of a `template` journal; the one in the settings unless said otherwise. */
  readonly template?: string | undefined;
}

export interface JournalPreview {
  readonly entries: readonly JournalEntry[];
  readonly problems: readonly JournalProblem[];
  readonly debits: string;
  readonly credits: string;
  readonly ledgerDigest: string;
}

/** Writes journals: the postings of a period as a file for accounting, kept and recorded (domain.md §7). */
@Injectable()
export class ExportJournalHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly projections: ProjectionRunner,
    private readonly periods: PeriodRepository,
    private readonly ledger: LedgerQueries,
    private readonly charges: ChargeQueries,
    private readonly sources: SourceQueries,
    private readonly templates: SiteTemplates,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The entries a `template` journal would have, and what keeps it from balancing; nothing is written. */
  async preview(period: BillingPeriod, includeFlagged: boolean): Promise<JournalPreview> {
    await this.seeEverything(period);
    const { entries, problems, debits, credits } = await this.entries(period, includeFlagged);
    const { currency } = this.config;
    return {
      entries,
      problems,
      debits: writeAmount(debits, currency),
      credits: writeAmount(credits, currency),
      ledgerDigest: await this.ledger.digest(period),
    };
  }

  /**
   * @throws DomainError `period.unknown`, `journal.unbalanced` naming what is missing, `template.failed`, `template.unknown`,
   * `journal.template-unused`, and `journal.number-taken` if another export of the period was recorded while this one was written.
   */
  async execute(
    period: BillingPeriod,
    format: JournalFormat,
    options: JournalOptions,
    metadata: EventMetadata,
  ): Promise<{ position: number; journal: JournalExported['data'] }> {
    if (options.template !== undefined && format !== 'template') throw templateUnused(format, options.template);
    await this.seeEverything(period);
    const ledgerDigest = await this.ledger.digest(period);
    const writtenNumber = (await this.store.head(journalStream(period))).version + 1;
    const { stream, unbalancedBecause } = await this.write(period, format, options, writtenNumber);
    const file = await this.storage.put(Readable.from(stream.chunks));
    const { rowCount, debits, credits } = stream.totals();
    const { currency } = this.config;
    return this.database.transaction(async (tx) => {
      const { version } = await this.store.head(journalStream(period), tx);
      const number = version + 1;
      // A template may have written the number into the file.
      if (format === 'template' && number !== writtenNumber) throw numberTaken(period, writtenNumber);
      const journal: JournalExported['data'] = {
        period,
        number,
        format,
        includeFlagged: options.includeFlagged,
        unbalancedBecause,
        fileName: this.fileName(period, format, options, number),
        sha256: file.sha256,
        bytes: file.bytes,
        rowCount,
        debits: writeAmount(debits, currency),
        credits: writeAmount(credits, currency),
        ledgerDigest,
      };
      const { position } = await this.store.append(
        tx,
        journalStream(period),
        version,
        [{ type: 'JournalExported', data: journal }],
        metadata,
      );
      return { position, journal };
    });
  }

  private async write(
    period: BillingPeriod,
    format: JournalFormat,
    { includeFlagged, allowUnbalanced, template }: JournalOptions,
    number: number,
  ): Promise<{ stream: JournalStream; unbalancedBecause: string[] }> {
    const options = { period, digits: minorUnitDigits(this.config.currency) };
    if (format === 'detail') {
      const rows = this.charges.billableCsv(period, this.config.currency, includeFlagged);
      return { stream: writeDetail(rows, await this.postings(period, includeFlagged)), unbalancedBecause: [] };
    }
    if (format === 'template') {
      const built = await this.entries(period, includeFlagged);
      if (built.problems.length > 0 && !allowUnbalanced) throw unbalanced(period, built.problems);
      const stream = await this.rendered(period, built, template ?? this.config.journal.template, number);
      return { stream, unbalancedBecause: built.problems.map((problem) => problem.text) };
    }
    const write = { default: writeDefault, summary: writeSummary, gl: writeGl }[format];
    return { stream: write(await this.postings(period, includeFlagged), options), unbalancedBecause: [] };
  }

  private async rendered(period: BillingPeriod, built: BuiltEntries, template: string, number: number): Promise<JournalStream> {
    const text = renderTemplate({
      ...(await this.templates.read('journal', template)),
      context: templateContext(built.entries, period, withoutSecrets(this.config), { exportedAt: this.clock.now(), number }),
      digits: minorUnitDigits(this.config.currency),
      fuel: templateFuel(built.entries.length),
    });
    const net = Decimal.sum(
      built.entries.filter((entry) => entry.party === 'pi').map((entry) => (entry.isDebit ? entry.amount : entry.amount.negated())),
    );
    return {
      chunks: once(text),
      totals: () => ({ rowCount: built.entries.length, debits: built.debits, credits: built.credits, net }),
    };
  }

  private async entries(period: BillingPeriod, includeFlagged: boolean): Promise<BuiltEntries> {
    const sources = (await this.sources.list()).map((source) => ({
      name: source.name,
      displayName: source.displayName,
      fundOrg: orNull(source.fundOrg),
      accountCode: orNull(source.accountCode),
    }));
    return buildEntries(await this.postings(period, includeFlagged), sources, this.config.journal, period);
  }

  private async postings(period: BillingPeriod, includeFlagged: boolean): Promise<JournalPosting[]> {
    const postings = await this.ledger.postings(period, this.config.currency, { includeFlagged });
    return postings.map((posting: Posting) => ({ ...posting, accountCode: orNull(posting.accountCode), references: [] }));
  }

  private async seeEverything(period: BillingPeriod): Promise<void> {
    if ((await this.periods.find(period)) === undefined)
      throw new DomainError('period.unknown', 'not-found', `There is no period ${period}.`);
    await this.projections.waitFor(await this.store.lastPosition(), [CHARGES_PROJECTION, 'sources']);
  }

  /** A template that was asked for stands in the name, and so in the log. */
  private fileName(period: BillingPeriod, format: JournalFormat, { includeFlagged, template }: JournalOptions, number: number): string {
    const name = template ?? this.config.journal.template;
    const extension = format === 'template' ? (/\.([a-z0-9]+)(\.j2)?$/i.exec(name)?.[1] ?? 'txt') : 'csv';
    const kind = template === undefined ? format : template.replace(/(\.[a-z0-9]+)?(\.j2)?$/i, '');
    return `journal_${period}_${kind}${includeFlagged ? '_with-flagged' : ''}_${number}.${extension}`;
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

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
