import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { CLOCK, type Clock, DomainError, refusedRows, storableName } from '#kernel';
import { Database, FILE_STORAGE, type FileStorage, type Tx } from '#platform';
import { type ChartDifference, compareChart } from '../domain/chart-difference.js';
import { type ChartFile, readChartFile, requireChartSize } from '../domain/chart-file.js';
import { type ChartImportMode, type ChartOfFundsImported, type Fund, type FundEvent, FUNDS_STREAM } from '../domain/fund.events.js';
import { checkedFundOrg, decideFund, decideRemoval, decideRetirement, type FundInput, knownFund } from '../domain/fund.decide.js';
import { FundChart } from '../domain/fund-chart.js';
import { isDay, notADay } from '../domain/fund-text.js';
import { ChartRepository, type LastChartImport } from '../infra/chart.repository.js';

export interface ChangedFund {
  readonly fund: Fund;
  /** Null if everything was so already. */
  readonly before: Fund | null;
  readonly appended: AppendResult | null;
}

export interface RemovedFund {
  /** As it was. */
  readonly fund: Fund;
  readonly appended: AppendResult;
}

/** A file in storage that holds a chart of funds. */
export interface ChartUpload {
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mode: ChartImportMode;
  /** With `replace`: the last day of funds that the file lacks; today if null. */
  readonly lastDay: string | null;
}

/** What a file does to the chart, or would do. */
export interface ChartImportReport extends ChartDifference {
  readonly fileName: string;
  readonly sha256: string;
  readonly mode: ChartImportMode;
  /** Null with `merge`. */
  readonly lastDay: string | null;
  readonly rowCount: number;
  readonly missingColumns: readonly string[];
  readonly ignoredColumns: readonly string[];
  /** The last file that was imported, if it is this one, imported in this mode: nothing changes then, whatever was changed by hand since. */
  readonly duplicateOf: LastChartImport | null;
}

/** Keeps the chart of funds, and gives it out to be held against charges. */
@Injectable()
export class ChartOfFunds {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly chart: ChartRepository,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The chart as it stands at this moment, with everything that was recorded; one query. */
  async snapshot(tx?: Tx): Promise<FundChart> {
    return new FundChart(await this.chart.all(tx));
  }

  /** The day in UTC. */
  today(): string {
    return this.clock.now().toISOString().slice(0, 10);
  }

  /** Registers a fund, or changes what `input` says about it. @throws DomainError `funds.invalid`. */
  async put(writtenFundOrg: string, input: FundInput, metadata: EventMetadata): Promise<ChangedFund> {
    return this.change(writtenFundOrg, metadata, (current, fundOrg) => decideFund(current, fundOrg, input));
  }

  /** Ends a fund. @param lastDay today if null @throws DomainError `funds.unknown`, `funds.invalid`, `funds.retired`. */
  async retire(writtenFundOrg: string, lastDay: string | null, reason: string | null, metadata: EventMetadata): Promise<ChangedFund> {
    const retirement = { lastDay: lastDay ?? this.today(), reason };
    return this.change(writtenFundOrg, metadata, (current, fundOrg) => decideRetirement(current, fundOrg, retirement));
  }

  /** Takes a fund out of the chart that should never have been in it; without any, no chart is in use. @throws DomainError `funds.unknown`. */
  async remove(writtenFundOrg: string, reason: string | null, metadata: EventMetadata): Promise<RemovedFund> {
    const fundOrg = checkedFundOrg(writtenFundOrg);
    return this.database.transaction(async (tx) => {
      await this.chart.lock(tx);
      const fund = knownFund(await this.chart.find(fundOrg, tx), fundOrg);
      return { fund, appended: await this.append(tx, decideRemoval(fund, reason), metadata) };
    });
  }

  /** What {@link ChartOfFunds.import} would do, with all rows that it would refuse. @throws DomainError as that, but not for rows. */
  async preview(upload: ChartUpload): Promise<ChartImportReport> {
    return this.compare(upload, await this.read(upload));
  }

  /**
   * Takes a file into the chart, whole or not at all; no event if it changes nothing.
   * @throws DomainError `funds.malformed-file`, `funds.not-a-chart`, `funds.file-too-large`, `funds.invalid-day`, `funds.refused-rows`.
   */
  async import(
    upload: ChartUpload,
    metadata: EventMetadata,
  ): Promise<{ readonly report: ChartImportReport; readonly appended: AppendResult | null }> {
    const file = await this.read(upload);
    return this.database.transaction(async (tx) => {
      await this.chart.lock(tx);
      const report = await this.compare(upload, file, tx);
      if (report.refusedRows.length > 0) throw refusedRows('funds', report.refusedRows);
      const event = importedEvent(report);
      if (event === null) return { report, appended: null };
      return { report, appended: await this.append(tx, [event], metadata) };
    });
  }

  private async change(
    writtenFundOrg: string,
    metadata: EventMetadata,
    decide: (current: Fund | null, fundOrg: string) => FundEvent[],
  ): Promise<ChangedFund> {
    const fundOrg = checkedFundOrg(writtenFundOrg);
    return this.database.transaction(async (tx) => {
      await this.chart.lock(tx);
      const before = await this.chart.find(fundOrg, tx);
      const events = decide(before, fundOrg);
      if (events.length === 0) return { fund: knownFund(before, fundOrg), before, appended: null };
      const appended = await this.append(tx, events, metadata);
      return { fund: knownFund(await this.chart.find(fundOrg, tx), fundOrg), before, appended };
    });
  }

  private async append(tx: Tx, events: readonly FundEvent[], metadata: EventMetadata): Promise<AppendResult> {
    const { version } = await this.store.head(FUNDS_STREAM, tx);
    return this.store.append(tx, FUNDS_STREAM, version, events, metadata);
  }

  private async read({ sha256, bytes }: ChartUpload): Promise<ChartFile> {
    requireChartSize(bytes);
    return readChartFile(await this.storage.read(sha256));
  }

  private async compare(upload: ChartUpload, file: ChartFile, tx?: Tx): Promise<ChartImportReport> {
    const { sha256, mode } = upload;
    const fileName = storableName(upload.fileName);
    const lastDay = upload.lastDay ?? this.today();
    if (!isDay(lastDay)) throw new DomainError('funds.invalid-day', 'invalid', notADay(lastDay));
    const { rowCount, missingColumns, ignoredColumns } = file;
    const about = { fileName, sha256, mode, lastDay: mode === 'replace' ? lastDay : null, rowCount, missingColumns, ignoredColumns };
    const last = await this.chart.lastImport(tx);
    if (last?.sha256 === sha256 && last.mode === mode) {
      return { ...about, duplicateOf: last, added: [], changed: [], retired: [], unchangedCount: rowCount, refusedRows: [] };
    }
    const chart = new Map((await this.chart.all(tx)).map((fund) => [fund.fundOrg, fund]));
    return { ...about, duplicateOf: null, ...compareChart(chart, file, { mode, lastDay }) };
  }
}

function importedEvent(report: ChartImportReport): ChartOfFundsImported | null {
  const { fileName, sha256, mode, lastDay, rowCount, unchangedCount, added } = report;
  const changed = report.changed.map(({ after }) => after);
  const retired = report.retired.map(({ after }) => after);
  if (added.length + changed.length + retired.length === 0) return null;
  const counts = { addedCount: added.length, changedCount: changed.length, retiredCount: retired.length, unchangedCount };
  return { type: 'ChartOfFundsImported', data: { fileName, sha256, mode, lastDay, rowCount, ...counts, added, changed, retired } };
}
