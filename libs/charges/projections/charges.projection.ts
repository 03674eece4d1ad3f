import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import { bookBalanceChanges, bookNewBalances, CARRIES_OVER, type SqlSession } from '#ledger';
import { CHARGES_PROJECTION } from '#periods';
import { makeRoomForBulkWork } from '#platform';
import { type ChargeId, type ChargeRanges, unpackChargeIds } from '../domain/charge-id.js';
import { type ChargesReattributed, type ChargesReflagged, type DecisionData, REVIEW_EVENT_TYPES } from '../domain/review.events.js';

/** @param more columns, after those that every charge has */
const insertCharges = (
  ...more: readonly string[]
): string => `insert into charges (import_id, line_no, period, source, service_name, resource_id, resource_name,
  charge_date, currency, list_cost, contracted_cost, effective_cost, amount, fingerprint, standing, reattributed, flags, pi_email, project_id, fund_org, cost_center,
  ${['account_code', ...more].join(', ')})`;
const ofTheLine = (source: string): string => `l.import_id, l.line_no, l.period, ${source}, l.service_name, l.resource_id, l.resource_name,
  (l.charge_period_start at time zone 'UTC')::date, l.currency, l.list_cost, l.contracted_cost, l.effective_cost, l.amount, l.fingerprint`;
const ATTRIBUTION = ['pi_email', 'project_id', 'fund_org', 'cost_center', 'account_code'] as const;
const ATTRIBUTION_OF_THE_LINE = ATTRIBUTION.map((column) => `coalesce(l.${column}, '')`).join(', ');

/** An import that found nothing before it: no line carries anything over. */
const INSERT_ALL_LINES = `${insertCharges()}
  select ${ofTheLine('$2::text')}, case when l.flags = '{}' then 'clear' else 'flagged' end, false, l.flags,
    ${ATTRIBUTION_OF_THE_LINE}
  from charge_lines l where l.import_id = $1`;

/**
 * Adjustments come from several sources; `$2` says which lines from which. A line that corrects no charge, because a file states what was not billed before, names its
 * own import and no line: it may wait for review, and no import takes it for its own.
 */
const INSERT_ADJUSTMENTS = `${insertCharges('adjusts_import_id', 'adjusts_line_no')}
  select ${ofTheLine('s.source')}, case when l.flags = '{}' then 'clear' else 'flagged' end, false, l.flags, ${ATTRIBUTION_OF_THE_LINE},
    coalesce(m.old_import_id, l.import_id), m.old_line_no
  from charge_lines l
  left join charge_line_matches m on m.import_id = l.import_id and m.line_no = l.line_no
  join jsonb_to_recordset($2::jsonb) as s(source text, "firstLine" int, "lastLine" int) on l.line_no between s."firstLine" and s."lastLine"
  where l.import_id = $1`;

/** What the balances are kept by but the standing, and their sums. */
const BOOKED = ['period', 'currency', 'pi_email', 'project_id', 'fund_org', 'source', 'service_name', 'account_code']
  .concat(['list_cost', 'contracted_cost', 'amount', 'effective_cost'])
  .map((column) => `c.${column}`)
  .join(', ');

const ATTRIBUTION_CARRIES_OVER = `${CARRIES_OVER} and o.reattributed`;
const attributed = (column: string): string => `case when ${ATTRIBUTION_CARRIES_OVER} then o.${column} else coalesce(l.${column}, '') end`;

/** The reasons for review that a reattribution left, as far as the revised line still gives them. */
const REMAINING_FLAGS =
  'array(select flag from unnest(o.flags) with ordinality as left_over(flag, n) where flag = any(l.flags) order by n)';

/** How the charge stood that a line revises: if it was divided, before that. */
const STOOD = 'coalesce(o.stood, o.standing)';

/** The standing of a line `l` that may revise a charge `o`. @param anew SQL: how it stands where no decision carries over */
const standingOfRevision = (
  anew: string,
): string => `case when ${CARRIES_OVER} and o.reattributed and ${STOOD} = 'flagged' and ${REMAINING_FLAGS} = '{}' then 'approved'
         when ${CARRIES_OVER} and (${STOOD} in ('approved', 'rejected') or o.reattributed) then ${STOOD}
         else ${anew} end`;
const DECISIONS_CARRIED = `${ATTRIBUTION_CARRIES_OVER}, case when ${ATTRIBUTION_CARRIES_OVER} then ${REMAINING_FLAGS} else l.flags end,
    ${ATTRIBUTION.map(attributed).join(', ')}`;
const CHARGES_REVISED = `left join charges o on o.import_id = l.old_import_id and o.line_no = l.old_line_no
  left join charge_lines was on was.import_id = l.old_import_id and was.line_no = l.old_line_no`;

const INSERT_MATCHED_LINES = `${insertCharges()}
  select ${ofTheLine('$2::text')}, ${standingOfRevision(`case when l.flags = '{}' then 'clear' else 'flagged' end`)}, ${DECISIONS_CARRIED}
  from (
    select f.*, m.old_import_id, m.old_line_no
    from charge_lines f left join charge_line_matches m on m.import_id = f.import_id and m.line_no = f.line_no
    where f.import_id = $1 and m.outcome is distinct from 'unchanged'
    -- Keeps the planner from looking up what a line replaces before it has set the unchanged ones aside.
    offset 0) l
  ${CHARGES_REVISED}`;

/**
 * Parts come from several sources, as adjustments do. They stand as the charge `w` that they are parts of, unless their own payer mends what that waits for; `$3`:
 * a person divided it, so a part that is mended is approved. What was decided on a part that they revise carries over as it does to lines.
 */
const INSERT_PARTS = `${insertCharges('part_of_import_id', 'part_of_line_no')}
  select ${ofTheLine('s.source')}, ${standingOfRevision(`case when w.standing = 'approved' then 'approved' when l.flags <> '{}' then 'flagged'
         when w.standing = 'flagged' and $3::boolean then 'approved' else 'clear' end`)}, ${DECISIONS_CARRIED}, w.import_id, w.line_no
  from (
    select f.*, m.old_import_id, m.old_line_no
    from charge_lines f left join charge_line_matches m on m.import_id = f.import_id and m.line_no = f.line_no where f.import_id = $1 offset 0) l
  join jsonb_to_recordset($2::jsonb) as s(source text, "firstLine" int, "lastLine" int) on l.line_no between s."firstLine" and s."lastLine"
  join charges w on w.import_id = l.part_of_import_id and w.line_no = l.part_of_line_no
  ${CHARGES_REVISED}`;

/** `flags` with the reasons of a group `t` added and removed, in the order of domain.md §2, each once. */
const changedFlags = (flags: string): string => `array(
  select flag from unnest(${flags} || t.added) with ordinality as told(flag, n) where flag <> all(t.removed) group by flag
  order by case when flag like 'pattern_match:%' then 1 when flag in ('period_mismatch', 'currency_mismatch', 'late_charge', 'expired_project') then 2
    else 0 end, min(n))`;

/**
 * The current standing of every line that is billable, the balances of the ledger, and the review log: one truth, one transaction.
 * Tables are named without schema: a replay of history lets the same code write tables of its session (infra/ledger-replay.ts).
 */
@Injectable()
export class ChargesProjection implements Projection {
  readonly name = CHARGES_PROJECTION;
  readonly version = 3;
  readonly tables = ['charges', 'ledger_balances', 'review_log'];
  readonly eventTypes = [
    ...['ImportRecorded', 'ImportWithdrawn', 'AdjustmentsBooked', 'AdjustmentsWithdrawn', 'ChargesSplit', 'SplitsUndone'],
    ...REVIEW_EVENT_TYPES,
  ];

  async apply(tx: SqlSession, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'ImportRecorded') await this.record(tx, event as RecordedEvent<ImportRecordedLike>);
      else if (event.type === 'ImportWithdrawn') await this.withdraw(tx, (event as RecordedEvent<ImportRecordedLike>).data.importId);
      else if (event.type === 'AdjustmentsBooked') await this.adjust(tx, event as RecordedEvent<AdjustmentsLike>);
      else if (event.type === 'AdjustmentsWithdrawn') await this.withdrawAdjustments(tx, event as RecordedEvent<AdjustmentsLike>);
      else if (event.type === 'ChargesSplit') await this.split(tx, event as RecordedEvent<ChargesSplitLike>);
      else if (event.type === 'SplitsUndone') await this.undoSplits(tx, event as RecordedEvent<SplitsUndoneLike>);
      else if (isEvent<ChargesReattributed>(event, 'ChargesReattributed')) await this.reattribute(tx, event);
      else if (isEvent<ChargesReflagged>(event, 'ChargesReflagged')) await this.reflag(tx, event);
      else await this.decide(tx, event as RecordedEvent<{ type: string; data: DecisionData }>);
    }
  }

  private async record(tx: SqlSession, event: RecordedEvent<ImportRecordedLike>): Promise<void> {
    const { importId, source, report } = event.data;
    // All of it was there already: nothing stands otherwise than before.
    if (report.outcomes.length > 0 && report.outcomes.every(({ outcome }) => outcome === 'unchanged' || outcome === 'kept')) return;
    await makeRoomForBulkWork(tx);
    const [found] = await tx.query<{ any: boolean }>('select exists (select 1 from charge_line_matches where import_id = $1) as any', [
      importId,
    ]);
    await tx.query(found?.any === true ? INSERT_MATCHED_LINES : INSERT_ALL_LINES, [importId, source]);
    await bookNewBalances(tx, 'select * from charges where import_id = $1', [importId]);
    await this.moveStanding(
      tx,
      `select old_import_id as import_id, old_line_no as line_no from charge_line_matches where import_id = $1 and outcome = 'revised'`,
      'superseded',
      `not in ('superseded', 'withdrawn')`,
      [importId],
    );
    await this.moveStanding(
      tx,
      'select old_import_id as import_id, old_line_no as line_no from charge_line_withdrawals where import_id = $1',
      'withdrawn',
      `not in ('superseded', 'withdrawn')`,
      [importId],
    );
    await this.endParts(
      tx,
      `(p.part_of_import_id, p.part_of_line_no) in (
         select old_import_id, old_line_no from charge_line_matches where import_id = $1 and outcome = 'revised'
         union all select old_import_id, old_line_no from charge_line_withdrawals where import_id = $1)`,
      [importId],
    );
  }

  /** Adjustments are billed as they were booked; each has its entry in the review log. */
  private async adjust(tx: SqlSession, event: RecordedEvent<AdjustmentsLike>): Promise<void> {
    const { adjustmentId, sources } = event.data;
    await makeRoomForBulkWork(tx);
    await tx.query(INSERT_ADJUSTMENTS, [adjustmentId, JSON.stringify(sources)]);
    await bookNewBalances(tx, 'select * from charges where import_id = $1', [adjustmentId]);
    await this.logAdjustments(tx, event, 'adjust');
  }

  private async withdrawAdjustments(tx: SqlSession, event: RecordedEvent<AdjustmentsLike>): Promise<void> {
    await makeRoomForBulkWork(tx);
    await this.withdraw(tx, event.data.adjustmentId);
    await this.logAdjustments(tx, event, 'withdraw');
  }

  private async logAdjustments(tx: SqlSession, event: RecordedEvent<AdjustmentsLike>, action: string): Promise<void> {
    await tx.query(
      `insert into review_log (position, import_id, line_no, period, action, amount, note, actor, recorded_at)
       select $2::bigint, c.import_id, c.line_no, c.period, $3::text, c.amount, $4::text, $5::text, $6::timestamptz from charges c where c.import_id = $1`,
      [event.data.adjustmentId, event.position, action, event.data.reason, event.metadata.actor.id, event.recordedAt],
    );
  }

  private async withdraw(tx: SqlSession, importId: number): Promise<void> {
    await this.moveStanding(
      tx,
      'select import_id, line_no from charges where import_id = $1',
      'withdrawn',
      `not in ('superseded', 'withdrawn')`,
      [importId],
    );
    await this.endParts(tx, 'p.part_of_import_id = $1', [importId]);
  }

  /** Parts go with their charge, the way it went; how they stood is kept for the parts that may revise them. @param condition on parts `p` */
  private async endParts(tx: SqlSession, condition: string, parameters: readonly unknown[]): Promise<void> {
    await bookBalanceChanges(
      tx,
      `before as (select p.*, w.standing as ended from charges p join charges w on w.import_id = p.part_of_import_id and w.line_no = p.part_of_line_no
                  where p.part_of_import_id is not null and ${condition} and p.standing not in ('superseded', 'withdrawn') and w.standing in ('superseded', 'withdrawn')),
       now as (update charges c set standing = b.ended, stood = c.standing from before b
               where b.import_id = c.import_id and b.line_no = c.line_no returning ${BOOKED}, c.standing)`,
      `select ${BOOKED}, standing, -1 as sign from before c union all select *, 1 from now`,
      parameters,
    );
  }

  /** The parts stand for their charges from now on. Dividing charges is a decision, unless an import did it. */
  private async split(tx: SqlSession, event: RecordedEvent<ChargesSplitLike>): Promise<void> {
    const { splitId, importId, sources, charges } = event.data;
    await makeRoomForBulkWork(tx);
    await tx.query(INSERT_PARTS, [splitId, JSON.stringify(sources), importId === null]);
    await bookNewBalances(tx, 'select * from charges where import_id = $1', [splitId]);
    const ids = idColumns(unpackChargeIds(charges));
    await this.turn(tx, ids, `standing = 'split', stood = c.standing`, `c.standing not in ('split', 'superseded', 'withdrawn')`);
    if (importId === null) await this.log(tx, event, ids);
  }

  private async undoSplits(tx: SqlSession, event: RecordedEvent<SplitsUndoneLike>): Promise<void> {
    const ids = idColumns(unpackChargeIds(event.data.charges));
    await makeRoomForBulkWork(tx);
    await this.moveStanding(
      tx,
      `select p.import_id, p.line_no from unnest($1::int[], $2::int[]) as whole(import_id, line_no)
       join charges p on p.part_of_import_id is not null and p.part_of_import_id = whole.import_id and p.part_of_line_no = whole.line_no`,
      'withdrawn',
      `not in ('superseded', 'withdrawn')`,
      ids,
    );
    await this.turn(tx, ids, 'standing = c.stood, stood = null', `c.standing = 'split'`);
    await this.log(tx, event, ids);
  }

  /** Changes the chosen charges, as far as `condition` holds for `c`, and moves their money in the ledger. */
  private async turn(tx: SqlSession, ids: readonly unknown[], change: string, condition: string): Promise<void> {
    await bookBalanceChanges(
      tx,
      `before as (select c.* from charges c join unnest($1::int[], $2::int[]) as chosen(import_id, line_no) using (import_id, line_no) where ${condition}),
       now as (update charges c set ${change} from before b where b.import_id = c.import_id and b.line_no = c.line_no returning ${BOOKED}, c.standing)`,
      `select ${BOOKED}, standing, -1 as sign from before c union all select *, 1 from now`,
      ids,
    );
  }

  private async decide(tx: SqlSession, event: RecordedEvent<{ type: string; data: DecisionData }>): Promise<void> {
    const outcome = DECISIONS[event.type];
    if (outcome === undefined) throw new Error(`${event.type} is no decision on charges`);
    const parameters = idColumns(unpackChargeIds(event.data.charges));
    await makeRoomForBulkWork(tx);
    // All of them stood alike before, so one pass tells both sides of the balances. Nobody else writes here: the projection's lock sees to that.
    await bookBalanceChanges(
      tx,
      `now as (update charges c set standing = '${outcome.to}' from unnest($1::int[], $2::int[]) as chosen(import_id, line_no)
               where c.import_id = chosen.import_id and c.line_no = chosen.line_no and c.standing = '${outcome.from}' returning ${BOOKED})`,
      `select now.*, side.* from now cross join (values ('${outcome.from}', -1), ('${outcome.to}', 1)) as side(standing, sign)`,
      parameters,
    );
    await this.log(tx, event, parameters);
  }

  private async reattribute(tx: SqlSession, event: RecordedEvent<ChargesReattributed>): Promise<void> {
    await makeRoomForBulkWork(tx);
    const groups = event.data.changes.map(({ after, remainingFlags }, no) => ({ no, ...after, remainingFlags }));
    await bookBalanceChanges(
      tx,
      `told as materialized (
         select import_id, line_no, g.* from unnest($1::int[], $2::int[], $3::int[]) as member(import_id, line_no, no)
         join jsonb_to_recordset($4::jsonb) as g(no int, "piEmail" text, "projectId" text, "fundOrg" text, "costCenter" text, "accountCode" text,
           "remainingFlags" text[]) using (no)),
       before as materialized (
         select c.import_id, c.line_no, ${BOOKED}, c.standing, t."piEmail", t."projectId", t."fundOrg", t."costCenter", t."accountCode", t."remainingFlags"
         from charges c join told t on c.import_id = t.import_id and c.line_no = t.line_no where c.standing in ('clear', 'flagged', 'approved')),
       now as (update charges c set reattributed = true, pi_email = b."piEmail", project_id = b."projectId",
                 fund_org = b."fundOrg", cost_center = b."costCenter", account_code = b."accountCode", flags = b."remainingFlags",
                 standing = case when c.standing = 'flagged' and cardinality(b."remainingFlags") = 0 then 'approved' else c.standing end
               from before b where c.import_id = b.import_id and c.line_no = b.line_no
               returning ${BOOKED}, c.standing)`,
      `select ${BOOKED}, standing, -1 as sign from before c union all select *, 1 from now`,
      [...memberColumns(event.data.changes), JSON.stringify(groups)],
    );
    await this.log(tx, event, idColumns(unpackChargeIds(event.data.charges)));
  }

  /** What was raised is kept beside what is left of it: a reason that a reattribution mended is not new when a revised line has it again. */
  private async reflag(tx: SqlSession, event: RecordedEvent<ChargesReflagged>): Promise<void> {
    await makeRoomForBulkWork(tx);
    const groups = event.data.changes.map(({ added, removed }, no) => ({ no, added, removed }));
    await bookBalanceChanges(
      tx,
      `told as materialized (
         select import_id, line_no, g.added, g.removed from unnest($1::int[], $2::int[], $3::int[]) as member(import_id, line_no, no)
         join jsonb_to_recordset($4::jsonb) as g(no int, added text[], removed text[]) using (no)),
       before as materialized (
         select c.import_id, c.line_no, ${BOOKED}, c.standing, ${changedFlags('c.flags')} as flags,
           ${changedFlags('coalesce(c.raised_again, l.flags)')} as raised_again
         from told t join charges c on c.import_id = t.import_id and c.line_no = t.line_no
         join charge_lines l on l.import_id = t.import_id and l.line_no = t.line_no where c.standing not in ('superseded', 'withdrawn')),
       now as (update charges c set flags = b.flags, raised_again = b.raised_again,
                 standing = case when b.flags = '{}' then 'clear' else 'flagged' end
               from before b where c.import_id = b.import_id and c.line_no = b.line_no
               returning ${BOOKED}, c.standing)`,
      `select ${BOOKED}, standing, -1 as sign from before c union all select *, 1 from now`,
      [...memberColumns(event.data.changes), JSON.stringify(groups)],
    );
    await this.log(tx, event, idColumns(unpackChargeIds(event.data.charges)));
  }

  /** Gives the charges that `chosen` selects, and whose standing fits `condition`, another standing, and moves their money in the ledger. */
  private async moveStanding(tx: SqlSession, chosen: string, to: string, condition: string, parameters: readonly unknown[]): Promise<void> {
    await bookBalanceChanges(
      tx,
      `before as (select c.* from charges c join (${chosen}) chosen on chosen.import_id = c.import_id and chosen.line_no = c.line_no
                  where c.standing ${condition} for update of c),
       now as (update charges c set standing = '${to}' from before b
               where b.import_id = c.import_id and b.line_no = c.line_no returning c.*)`,
      'select *, -1 as sign from before union all select *, 1 from now',
      parameters,
    );
  }

  private async log(
    tx: SqlSession,
    event: RecordedEvent<{ type: string; data: Pick<DecisionData, 'note'> }>,
    ids: readonly unknown[],
  ): Promise<void> {
    await tx.query(
      `insert into review_log (position, import_id, line_no, period, action, amount, note, actor, recorded_at)
       select $3::bigint, c.import_id, c.line_no, c.period, $4::text, c.amount, $5::text, $6::text, $7::timestamptz
       from unnest($1::int[], $2::int[]) as chosen(import_id, line_no) join charges c using (import_id, line_no)`,
      [...ids, event.position, ACTIONS[event.type] ?? event.type, event.data.note, event.metadata.actor.id, event.recordedAt],
    );
  }
}

/** Import ids and line numbers, as two arrays that SQL takes apart with `unnest`. */
function idColumns(ids: readonly ChargeId[]): [importIds: number[], lineNumbers: number[]] {
  return [ids.map(({ importId }) => importId), ids.map(({ lineNumber }) => lineNumber)];
}

/** The charges of all groups: {@link idColumns}, and the number of the group that each is in. */
function memberColumns(
  groups: readonly { readonly charges: readonly ChargeRanges[] }[],
): [...ReturnType<typeof idColumns>, groupNumbers: number[]] {
  const members = groups.map(({ charges }) => unpackChargeIds(charges));
  return [...idColumns(members.flat()), members.flatMap((ids, no) => ids.map(() => no))];
}

/** What this projection reads of an import's events; the events themselves belong to the imports. */
interface ImportRecordedLike {
  type: string;
  data: { importId: number; source: string; report: { outcomes: readonly { outcome: string }[] } };
}

/** What it reads of the events of adjustments, which belong to those. */
interface AdjustmentsLike {
  type: string;
  data: { adjustmentId: number; sources: readonly { source: string; firstLine: number; lastLine: number }[]; reason: string };
}

/** What it reads of the events of splits, which belong to those. */
interface ChargesSplitLike {
  type: string;
  data: {
    splitId: number;
    importId: number | null;
    sources: readonly { source: string; firstLine: number; lastLine: number }[];
    charges: readonly ChargeRanges[];
    note: string | null;
  };
}
interface SplitsUndoneLike {
  type: string;
  data: { charges: readonly ChargeRanges[]; note: string | null };
}

const DECISIONS: Readonly<Record<string, { from: string; to: string }>> = {
  ChargesApproved: { from: 'flagged', to: 'approved' },
  ChargesRejected: { from: 'flagged', to: 'rejected' },
  ChargesRestored: { from: 'rejected', to: 'flagged' },
};

const ACTIONS: Readonly<Record<string, string>> = {
  ChargesApproved: 'approve',
  ChargesRejected: 'reject',
  ChargesRestored: 'restore',
  ChargesReattributed: 'reattribute',
  ChargesReflagged: 'reflag',
  ChargesSplit: 'split',
  SplitsUndone: 'unsplit',
};
