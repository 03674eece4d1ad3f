import { Inject, Injectable } from '@nestjs/common';
import { ChargeQueries } from '#charges';
import { type BillingPeriod, Decimal, DomainError, periodTitle, writeAmount } from '#kernel';
import { type LedgerGroup, LedgerQueries, type PeriodSummary } from '#ledger';
import { FinalizeChecklist, PeriodHistoryQueries, PeriodRepository, type PeriodRow } from '#periods';
import { APP_CONFIG, type AppConfig } from '#platform';
import { SourceQueries } from '#sources';
import { StatementQueries } from '#statements';
import type { GroupSum, PeriodDetail, PeriodOverview } from './periods.dto.js';

/** Puts together what the pages on periods show. */
@Injectable()
export class PeriodPages {
  constructor(
    private readonly periods: PeriodRepository,
    private readonly ledger: LedgerQueries,
    private readonly charges: ChargeQueries,
    private readonly statements: StatementQueries,
    private readonly sources: SourceQueries,
    private readonly checklist: FinalizeChecklist,
    private readonly history: PeriodHistoryQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** All periods, newest first. */
  async overviews(): Promise<PeriodOverview[]> {
    const summaries = new Map((await this.ledger.summaries(this.config.currency)).map((summary) => [summary.period, summary]));
    const statements = await this.statements.counts();
    return (await this.periods.list()).map((row) => this.overview(row, summaries.get(row.period), statements.get(row.period) ?? 0));
  }

  /** @throws DomainError `period.unknown` */
  async detail(period: BillingPeriod): Promise<PeriodDetail> {
    const row = await this.find(period);
    const { currency } = this.config;
    const [{ totals, ...groups }, flags, checklist, history, statements, sources] = await Promise.all([
      this.ledger.breakdown(period, currency),
      this.charges.flagTotals(period),
      // A finalized period has nothing left to miss, and some questions are asked of every charge.
      row.state === 'finalized' ? [] : this.checklist.items(period),
      this.history.of(period),
      this.statements.counts(),
      this.sources.list(),
    ]);
    const titles = new Map(sources.map((source) => [source.name, source.displayName]));
    return {
      ...head(row),
      currency,
      lineCount: totals.lineCount,
      flaggedCount: totals.flaggedCount,
      piCount: totals.piCount,
      projectCount: totals.projectCount,
      statementCount: statements.get(period) ?? 0,
      list: this.write(totals.list),
      discount: this.write(totals.discount),
      billed: this.write(totals.billed),
      billedExact: totals.billedExact.toString(),
      rounding: totals.rounding.toString(),
      byStanding: totals.byStanding.map(({ standing, lineCount, list, billed }) => ({
        standing,
        lineCount,
        list: list.toString(),
        billed: billed.toString(),
      })),
      flags,
      bySource: this.largestFirst(groups.bySource, (name) => titles.get(name) ?? name),
      byPi: this.largestFirst(groups.byPi),
      byService: this.largestFirst(groups.byService),
      checklist,
      history,
    };
  }

  /** @throws DomainError `period.unknown` */
  async find(period: BillingPeriod): Promise<PeriodRow> {
    const row = await this.periods.find(period);
    if (row === undefined)
      throw new DomainError('period.unknown', 'not-found', `There is no period ${period}. Open it or import a file for it.`);
    return row;
  }

  private overview(row: PeriodRow, summary: PeriodSummary | undefined, statementCount: number): PeriodOverview {
    return {
      ...head(row),
      lineCount: summary?.lineCount ?? 0,
      flaggedCount: summary?.flaggedCount ?? 0,
      piCount: summary?.piCount ?? 0,
      statementCount,
      list: this.write(summary?.list ?? Decimal.ZERO),
      discount: this.write(summary?.discount ?? Decimal.ZERO),
      billed: this.write(summary?.billed ?? Decimal.ZERO),
      rounding: (summary?.rounding ?? Decimal.ZERO).toString(),
    };
  }

  private largestFirst(groups: readonly LedgerGroup[], title: (name: string) => string = (name) => name): GroupSum[] {
    return [...groups]
      .sort((one, other) => other.billed.compare(one.billed) || (one.name < other.name ? -1 : 1))
      .map(({ name, lineCount, list, billed }) => ({
        name,
        title: title(name),
        lineCount,
        list: this.write(list),
        discount: this.write(list.minus(billed)),
        billed: this.write(billed),
      }));
  }

  private write(amount: Decimal): string {
    return writeAmount(amount, this.config.currency);
  }
}

function head(row: PeriodRow): Pick<PeriodOverview, 'period' | 'title' | 'state' | 'openedAt' | 'closedAt' | 'finalizedAt' | 'notes'> {
  return { ...row, title: periodTitle(row.period) };
}
