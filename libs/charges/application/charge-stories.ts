import { Inject, Injectable } from '@nestjs/common';
import { EventStore, isEvent } from '#event-store';
import { ChartOfFunds } from '#funds';
import { type BillingPeriod, DomainError, writeAmount } from '#kernel';
import { BILLABLE_STANDINGS, LedgerQueries, type Standing } from '#ledger';
import { APP_CONFIG, type AppConfig } from '#platform';
import { ReviewRules } from '#review-rules';
import { type Booking, bookingsOf, type DecidedOn } from '../domain/charge-bookings.js';
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
import { explainFlag, type FlagSettings } from '../domain/flag-explanation.js';
import { columnsOf, type StoredLine, tagsOf } from '../domain/line-as-imported.js';
import {
  type Attribution,
  type AttributionChanges,
  type ChargesReattributed,
  type ChargesReflagged,
  type FlagChanges,
  reviewStream,
} from '../domain/review.events.js';
import { payerByTags, type PayerByTags, ruleOriginOf } from '../domain/rule-origin.js';
import type { ChargeRow } from '../infra/charge-row.js';
import { type ChargeRecord, ChargeStoryQueries, type Ends, type ImportFacts } from '../infra/charge-story.queries.js';

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
    private readonly rules: ReviewRules,
    private readonly funds: ChartOfFunds,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError `charge.restated` for a line that states another charge once more, `charge.unknown` for any other. */
  async of(id: ChargeId): Promise<ChargeStory> {
    const record = await this.queries.record(id);
    const line = record?.lines.at(-1);
    if (record === undefined || line === undefined) throw await this.unknown(id);
    const { charge } = record;
    const changes = await this.decisionChanges(charge.period, record);
    return {
      charge,
      line: this.lineAsImported(line, charge),
      attributedBy: ruleOriginOf(line, charge),
      flags: flags(charge, line, record, await this.flagSettings()),
      // An adjustment is booked, not imported, and a part goes with its charge.
      imports: charge.adjusts === null && charge.partOf === null ? importsThatTouched(record) : [],
      adjustments: record.adjustments,
      parts: record.parts.map(({ position: _position, ...part }) => part),
      partOf: record.whole?.told ?? null,
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

  private lineAsImported(line: StoredLine, { partOf }: ChargeRow): LineAsImported {
    const payer = payerByTags(line);
    return {
      lineNumber: line.lineNumber,
      columns: columnsOf(line),
      tags: tagsOf(line),
      readings: (partOf === null ? READINGS : []).map(([field, value]): TagReading => ({
        field,
        tags: this.config.tagMapping[field],
        value: value(line, payer),
      })),
    };
  }

  private async flagSettings(): Promise<FlagSettings> {
    const { tagMapping, currency } = this.config;
    const [{ fundOrgPatterns }, chart] = [await this.rules.current(), await this.funds.snapshot()];
    return { tagMapping, fundOrgPatterns, fundProblem: (fundOrg, day) => chart.problemOf(fundOrg, day), ledgerCurrency: currency };
  }

  /** Before and after of the reattributions, and what became of the flags when the charge was flagged again, by position. */
  private async decisionChanges(period: BillingPeriod, { decisions }: ChargeRecord): Promise<Map<number, DecisionChange>> {
    const found = new Map<number, DecisionChange>();
    for (const decision of decisions.filter(({ action }) => action === 'reattribute' || action === 'reflag')) {
      const [event] = await this.store.readLatest({ stream: reviewStream(period) }, 1, decision.position + 1);
      if (event === undefined) continue;
      const isOfCharge = ({ charges }: Pick<AttributionChanges, 'charges'>): boolean =>
        unpackChargeIds(charges.filter(({ importId }) => importId === decision.importId)).some(
          ({ lineNumber }) => lineNumber === decision.lineNumber,
        );
      if (isEvent<ChargesReattributed>(event, 'ChargesReattributed')) {
        found.set(decision.position, { attribution: event.data.changes.find(isOfCharge) ?? null, flags: null });
      } else if (isEvent<ChargesReflagged>(event, 'ChargesReflagged')) {
        found.set(decision.position, { attribution: null, flags: event.data.changes.find(isOfCharge) ?? null });
      }
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

const READINGS: readonly (readonly [
  field: keyof AppConfig['tagMapping'],
  value: (line: StoredLine, payer: PayerByTags) => string | null,
])[] = [
  ['pi_email', (_line, payer) => payer.piEmailAsWritten],
  ['project_id', (_line, payer) => payer.projectId],
  ['fund_org', (_line, payer) => payer.fundOrg],
  ['cost_center', (_line, payer) => payer.costCenter],
  ['account_code', (_line, payer) => payer.accountCode],
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

/** What a decision changed of one charge. */
interface DecisionChange {
  readonly attribution: AttributionChanges | null;
  readonly flags: FlagChanges | null;
}

function fieldChanges(change: DecisionChange | undefined): FieldChange[] {
  if (change === undefined) return [];
  const { attribution, flags: flagged } = change;
  if (flagged !== null) {
    return [
      ...flagged.added.map((flag) => ({ field: 'flag', before: '', after: flag })),
      ...flagged.removed.map((flag) => ({ field: 'flag', before: flag, after: '' })),
    ];
  }
  return attribution === null ? [] : attributionChanges(attribution);
}

/** Of the line, and those that it got when it was flagged again. */
function flags(charge: ChargeRow, line: StoredLine, { imports }: ChargeRecord, settings: FlagSettings): FlagStory[] {
  const facts = {
    ...line,
    expectedPeriod: imports.get(line.importId)?.expectedPeriod ?? null,
    chargeDay: line.chargePeriodStart?.slice(0, 10) ?? `${line.period}-01`,
    tags: tagsOf(line),
  };
  return [...new Set([...line.flags, ...charge.flags])].map((flag) => {
    const isOpen = charge.flags.includes(flag);
    // A reattribution may have given it another fund/org since, and that is what waits.
    const of = isOpen && charge.fundOrg !== '' ? { ...facts, fundOrg: charge.fundOrg } : facts;
    return { flag, isOpen, ...explainFlag(flag, of, settings) };
  });
}

function attributionChanges(change: AttributionChanges): FieldChange[] {
  return ATTRIBUTION_FIELDS.filter((field) => change.before[field] !== change.after[field]).map((field) => ({
    field,
    before: change.before[field],
    after: change.after[field],
  }));
}

/** They say how an adjustment came and went, which its booking says as well. */
const ENTRIES_OF_ADJUSTMENTS: readonly string[] = ['adjust', 'withdraw'];

function bookings(record: ChargeRecord, changes: ReadonlyMap<number, DecisionChange>): Booking[] {
  const { charge, lines, imports } = record;
  const versions = lines.flatMap((line) => {
    const recordedAt = imports.get(line.importId)?.recordedAt;
    if (recordedAt === undefined) return [];
    const decisions = record.decisions
      .filter(({ importId, lineNumber }) => importId === line.importId && lineNumber === line.lineNumber)
      .filter(({ action }) => !ENTRIES_OF_ADJUSTMENTS.includes(action))
      .map(({ position, action, recordedAt: decidedAt }) => {
        const change = changes.get(position);
        return {
          action,
          recordedAt: decidedAt,
          after: change?.attribution?.after ?? null,
          remainingFlags: change?.attribution?.remainingFlags ?? null,
          flagChange: change?.flags ?? null,
        };
      });
    const version = { recordedAt, flags: line.flags, amount: line.amount, attribution: attributionOf(line) };
    const isOwn = line.importId === charge.importId && line.lineNumber === charge.lineNumber;
    if (!isOwn) return [{ ...version, decisions }];
    return [{ ...version, ...standingOfPart(line, record), decisions: withSplitsOfImports(decisions, record) }];
  });
  return bookingsOf(versions, charge.partOf === null ? goneAt(charge, record) : partGoneAt(charge, record));
}

/** A part stands as its charge stood before; one whose payer mends what that waited for is approved, if a person divided it. */
function standingOfPart(line: StoredLine, { whole }: ChargeRecord): { readonly standing?: Standing } {
  if (whole === null) return {};
  if (whole.stood === 'approved') return { standing: 'approved' };
  return whole.stood === 'flagged' && line.flags.length === 0 && whole.told.rule === null ? { standing: 'approved' } : {};
}

/** What an import divided is no decision that the review log has. */
function withSplitsOfImports(decisions: readonly DecidedOn[], { parts, decisions: logged }: ChargeRecord): readonly DecidedOn[] {
  const known = new Set(logged.map(({ position }) => position));
  const splits = new Map(parts.filter(({ position }) => !known.has(position)).map(({ splitId, splitAt }) => [splitId, splitAt]));
  const added = [...splits.values()].map((recordedAt) => ({
    action: 'split',
    recordedAt,
    after: null,
    remainingFlags: null,
    flagChange: null,
  }));
  return [...decisions, ...added].sort((a, b) => a.recordedAt.getTime() - b.recordedAt.getTime());
}

/** When a part ended: its charge was put together again, or went, and the part with it. */
function partGoneAt(charge: ChargeRow, { whole }: ChargeRecord): Date | null {
  if (whole === null || !['superseded', 'withdrawn'].includes(charge.standing)) return null;
  return whole.undoneAt ?? goneAt(whole.charge, whole);
}

/** When a later import replaced or withdrew the charge, or its own one was taken back. */
function goneAt(charge: ChargeRow, { later, withdrawnBy, imports }: Ends): Date | null {
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
