import { Inject, Injectable } from '@nestjs/common';
import { ProjectionRunner } from '#event-store';
import { type BillingPeriod, type Currency, Decimal, DomainError, foldIdentifier } from '#kernel';
import { type FundOrgSum, LedgerQueries, type LedgerShare, type PeriodTotals, type Posting, ShareChanges, sumByFundOrg } from '#ledger';
import { PeriodRepository } from '#periods';
import { APP_CONFIG, type AppConfig, Database } from '#platform';
import type { AskedMoment } from '../domain/asked-moment.js';
import type { LedgerMoment } from '../domain/ledger-moment.js';
import { inLedgerOrder, type LedgerEvent, LedgerEventQueries } from '../infra/ledger-events.queries.js';
import { LedgerReplay } from '../infra/ledger-replay.js';
import { ChargesProjection } from '../projections/charges.projection.js';

/** What to look at; without it the whole period. */
export interface LedgerScope {
  readonly piEmail?: string;
  readonly projectId?: string;
}

/** Where a view of the ledger stands: after the last event of the period's history that counts in it. */
export interface LedgerStandpoint {
  /** 0 before the first. */
  readonly position: number;
  readonly at: Date | null;
  readonly text: string;
}

export interface LedgerAsOf {
  readonly asOf: LedgerStandpoint;
  readonly totals: PeriodTotals;
  readonly postings: readonly Posting[];
  /** The postings, summed. */
  readonly rows: readonly FundOrgSum[];
}

/** Lines and money; those of a change may be negative. */
export type LedgerSum = Pick<LedgerShare, 'lineCount' | 'list' | 'billed'>;

/** Why a row changed: one event, and by how much. */
export interface LedgerCause {
  readonly moment: LedgerMoment;
  readonly change: LedgerSum;
}

export interface LedgerDifferenceRow {
  readonly piEmail: string;
  readonly projectId: string;
  readonly before: LedgerShare;
  readonly after: LedgerShare;
  readonly change: LedgerSum;
  /** In the order they happened; their changes add up to that of the row. */
  readonly causes: readonly LedgerCause[];
}

export interface LedgerDifference {
  readonly from: LedgerStandpoint;
  readonly to: LedgerStandpoint;
  readonly before: LedgerSum;
  readonly after: LedgerSum;
  readonly change: LedgerSum;
  /** Every PI × project that an event between the two touched, also if the next one set it right. Sorted by PI and project. */
  readonly rows: readonly LedgerDifferenceRow[];
}

/** The ledger of a period as of any moment, and what changed between two, event by event. Read only: history is replayed beside the live tables. */
@Injectable()
export class LedgerHistory {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly events: LedgerEventQueries,
    private readonly projection: ChargesProjection,
    private readonly periods: PeriodRepository,
    private readonly live: LedgerQueries,
    private readonly projections: ProjectionRunner,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** Oldest first. @throws DomainError `period.unknown` */
  async moments(period: BillingPeriod): Promise<LedgerMoment[]> {
    return (await this.history(period)).map(({ moment }) => moment);
  }

  /** @throws DomainError `period.unknown`, `moment.unknown` */
  async asOf(period: BillingPeriod, asked: AskedMoment, wanted: LedgerScope = {}): Promise<LedgerAsOf> {
    const scope = folded(wanted);
    const history = await this.history(period);
    if (asked.kind === 'now') {
      const current = await this.current(period, history, scope);
      if (current !== undefined) return current;
    }
    const count = await this.countUntil(asked, history, period);
    return this.replay(
      () => Promise.resolve(),
      async (replay) => {
        await replay.apply(history.slice(0, count).map(({ event }) => event));
        return this.read(new LedgerQueries(replay.session), standpoint(history, count, period), period, scope);
      },
    );
  }

  /** @throws DomainError `period.unknown`, `moment.unknown`, `moment.order` */
  async difference(period: BillingPeriod, from: AskedMoment, to: AskedMoment, wanted: LedgerScope = {}): Promise<LedgerDifference> {
    const scope = folded(wanted);
    const history = await this.history(period);
    const first = await this.countUntil(from, history, period);
    const last = await this.countUntil(to, history, period);
    if (first > last) {
      throw new DomainError(
        'moment.order',
        'invalid',
        `The first moment (position ${standpoint(history, first, period).position}) lies after the second (position ${standpoint(history, last, period).position}); turn them round.`,
      );
    }
    return this.replay(
      (session) => ShareChanges.start(session, period, this.currency, scope),
      async (replay, shares) => {
        await replay.apply(history.slice(0, first).map(({ event }) => event));
        const held = await shares.next();
        const before = sumOf(held.map(({ after }) => after));
        const rows = new Map<string, Accumulated>();
        for (const { event, moment } of history.slice(first, last)) {
          if (!this.projection.eventTypes.includes(event.type)) continue;
          await replay.apply([event]);
          for (const { piEmail, projectId, before: was, after } of await shares.next()) {
            const key = JSON.stringify([piEmail, projectId]);
            const row = rows.get(key) ?? { piEmail, projectId, before: was, after, causes: [] };
            row.after = after;
            row.causes.push({ moment, change: changeOf(was, after) });
            rows.set(key, row);
          }
        }
        const changed = [...rows.values()].map((row) => ({ ...row, change: changeOf(row.before, row.after) })).sort(byName);
        const change = sumOf(changed.map((row) => row.change));
        return {
          from: standpoint(history, first, period),
          to: standpoint(history, last, period),
          before,
          after: sumOf([before, change]),
          change,
          rows: changed,
        };
      },
    );
  }

  /** The live ledger, if nothing happened while it was read: a month of a million lines takes long to replay. */
  private async current(period: BillingPeriod, history: readonly LedgerEvent[], scope: LedgerScope): Promise<LedgerAsOf | undefined> {
    const asOf = standpoint(history, history.length, period);
    await this.projections.waitFor(asOf.position, [this.projection.name]);
    const current = await this.read(this.live, asOf, period, scope);
    return (await this.history(period)).at(-1)?.moment.position === asOf.position ? current : undefined;
  }

  private async read(ledger: LedgerQueries, asOf: LedgerStandpoint, period: BillingPeriod, scope: LedgerScope): Promise<LedgerAsOf> {
    const totals = await ledger.totals(period, this.currency, scope);
    const postings = await ledger.postings(period, this.currency, scope);
    return { asOf, totals, postings, rows: sumByFundOrg(postings) };
  }

  private get currency(): Currency {
    return this.config.currency;
  }

  private async history(period: BillingPeriod): Promise<LedgerEvent[]> {
    if ((await this.periods.find(period)) === undefined)
      throw new DomainError('period.unknown', 'not-found', `There is no period ${period}. Open it or import a file for it.`);
    return this.events.of(period, this.projection.eventTypes);
  }

  /** How many events of the history count at a moment; all of them at one that lies ahead. */
  private async countUntil(asked: AskedMoment, history: readonly LedgerEvent[], period: BillingPeriod): Promise<number> {
    switch (asked.kind) {
      case 'now':
        return history.length;
      case 'position': {
        const place = await this.events.placeOf(asked.position);
        return place === undefined ? 0 : history.filter(({ event }) => inLedgerOrder(event, place) <= 0).length;
      }
      case 'time':
        // Clocks of two processes may differ: what the last event of that time found in place counts with it.
        return history.findLastIndex(({ event }) => event.recordedAt <= asked.until) + 1;
      case 'close':
        return lastOf(history, ({ event }) => event.type === 'PeriodClosed', `${period} was never closed`);
      case 'finalize':
        return lastOf(history, ({ event }) => event.type === 'PeriodFinalized', `${period} is not finalized`);
      case 'statements': {
        const { runId } = asked;
        const isRun = ({ event }: LedgerEvent): boolean =>
          event.type === 'StatementRunCompleted' && (runId === null || (event.data as { runId?: unknown }).runId === runId);
        return lastOf(
          history,
          isRun,
          runId === null ? `no statement run of ${period} has ended` : `${period} has no statement run ${runId} that ended`,
        );
      }
    }
  }

  /** A replay writes and sorts as much as the period has lines: one at a time, so that looking back never starves what goes on. */
  private replay<Prepared, Result>(
    prepare: Parameters<typeof LedgerReplay.run<Prepared, Result>>[2],
    work: Parameters<typeof LedgerReplay.run<Prepared, Result>>[3],
  ): Promise<Result> {
    const result = this.turn.then(() => LedgerReplay.run(this.database, this.projection, prepare, work));
    this.turn = result.catch(() => undefined);
    return result;
  }
}

interface Accumulated {
  readonly piEmail: string;
  readonly projectId: string;
  readonly before: LedgerShare;
  after: LedgerShare;
  readonly causes: LedgerCause[];
}

function folded({ piEmail, ...scope }: LedgerScope): LedgerScope {
  return piEmail === undefined ? scope : { ...scope, piEmail: foldIdentifier(piEmail) };
}

function lastOf(history: readonly LedgerEvent[], isMeant: (entry: LedgerEvent) => boolean, otherwise: string): number {
  const index = history.findLastIndex(isMeant);
  if (index < 0) {
    throw new DomainError(
      'moment.unknown',
      'not-found',
      `There is no such moment: ${otherwise}. Choose one of the period's moments by its position, or a time.`,
    );
  }
  return index + 1;
}

function standpoint(history: readonly LedgerEvent[], count: number, period: BillingPeriod): LedgerStandpoint {
  const entry = history[count - 1];
  if (entry === undefined) return { position: 0, at: null, text: `Before the first event of ${period}: its ledger was empty` };
  const { position, at, text } = entry.moment;
  return { position, at, text };
}

function changeOf(before: LedgerSum, after: LedgerSum): LedgerSum {
  return {
    lineCount: after.lineCount - before.lineCount,
    list: after.list.minus(before.list),
    billed: after.billed.minus(before.billed),
  };
}

function sumOf(sums: readonly LedgerSum[]): LedgerSum {
  return {
    lineCount: sums.reduce((lines, sum) => lines + sum.lineCount, 0),
    list: Decimal.sum(sums.map((sum) => sum.list)),
    billed: Decimal.sum(sums.map((sum) => sum.billed)),
  };
}

function byName(a: Accumulated, b: Accumulated): number {
  return compareText(a.piEmail, b.piEmail) || compareText(a.projectId, b.projectId);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
