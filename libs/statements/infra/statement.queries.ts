import { Inject, Injectable } from '@nestjs/common';
import { billedAt, type Booking } from '#charges';
import { type BillingPeriod, type Currency, DomainError } from '#kernel';
import { LedgerQueries } from '#ledger';
import { APP_CONFIG, type AppConfig, Database, type Tx } from '#platform';
import type { StatementScope } from '../domain/statement.events.js';

export interface StatementRow extends StatementScope {
  readonly period: BillingPeriod;
  readonly revision: number;
  readonly currency: Currency;
  readonly fundOrgs: readonly string[];
  /** Decimals with the currency's digits. */
  readonly list: string;
  readonly discount: string;
  readonly due: string;
  readonly lineCount: number;
  readonly ledgerDigest: string;
  readonly sha256: string;
  readonly fileName: string;
  readonly issuedAt: Date;
}

export interface StatementRunRow {
  readonly runId: number;
  readonly period: BillingPeriod;
  readonly state: 'running' | 'completed';
  readonly send: boolean;
  /** Statements to make; null until that is known. */
  readonly planned: number | null;
  readonly issued: number;
  readonly unchanged: number;
  readonly failures: readonly (StatementScope & { reason: string })[];
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly completedAt: Date | null;
}

const COLUMNS = `period, pi_email as "piEmail", project_id as "projectId", revision, currency, fund_orgs as "fundOrgs", list::text as list,
  discount::text as discount, due::text as due, line_count as "lineCount", ledger_digest as "ledgerDigest", sha256, file_name as "fileName", issued_at as "issuedAt"`;
const RUN_COLUMNS = `run_id as "runId", period, state, send, planned, issued, unchanged, failures, requested_by as "requestedBy",
  requested_at as "requestedAt", completed_at as "completedAt"`;

/** Reads statements and the runs that made them. */
@Injectable()
export class StatementQueries {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** The newest revision of each statement of a period. */
  async current(period: BillingPeriod, filter: { piEmail?: string } = {}): Promise<StatementRow[]> {
    return this.database.query<StatementRow>(
      `select * from (
         select distinct on (pi_email, project_id) ${COLUMNS} from statements
         where period = $1 and ($2::text is null or pi_email = $2) order by pi_email, project_id, revision desc) newest
       order by "piEmail" collate "C", "projectId" collate "C"`,
      [period, filter.piEmail ?? null],
    );
  }

  /** How many statements each period has. */
  async counts(): Promise<Map<BillingPeriod, number>> {
    const rows = await this.database.query<{ period: BillingPeriod; count: number }>(
      'select period, count(distinct (pi_email, project_id))::int as count from statements group by period',
    );
    return new Map(rows.map((row) => [row.period, row.count]));
  }

  /** Every revision, newest first. */
  async revisions(period: BillingPeriod, scope: StatementScope): Promise<StatementRow[]> {
    return this.database.query<StatementRow>(
      `select ${COLUMNS} from statements where period = $1 and pi_email = $2 and project_id = $3 order by revision desc`,
      [period, scope.piEmail, scope.projectId],
    );
  }

  /** Every revision on which a charge stands that was booked like this, oldest first. By the times of both: a decision of the same second may be missed. */
  async holding(period: BillingPeriod, bookings: readonly Booking[]): Promise<StatementRow[]> {
    const billed = bookings.filter(({ isBilled }) => isBilled).map(({ attribution: { piEmail, projectId } }) => ({ piEmail, projectId }));
    const scopes = new Map(billed.map((scope) => [keyOf(scope), scope]));
    const revisions = await Promise.all([...scopes.values()].map((scope) => this.revisions(period, scope)));
    return revisions
      .flat()
      .filter((row) => {
        const booking = billedAt(bookings, { at: row.issuedAt });
        return booking !== undefined && keyOf(booking.attribution) === keyOf(row);
      })
      .sort((a, b) => a.issuedAt.getTime() - b.issuedAt.getTime());
  }

  /** @throws DomainError `statement.unknown`. */
  async get(period: BillingPeriod, scope: StatementScope, revision: number): Promise<StatementRow> {
    const found = (await this.revisions(period, scope)).find((row) => row.revision === revision);
    if (found === undefined) {
      throw new DomainError(
        'statement.unknown',
        'not-found',
        `There is no statement of ${scope.piEmail} for ${scope.projectId} in ${period} with revision ${revision}.`,
      );
    }
    return found;
  }

  /**
   * Which statements a run would make: of every PI's project with charges to bill whose ledger has changed since its last revision, and
   * of every statement whose charges have all gone elsewhere, so that no two statements ever stand for the same money.
   */
  async due(period: BillingPeriod): Promise<{ due: StatementScope[]; unchanged: number }> {
    const issued = new Map((await this.current(period)).map((row) => [keyOf(row), row]));
    if (issued.size === 0) return { due: await this.ledger.billedScopes(period, this.config.currency), unchanged: 0 };
    const wanted = await this.ledger.statementScopes(period, this.config.currency);
    const due: StatementScope[] = [];
    for (const { piEmail, projectId, digest } of wanted) {
      if (issued.get(keyOf({ piEmail, projectId }))?.ledgerDigest !== digest) due.push({ piEmail, projectId });
      issued.delete(keyOf({ piEmail, projectId }));
    }
    const emptied = [...issued.values()].filter((row) => row.lineCount > 0).map(({ piEmail, projectId }) => ({ piEmail, projectId }));
    return { due: [...due, ...emptied], unchanged: wanted.length - due.length };
  }

  /** @throws DomainError `statement-run.unknown`. */
  async run(runId: number): Promise<StatementRunRow> {
    const [row] = await this.database.query<StatementRunRow>(`select ${RUN_COLUMNS} from statement_runs where run_id = $1`, [runId]);
    if (row === undefined) throw new DomainError('statement-run.unknown', 'not-found', `There is no statement run ${runId}.`);
    return row;
  }

  /** Newest first. */
  async runs(period: BillingPeriod | null): Promise<StatementRunRow[]> {
    return this.database.query<StatementRunRow>(
      `select ${RUN_COLUMNS} from statement_runs where $1::text is null or period = $1 order by run_id desc limit 100`,
      [period],
    );
  }

  /** Runs without an outcome, straight from the log: the plan if there is one, and how many of its statements are settled. */
  async unfinishedRuns(): Promise<{ runId: number; planned: number | null }[]> {
    return this.database.query(
      `select (r.data ->> 'runId')::int as "runId", jsonb_array_length(p.data -> 'due') as planned
       from events r left join events p on p.stream = r.stream and p.type = 'StatementRunPlanned'
       where r.type = 'StatementRunRequested' and not exists (select 1 from events c where c.stream = r.stream and c.type = 'StatementRunCompleted')`,
    );
  }

  /** The run of a period that has no outcome yet, straight from the log. */
  async underWay(tx: Tx, period: BillingPeriod): Promise<{ runId: number; send: boolean } | undefined> {
    const [row] = await tx.query<{ runId: number; send: boolean }>(
      `select (r.data ->> 'runId')::int as "runId", (r.data ->> 'send')::boolean as send from events r
       where r.type = 'StatementRunRequested' and r.data ->> 'period' = $1
         and not exists (select 1 from events c where c.stream = r.stream and c.type = 'StatementRunCompleted')
       order by r.position limit 1`,
      [period],
    );
    return row;
  }

  /** The scopes of a run that are issued or failed, from the log itself. */
  async settled(runId: number): Promise<(StatementScope & { issued: boolean })[]> {
    return this.database.query(
      `select distinct data ->> 'piEmail' as "piEmail", data ->> 'projectId' as "projectId", type = 'StatementIssued' as issued
       from events where type in ('StatementIssued', 'StatementFailed') and data ->> 'runId' = $1::text`,
      [runId],
    );
  }
}

/** One text for a scope, for maps. */
export function keyOf(scope: StatementScope): string {
  return JSON.stringify([scope.piEmail, scope.projectId]);
}
