import { Inject, Injectable } from '@nestjs/common';
import { billedAt, type Booking } from '#charges';
import { type BillingPeriod, type Currency, DomainError } from '#kernel';
import { LedgerQueries } from '#ledger';
import { APP_CONFIG, type AppConfig, Database, type Tx } from '#platform';
import { covers, WHOLE_PERIOD } from '../domain/run-scope.js';
import { unknownRun } from '../domain/statement-run.js';
import { type RunScope, statementRunStream, type StatementScope, statementStream } from '../domain/statement.events.js';

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

/** `planned`: asked for, and not begun. */
export type StatementRunState = 'planned' | 'running' | 'completed' | 'cancelled';

export interface StatementRunRow {
  readonly runId: number;
  readonly period: BillingPeriod;
  readonly state: StatementRunState;
  readonly send: boolean;
  readonly scope: RunScope;
  /** The run whose failures it tries again. */
  readonly retryOf: number | null;
  /** The newest run that tries the failures of this one again. */
  readonly retriedBy: number | null;
  /** Statements to make; null until that is known. */
  readonly planned: number | null;
  readonly issued: number;
  readonly unchanged: number;
  readonly failures: readonly (StatementScope & { reason: string })[];
  readonly requestedBy: string;
  readonly requestedAt: Date;
  /** When it was through, or was cancelled. */
  readonly completedAt: Date | null;
  readonly cancelledBy: string | null;
  readonly cancelReason: string | null;
}

/** A statement that somebody holds a verification code of. */
export interface VerifiedStatement extends StatementRow {
  /** Whether no later revision was made. */
  readonly isNewest: boolean;
}

const COLUMNS = `period, pi_email as "piEmail", project_id as "projectId", revision, currency, fund_orgs as "fundOrgs", list::text as list,
  discount::text as discount, due::text as due, line_count as "lineCount", ledger_digest as "ledgerDigest", sha256, file_name as "fileName", issued_at as "issuedAt"`;
/** One statement of a run's plan. */
export interface RunStep {
  readonly runId: number;
  readonly period: BillingPeriod;
  readonly scope: StatementScope;
  /** A statement some way further on in the plan; null near its end. */
  readonly later: StatementScope | null;
  readonly hasEnded: boolean;
}

/** Statements of a run are made in the order of its plan, some at a time: one so much further on is open yet unless this one took long. */
const LOOK_AHEAD = 32;

const RUN_COLUMNS = `r.run_id as "runId", r.period, r.state, r.send, r.scope, r.retry_of as "retryOf",
  (select max(t.run_id) from statement_runs t where t.retry_of = r.run_id) as "retriedBy", r.planned, r.issued, r.unchanged, r.failures,
  r.requested_by as "requestedBy", r.requested_at as "requestedAt", r.completed_at as "completedAt", r.cancelled_by as "cancelledBy",
  r.cancel_reason as "cancelReason"`;
/** Runs of the log that are not through. */
/** Of the run whose first event is `r`. */
const ENDED = `exists (select 1 from events c where c.stream = r.stream and c.type in ('StatementRunCompleted', 'StatementRunCancelled'))`;
const UNFINISHED = `r.type = 'StatementRunRequested' and not ${ENDED}`;

/** Shorter ones would be guesses. */
const LEAST_CODE_LENGTH = 8;
const CODE_PATTERN = new RegExp(`^[0-9a-f]{${LEAST_CODE_LENGTH},64}$`);

/** Reads statements and the runs that made them. */
@Injectable()
export class StatementQueries {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** The newest revision of each statement of a period. */
  async current(period: BillingPeriod, filter: { piEmail?: string; scope?: RunScope } = {}): Promise<StatementRow[]> {
    const rows = await this.database.query<StatementRow>(
      `select * from (
         select distinct on (pi_email, project_id) ${COLUMNS} from statements
         where period = $1 and ($2::text is null or pi_email = $2) order by pi_email, project_id, revision desc) newest
       order by "piEmail" collate "C", "projectId" collate "C"`,
      [period, filter.piEmail ?? null],
    );
    const { scope } = filter;
    return scope === undefined ? rows : rows.filter((row) => covers(scope, row));
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

  /** These revisions of statements of a period, as far as they exist, in any order. */
  async these(period: BillingPeriod, wanted: readonly (StatementScope & { readonly revision: number })[]): Promise<StatementRow[]> {
    return this.database.query<StatementRow>(
      `select ${COLUMNS} from statements join jsonb_to_recordset($2::jsonb) as w("piEmail" text, "projectId" text, "wantedRevision" int)
         on pi_email = w."piEmail" and project_id = w."projectId" and revision = w."wantedRevision"
       where period = $1`,
      [period, JSON.stringify(wanted.map(({ piEmail, projectId, revision }) => ({ piEmail, projectId, wantedRevision: revision })))],
    );
  }

  /**
   * Which statements a run would make: of every PI's project with charges to bill whose ledger has changed since its last revision, and
   * of every statement whose charges have all gone elsewhere, so that no two statements ever stand for the same money.
   */
  async due(period: BillingPeriod, scope: RunScope = WHOLE_PERIOD): Promise<{ due: StatementScope[]; unchanged: number }> {
    const inScope = (each: StatementScope): boolean => covers(scope, each);
    const issued = new Map((await this.current(period, { scope })).map((row) => [keyOf(row), row]));
    if (issued.size === 0) return { due: (await this.ledger.billedScopes(period, this.config.currency)).filter(inScope), unchanged: 0 };
    const wanted = (await this.ledger.statementScopes(period, this.config.currency)).filter(inScope);
    const due: StatementScope[] = [];
    for (const { piEmail, projectId, digest } of wanted) {
      if (issued.get(keyOf({ piEmail, projectId }))?.ledgerDigest !== digest) due.push({ piEmail, projectId });
      issued.delete(keyOf({ piEmail, projectId }));
    }
    const emptied = [...issued.values()].filter((row) => row.lineCount > 0).map(({ piEmail, projectId }) => ({ piEmail, projectId }));
    return { due: [...due, ...emptied], unchanged: wanted.length - due.length };
  }

  /** @throws DomainError `statement-run.empty-scope` naming each PI and project that has neither charges to bill nor a statement. */
  async requireInScope(period: BillingPeriod, scope: RunScope): Promise<void> {
    const known = [...(await this.ledger.billedScopes(period, this.config.currency)), ...(await this.current(period))];
    const pis = new Set(known.map(({ piEmail }) => piEmail));
    const projects = new Set(known.map(({ projectId }) => projectId));
    const missing = [
      ...(scope.piEmails ?? []).filter((piEmail) => !pis.has(piEmail)),
      ...(scope.projectIds ?? []).filter((projectId) => !projects.has(projectId)),
    ];
    if (missing.length === 0 && known.some((each) => covers(scope, each))) return;
    const what = missing.length === 0 ? 'These PIs in these projects' : missing.join(', ');
    throw new DomainError(
      'statement-run.empty-scope',
      'not-found',
      `${what}: nothing to bill in ${period}, and no statement. See the period’s charges for how they are written, and what waits for review.`,
      missing.map((name) => ({ where: name, what: `has nothing to bill in ${period}` })),
    );
  }

  /** The current statements of every PI that a run is for. */
  async ofPisInRun(runId: number): Promise<StatementRow[]> {
    const { period, scope } = await this.run(runId);
    const current = await this.current(period);
    const pis = new Set(current.filter((row) => covers(scope, row)).map(({ piEmail }) => piEmail));
    return current.filter(({ piEmail }) => pis.has(piEmail));
  }

  /** What a run made, by PI and project. */
  async madeBy(runId: number): Promise<StatementRow[]> {
    return this.database.query<StatementRow>(
      `select ${COLUMNS} from statements where run_id = $1 order by pi_email collate "C", project_id collate "C"`,
      [runId],
    );
  }

  /**
   * Every statement whose verification code begins like this, newest first. A code is a prefix of a digest, so there may be several.
   * @throws DomainError `statement.malformed-code`, `statement.unknown-code`.
   */
  async verify(code: string): Promise<VerifiedStatement[]> {
    const prefix = code.replaceAll(/[\s-]/g, '').toLowerCase();
    if (!CODE_PATTERN.test(prefix)) {
      throw new DomainError(
        'statement.malformed-code',
        'invalid',
        `“${code}” is no verification code: it has ${LEAST_CODE_LENGTH} to 64 digits and letters from a to f, printed at the end of the statement.`,
      );
    }
    const rows = await this.database.query<VerifiedStatement>(
      `select ${COLUMNS}, not exists (select 1 from statements n where n.period = s.period and n.pi_email = s.pi_email
         and n.project_id = s.project_id and n.revision > s.revision) as "isNewest"
       from statements s where ledger_digest like $1 || '%' order by issued_at desc, period desc, pi_email collate "C", project_id collate "C", revision desc`,
      [prefix],
    );
    if (rows.length > 0) return rows;
    throw new DomainError(
      'statement.unknown-code',
      'not-found',
      `No statement with the verification code ${prefix} was issued here. Compare it with the paper letter by letter; if it is right, the statement is not one of this office.`,
    );
  }

  /** @throws DomainError `statement-run.unknown`. */
  async run(runId: number): Promise<StatementRunRow> {
    const [row] = await this.database.query<StatementRunRow>(`select ${RUN_COLUMNS} from statement_runs r where r.run_id = $1`, [runId]);
    if (row === undefined) throw unknownRun(runId);
    return row;
  }

  /** Newest first. */
  async runs(period: BillingPeriod | null): Promise<StatementRunRow[]> {
    return this.database.query<StatementRunRow>(
      `select ${RUN_COLUMNS} from statement_runs r where $1::text is null or r.period = $1 order by r.run_id desc limit 100`,
      [period],
    );
  }

  /** Runs without an outcome, straight from the log: the plan if there is one, and how many of its statements are settled. */
  async unfinishedRuns(): Promise<{ runId: number; planned: number | null }[]> {
    return this.database.query(
      `select (r.data ->> 'runId')::int as "runId", jsonb_array_length(p.data -> 'due') as planned
       from events r left join events p on p.stream = r.stream and p.type = 'StatementRunPlanned'
       where ${UNFINISHED}`,
    );
  }

  /** The run of a period that has no outcome yet, straight from the log. */
  async underWay(tx: Tx, period: BillingPeriod): Promise<number | undefined> {
    const [row] = await tx.query<{ runId: number }>(
      `select (r.data ->> 'runId')::int as "runId" from events r where ${UNFINISHED} and r.data ->> 'period' = $1 order by r.position limit 1`,
      [period],
    );
    return row?.runId;
  }

  /** What a step of a run is about, straight from the log, and without the rest of the plan; undefined if nothing is planned there. */
  async step(runId: number, index: number): Promise<RunStep | undefined> {
    const [row] = await this.database.query<Omit<RunStep, 'scope'> & { scope: StatementScope | null }>(
      `select (r.data ->> 'runId')::int as "runId", r.data ->> 'period' as period, p.data #> array['due', $2::text] as scope, p.data #> array['due', $3::text] as later,
         ${ENDED} as "hasEnded"
       from events r left join events p on p.stream = r.stream and p.type = 'StatementRunPlanned' where r.stream = $1 and r.version = 1`,
      [statementRunStream(runId), index, index + LOOK_AHEAD],
    );
    return row === undefined || row.scope === null ? undefined : { ...row, scope: row.scope };
  }

  /** Whether the step's run was completed or cancelled, and whether it surely has more to make, from the log itself. */
  async standing(tx: Tx, { runId, period, later }: RunStep): Promise<{ hasEnded: boolean; hasMore: boolean }> {
    const [row] = await tx.query<{ hasEnded: boolean; hasMore: boolean }>(
      `select ${ENDED} as "hasEnded",
         $2::text is not null and not exists (select 1 from events s where s.stream = $2 and s.data ->> 'runId' = $3::text) as "hasMore"
       from events r where r.stream = $1 and r.version = 1`,
      [statementRunStream(runId), later === null ? null : statementStream(period, later), runId],
    );
    return row ?? { hasEnded: false, hasMore: false };
  }

  /** Whether everything that the run planned is issued or failed, from the log itself. */
  async isSettled(runId: number): Promise<boolean> {
    const [row] = await this.database.query<{ isSettled: boolean }>(
      `select jsonb_array_length(p.data -> 'due') <= (
         select count(*) from events where type in ('StatementIssued', 'StatementFailed') and data ->> 'runId' = $2::text) as "isSettled"
       from events p where p.stream = $1 and p.type = 'StatementRunPlanned'`,
      [statementRunStream(runId), runId],
    );
    return row?.isSettled === true;
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
