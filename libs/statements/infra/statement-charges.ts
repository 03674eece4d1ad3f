import type { ChargeQueries, ChargeRow } from '#charges';
import { type BillingPeriod, Decimal, DomainError } from '#kernel';
import type { AppConfig, Database } from '#platform';
import { DetailSurvey } from '../document/statement-detail.js';
import type { ChargeNote, ComposedDocument, CorrectedCharge, StatementCharge, StatementDetail } from '../document/statement-document.js';
import type { StatementScope } from '../domain/statement.events.js';

/** Charges that are handed over at once. */
const BATCH_SIZE = 500;
/** A statement with no more charges than this keeps them; a larger one reads them again when it is drawn. */
const KEPT_CHARGES = 1_000;

type Batches = AsyncGenerator<readonly StatementCharge[]>;

/** Reads the charges of statements piece by piece: there may be any number of them. */
export class StatementCharges {
  constructor(
    private readonly database: Database,
    private readonly charges: ChargeQueries,
    private readonly config: AppConfig,
  ) {}

  /**
   * The charges of a statement, and what must be known of all before the first is drawn. `summarized`: one row for each resource;
   * `lineCount`: how many charges there are; `corrects`: whether there is an adjustment among them.
   * When they are read again and are no longer the same, reading fails with `statement.ledger-moved`, and the statement is made anew.
   */
  async of(
    period: BillingPeriod,
    scope: StatementScope,
    { lineCount, summarized, corrects }: { readonly lineCount: number; readonly summarized: boolean; readonly corrects: boolean },
  ): Promise<Pick<ComposedDocument, 'charges' | 'detail'>> {
    const corrections = corrects ? await this.corrections(period, scope) : new Map<string, CorrectedCharge>();
    const areFew = lineCount <= KEPT_CHARGES;
    const read = (): Batches => batched(this.rows(period, scope, corrections, { summarized, areFew }));
    const survey = new DetailSurvey();
    let kept: StatementCharge[] | undefined = [];
    for await (const batch of read()) {
      for (const charge of batch) survey.add(charge);
      if (survey.rowCount > KEPT_CHARGES) kept = undefined;
      else kept?.push(...batch);
    }
    const detail = survey.result(summarized);
    const all = kept;
    return { detail, charges: all === undefined ? () => unmoved(read(), detail, scope) : () => batched(all) };
  }

  private async *rows(
    period: BillingPeriod,
    scope: StatementScope,
    corrections: ReadonlyMap<string, CorrectedCharge>,
    { summarized, areFew }: { readonly summarized: boolean; readonly areFew: boolean },
  ): AsyncGenerator<StatementCharge> {
    const order = summarized ? 'resource' : 'day';
    const charges = this.charges.billable(period, this.config.currency, { ...scope, order, areFew });
    const rows = mapped(charges, (charge) => toStatementCharge(charge, corrections.get(charge.id) ?? null));
    yield* summarized ? byResource(rows) : rows;
  }

  /** What the adjustments among a statement's charges correct, and why. */
  private async corrections(period: BillingPeriod, scope: StatementScope): Promise<Map<string, CorrectedCharge>> {
    const rows = await this.database.query<CorrectedCharge & { id: string }>(
      `select c.import_id || '-' || c.line_no as id, o.import_id || '-' || o.line_no as "chargeId", corrected.period,
         case when o.import_id is null then a.reason else l.charge_description end as reason,
         (select max(s.revision) from statements s
          where s.period = corrected.period and s.pi_email = coalesce(o.pi_email, c.pi_email) and s.project_id = coalesce(o.project_id, c.project_id)) as revision
       from charges c
       join charge_lines l on l.import_id = c.import_id and l.line_no = c.line_no
       join adjustments a on a.adjustment_id = c.import_id
       left join charges o on o.import_id = c.adjusts_import_id and o.line_no = c.adjusts_line_no
       cross join lateral (select coalesce(o.period, a.adjusted_period) as period) corrected
       where c.adjusts_import_id is not null and c.period = $1 and c.pi_email = $2 and c.project_id = $3`,
      [period, scope.piEmail, scope.projectId],
    );
    return new Map(rows.map(({ id, ...correction }) => [id, correction]));
  }
}

function toStatementCharge(charge: ChargeRow, adjusts: CorrectedCharge | null): StatementCharge {
  const list = Decimal.parse(charge.listCost);
  const due = Decimal.parse(charge.amount);
  return {
    date: charge.chargeDate,
    resource: charge.resourceName ?? charge.resourceId ?? '',
    serviceName: charge.serviceName,
    fundOrg: charge.fundOrg,
    lineCount: 1,
    list,
    discount: list.minus(due),
    due,
    note: due.isNegative() ? 'credit' : null,
    adjusts,
    part: charge.partOf === null || charge.partShare === null ? null : { share: charge.partShare, chargeId: charge.partOf },
  };
}

/** Puts neighbours together that have the resource, service and fund/org in common; corrections and parts stay for themselves. */
async function* byResource(charges: AsyncIterable<StatementCharge>): AsyncGenerator<StatementCharge> {
  let group: { readonly first: StatementCharge; sum: StatementCharge; until: string | null } | undefined;
  const finished = ({ first, sum, until }: NonNullable<typeof group>): StatementCharge =>
    sum.lineCount === 1 ? sum : { ...sum, note: daysOf(first.date, until) };
  for await (const charge of charges) {
    const isSingle = charge.adjusts !== null || charge.part !== null;
    if (group !== undefined && !isSingle && isSameResource(group.first, charge)) {
      const { sum } = group;
      group.until = charge.date ?? group.until;
      group.sum = {
        ...sum,
        lineCount: sum.lineCount + 1,
        list: sum.list.plus(charge.list),
        discount: sum.discount.plus(charge.discount),
        due: sum.due.plus(charge.due),
      };
      continue;
    }
    if (isSingle) {
      if (group !== undefined && group.first.fundOrg !== charge.fundOrg) {
        yield finished(group);
        group = undefined;
      }
      yield charge;
      continue;
    }
    if (group !== undefined) yield finished(group);
    group = { first: charge, sum: charge, until: charge.date };
  }
  if (group !== undefined) yield finished(group);
}

function isSameResource(one: StatementCharge, other: StatementCharge): boolean {
  return one.resource === other.resource && one.serviceName === other.serviceName && one.fundOrg === other.fundOrg;
}

function daysOf(from: string | null, until: string | null): ChargeNote | null {
  return until === null ? null : { from: from ?? until, until };
}

/** The batches, held against what was found at the first reading. */
async function* unmoved(batches: Batches, detail: StatementDetail, scope: StatementScope): Batches {
  const survey = new DetailSurvey();
  for await (const batch of batches) {
    for (const charge of batch) survey.add(charge);
    yield batch;
  }
  if (survey.rowCount === detail.rowCount && survey.result(detail.summarized).due.equals(detail.due)) return;
  throw new DomainError(
    'statement.ledger-moved',
    'unavailable',
    `The charges of ${scope.piEmail} for ${scope.projectId} changed while their statement was drawn; it is made again.`,
  );
}

async function* mapped<From, To>(values: AsyncIterable<From>, change: (value: From) => To): AsyncGenerator<To> {
  for await (const value of values) yield change(value);
}

async function* batched(charges: AsyncIterable<StatementCharge> | Iterable<StatementCharge>): Batches {
  let batch: StatementCharge[] = [];
  for await (const charge of charges) {
    batch.push(charge);
    if (batch.length < BATCH_SIZE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
