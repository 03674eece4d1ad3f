import { Inject, Injectable } from '@nestjs/common';
import { EventStore, isEvent } from '#event-store';
import { type BillingPeriod, DomainError, writeAmount } from '#kernel';
import { BILLABLE_STANDINGS, LedgerQueries } from '#ledger';
import { APP_CONFIG, type AppConfig } from '#platform';
import { type Booking, bookingsOf } from '../domain/charge-bookings.js';
import { type ChargeId, formatChargeId, unpackChargeIds } from '../domain/charge-id.js';
import type {
  ChargeDecision,
  ChargeStoryTold,
  FieldChange,
  FlagStory,
  LineAsImported,
  PostingOfCharge,
  TagReading,
  TouchingImport,
} from '../domain/charge-story.js';
import { explainFlag } from '../domain/flag-explanation.js';
import { columnsOf, type StoredLine, tagsOf } from '../domain/line-as-imported.js';
import { type Attribution, type AttributionChanges, type ChargesReattributed, reviewStream } from '../domain/review.events.js';
import type { ChargeRow } from '../infra/charge-row.js';
import { type ChargeRecord, ChargeStoryQueries, type ImportFacts } from '../infra/charge-story.queries.js';

export interface ChargeStory extends ChargeStoryTold {
  readonly charge: ChargeRow;
}

/** Tells everything about one charge: where it comes from, why it waits or waited, who decided what, and how it is booked. */
@Injectable()
export class ChargeStories {
  constructor(
    private readonly queries: ChargeStoryQueries,
    private readonly store: EventStore,
    private readonly ledger: LedgerQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError `charge.restated` for a line that states another charge once more, `charge.unknown` for any other. */
  async of(id: ChargeId): Promise<ChargeStory> {
    const record = await this.queries.record(id);
    const line = record?.lines.at(-1);
    if (record === undefined || line === undefined) throw await this.unknown(id);
    const { charge } = record;
    const changes = await this.attributionChanges(charge.period, record);
    return {
      charge,
      line: this.lineAsImported(line),
      flags: this.flags(charge, line, record),
      imports: importsThatTouched(record),
      decisions: record.decisions.map((decision): ChargeDecision => {
        const { importId, lineNumber, ...told } = decision;
        return { ...told, chargeId: formatChargeId(decision), changes: fieldChanges(changes.get(decision.position)) };
      }),
      bookings: bookings(record, changes),
      posting: await this.postingOf(charge),
      previous: record.previous,
      next: record.next,
    };
  }

  private lineAsImported(line: StoredLine): LineAsImported {
    return {
      lineNumber: line.lineNumber,
      columns: columnsOf(line),
      tags: tagsOf(line),
      readings: READINGS.map(([field, value]): TagReading => ({ field, tags: this.config.tagMapping[field], value: value(line) })),
    };
  }

  private flags(charge: ChargeRow, line: StoredLine, { imports }: ChargeRecord): FlagStory[] {
    const facts = {
      ...line,
      expectedPeriod: imports.get(line.importId)?.expectedPeriod ?? null,
      chargeDay: line.chargePeriodStart?.slice(0, 10) ?? `${line.period}-01`,
      tags: tagsOf(line),
    };
    const settings = {
      tagMapping: this.config.tagMapping,
      fundOrgPatterns: this.config.review.fundOrgPatterns,
      ledgerCurrency: this.config.currency,
    };
    return line.flags.map((flag) => ({ flag, isOpen: charge.flags.includes(flag), ...explainFlag(flag, facts, settings) }));
  }

  /** Before and after of the reattributions, by their position. */
  private async attributionChanges(period: BillingPeriod, { decisions }: ChargeRecord): Promise<Map<number, AttributionChanges>> {
    const found = new Map<number, AttributionChanges>();
    for (const decision of decisions.filter(({ action }) => action === 'reattribute')) {
      const [event] = await this.store.readLatest({ stream: reviewStream(period) }, 1, decision.position + 1);
      if (event === undefined || !isEvent<ChargesReattributed>(event, 'ChargesReattributed')) continue;
      const change = event.data.changes.find(({ charges }) =>
        unpackChargeIds(charges.filter(({ importId }) => importId === decision.importId)).some(
          ({ lineNumber }) => lineNumber === decision.lineNumber,
        ),
      );
      if (change !== undefined) found.set(decision.position, change);
    }
    return found;
  }

  private async postingOf(charge: ChargeRow): Promise<PostingOfCharge | null> {
    if (!BILLABLE_STANDINGS.includes(charge.standing)) return null;
    const { period, currency, piEmail, projectId } = charge;
    const posting = (await this.ledger.postings(period, currency, { piEmail, projectId })).find(
      ({ fundOrg, source, serviceName, accountCode }) =>
        fundOrg === charge.fundOrg && source === charge.source && serviceName === charge.serviceName && accountCode === charge.accountCode,
    );
    if (posting === undefined) return null;
    const { lineCount, list, billed } = posting;
    return { lineCount, list: writeAmount(list, currency), billed: writeAmount(billed, currency) };
  }

  private async unknown(id: ChargeId): Promise<DomainError> {
    const name = formatChargeId(id);
    const restated = await this.queries.restatedBy(id);
    if (restated !== undefined) {
      return new DomainError(
        'charge.restated',
        'not-found',
        `Line ${id.lineNumber} of import ${id.importId} states charge ${restated} once more, unchanged; look there.`,
        [{ where: restated, what: 'is the charge that this line states' }],
      );
    }
    return new DomainError(
      'charge.unknown',
      'not-found',
      `There is no charge ${name}. A charge is named by its import and the line of the file, such as 12-345; the list of charges has them all.`,
    );
  }
}

const READINGS: readonly (readonly [field: keyof AppConfig['tagMapping'], value: (line: StoredLine) => string | null])[] = [
  ['pi_email', (line) => line.piEmailAsWritten],
  ['project_id', (line) => line.projectId],
  ['fund_org', (line) => line.fundOrg],
  ['cost_center', (line) => line.costCenter],
  ['account_code', (line) => line.accountCode],
  ['reference_1', (line) => line.reference1],
  ['reference_2', (line) => line.reference2],
  ['end_date', (line) => line.endDate],
  ['reconciliation_end', (line) => line.reconciliationEnd],
];

function importsThatTouched({ charge, lines, later, withdrawnBy, imports }: ChargeRecord): TouchingImport[] {
  const told: (TouchingImport & { readonly position: number })[] = [];
  const tell = (importId: number, touch: Pick<TouchingImport, 'touch' | 'lineNumber'> & Partial<TouchingImport>): void => {
    const facts = imports.get(importId);
    if (facts !== undefined) told.push({ ...untouched(facts), ...touch, position: facts.position });
  };
  const replaced = lines.at(-2);
  tell(charge.importId, {
    lineNumber: charge.lineNumber,
    ...(replaced === undefined
      ? { touch: 'brought' }
      : {
          touch: 'brought_revision',
          otherCharge: formatChargeId(replaced),
          amountBefore: replaced.amount,
          amountAfter: charge.amount,
        }),
  });
  for (const match of later) {
    const { importId, lineNumber, outcome, amount } = match;
    tell(importId, {
      touch: outcome,
      lineNumber,
      ...(outcome === 'revised' && { otherCharge: formatChargeId(match), amountBefore: charge.amount, amountAfter: amount }),
    });
  }
  if (withdrawnBy !== null) tell(withdrawnBy, { touch: 'withdrew', lineNumber: null });
  const own = imports.get(charge.importId);
  const inOrder = told.sort((a, b) => a.position - b.position).map(({ position: _position, ...touch }): TouchingImport => touch);
  if (own?.state !== 'withdrawn' || own.endedAt === null) return inOrder;
  const end: TouchingImport = {
    ...untouched(own),
    touch: 'was_withdrawn',
    at: own.endedAt,
    actor: own.endedBy ?? own.receivedBy,
    lineNumber: charge.lineNumber,
    reason: own.endReason,
  };
  return [...inOrder.filter(({ at }) => at <= end.at), end, ...inOrder.filter(({ at }) => at > end.at)];
}

function untouched({ importId, fileName, sha256, recordedAt, receivedBy }: ImportFacts): Omit<TouchingImport, 'touch' | 'lineNumber'> {
  return {
    importId,
    fileName,
    sha256,
    at: recordedAt,
    actor: receivedBy,
    otherCharge: null,
    amountBefore: null,
    amountAfter: null,
    reason: null,
  };
}

const ATTRIBUTION_FIELDS = [
  'piEmail',
  'projectId',
  'fundOrg',
  'costCenter',
  'accountCode',
] as const satisfies readonly (keyof Attribution)[];

function fieldChanges(change: AttributionChanges | undefined): FieldChange[] {
  if (change === undefined) return [];
  return ATTRIBUTION_FIELDS.filter((field) => change.before[field] !== change.after[field]).map((field) => ({
    field,
    before: change.before[field],
    after: change.after[field],
  }));
}

function bookings(record: ChargeRecord, changes: ReadonlyMap<number, AttributionChanges>): Booking[] {
  const { charge, lines, imports } = record;
  const versions = lines.flatMap((line) => {
    const recordedAt = imports.get(line.importId)?.recordedAt;
    if (recordedAt === undefined) return [];
    const decisions = record.decisions
      .filter(({ importId, lineNumber }) => importId === line.importId && lineNumber === line.lineNumber)
      .map(({ position, action, recordedAt: decidedAt }) => {
        const change = changes.get(position);
        return { action, recordedAt: decidedAt, after: change?.after ?? null, remainingFlags: change?.remainingFlags ?? null };
      });
    return [{ recordedAt, flags: line.flags, amount: line.amount, attribution: attributionOf(line), decisions }];
  });
  return bookingsOf(versions, goneAt(charge, record));
}

/** When a later import replaced or withdrew the charge, or its own one was taken back. */
function goneAt(charge: ChargeRow, { later, withdrawnBy, imports }: ChargeRecord): Date | null {
  if (charge.standing === 'superseded') {
    const successor = later.find(({ outcome }) => outcome === 'revised');
    return (successor && imports.get(successor.importId)?.recordedAt) ?? null;
  }
  if (charge.standing !== 'withdrawn') return null;
  if (withdrawnBy !== null) return imports.get(withdrawnBy)?.recordedAt ?? null;
  return imports.get(charge.importId)?.endedAt ?? null;
}

function attributionOf({ piEmail, projectId, fundOrg, costCenter, accountCode }: StoredLine): Attribution {
  return {
    piEmail: piEmail ?? '',
    projectId: projectId ?? '',
    fundOrg: fundOrg ?? '',
    costCenter: costCenter ?? '',
    accountCode: accountCode ?? '',
  };
}
