import { type BillingPeriod, type Currency, Decimal, DomainError } from '#kernel';
import type { PeriodState } from '#periods';
import type { AdjustmentKind } from './adjustment.events.js';

/** Bytes of UTF-8; it is printed on the statement. */
const MAX_REASON_BYTES = 500;
const HUNDRED = Decimal.parse('100');
/** Charges that a refusal names. */
const CHARGES_NAMED = 5;

/** How much of the chosen charges: an amount in all, a share of each, or (neither given) all that is left. */
export interface AskedPart {
  readonly kind: AdjustmentKind;
  readonly amount: Decimal | null;
  readonly percent: Decimal | null;
}

/** @throws DomainError `adjustment.reason`. @returns the reason, trimmed. */
export function requireReason(written: string): string {
  const reason = written.trim().replaceAll(/\s+/g, ' ');
  if (reason === '' || Buffer.byteLength(reason) > MAX_REASON_BYTES) {
    throw new DomainError(
      'adjustment.reason',
      'invalid',
      `Say in at most ${MAX_REASON_BYTES} bytes why it is adjusted: the PI reads it on the next statement.`,
    );
  }
  return reason;
}

/** @throws DomainError `adjustment.part` for both an amount and a share, one that is no positive number, or a debit that says neither. */
export function requirePart({ kind, amount, percent }: AskedPart): void {
  if (amount !== null && percent !== null) throw malformed('Give an amount or a percentage, not both.');
  if (amount !== null && !amount.isPositive()) throw malformed(`An amount of ${amount.toString()} adjusts nothing; write a positive one.`);
  if (percent !== null && (!percent.isPositive() || percent.compare(HUNDRED) > 0)) {
    throw malformed(`${percent.toString()} per cent is no part of a charge; write more than 0 and at most 100.`);
  }
  if (kind === 'debit' && amount === null && percent === null) {
    throw malformed('A debit charges more than was billed: say by which amount, or by how many per cent.');
  }
}

/** @throws DomainError `adjustment.period-not-finalized`, `period.wrong-state`. */
export function requirePeriods(
  { period, adjustedPeriod }: { readonly period: BillingPeriod; readonly adjustedPeriod: BillingPeriod },
  states: ReadonlyMap<BillingPeriod, PeriodState>,
): void {
  const adjusted = states.get(adjustedPeriod);
  if (adjusted !== 'finalized') {
    throw new DomainError(
      'adjustment.period-not-finalized',
      'conflict',
      `Period ${adjustedPeriod} is ${adjusted ?? 'absent'}: its charges are not adjusted but put right themselves. Reject or reattribute them in review, or import the corrected file. Only what is finalized is adjusted.`,
    );
  }
  const state = states.get(period);
  if (state !== 'open') {
    throw new DomainError(
      'period.wrong-state',
      'conflict',
      `The adjustment is refused: period ${period} is ${state ?? 'absent'}. It is billed in an open period: choose another one, or open one first.`,
      [{ where: period, what: `is ${state ?? 'absent'}` }],
    );
  }
}

/** Sums of what is chosen, and what can't be done with it. */
export interface ChosenSum {
  readonly currency: Currency;
  readonly count: number;
  /** Of these, how many have anything left to credit. */
  readonly countLeft: number;
  /** What is left of them, exact: as billed, with all adjustments so far. */
  readonly left: Decimal;
  /** As billed, exact. */
  readonly amount: Decimal;
}

/** A charge that has less left than is to be credited. */
export interface Overdrawn {
  readonly chargeId: string;
  readonly left: string;
  readonly asked: string;
}

/** @throws DomainError `adjustment.nothing-billed`, `adjustment.nothing-left`, `adjustment.several-currencies`, `adjustment.more-than-left`. */
export function requireAdjustable(what: string, { kind, amount, percent }: AskedPart, sums: readonly ChosenSum[]): void {
  const [sum, other] = sums;
  if (sum === undefined) {
    throw new DomainError('adjustment.nothing-billed', 'conflict', `${what} is not billed, so there is nothing to adjust.`);
  }
  if (kind === 'credit' && percent === null && sums.every(({ countLeft }) => countLeft === 0)) {
    throw new DomainError(
      'adjustment.nothing-left',
      'conflict',
      `Nothing is left of ${what} to credit: earlier adjustments took it back already. Ask for a debit if it is to be charged again.`,
    );
  }
  if (amount === null) return;
  if (other !== undefined) {
    throw new DomainError(
      'adjustment.several-currencies',
      'invalid',
      `${what} is billed in several currencies (${sums.map(({ currency }) => currency).join(', ')}); adjust its charges one by one, or by percentage.`,
    );
  }
  if (kind === 'credit' && amount.compare(sum.left.abs()) > 0)
    throw moreThanLeft(what, sum.left.abs().toString(), amount.toString(), sum.currency);
  if (sum.count > 1 && (kind === 'credit' ? sum.left : sum.amount).isZero()) {
    throw malformed(
      `The charges of ${what} add up to zero, so an amount can't be shared out among them; adjust them one by one, or by percentage.`,
    );
  }
}

/** @throws DomainError `adjustment.more-than-left`, with the first charges. */
export function requireNoneOverdrawn(what: string, overdrawn: readonly Overdrawn[]): void {
  const [first] = overdrawn;
  if (first === undefined) return;
  const problems = overdrawn
    .slice(0, CHARGES_NAMED)
    .map(({ chargeId, left, asked }) => ({ where: chargeId, what: `${left} is left, ${asked} was asked for` }));
  throw new DomainError(
    'adjustment.more-than-left',
    'conflict',
    `Less is left of ${what} than is to be credited: of charge ${first.chargeId} ${first.left}, with ${first.asked} asked for. Credit a smaller share, or all that is left.`,
    problems,
  );
}

/** @throws DomainError `adjustment.charge-divided`: a file says nothing of the parts that a charge was divided into. */
export function requireUndivided(chargeIds: readonly string[]): void {
  const [first] = chargeIds;
  if (first === undefined) return;
  throw new DomainError(
    'adjustment.charge-divided',
    'conflict',
    `Charge ${first} is divided, and the file says something else of it, but not of which part. Nothing was booked. Adjust its parts one by one, and hand the file in with the line as it was billed.`,
    chargeIds.map((where) => ({ where, what: 'is divided' })),
  );
}

/** @throws DomainError `adjustment.corrected-since`, naming the later adjustments. */
export function requireNothingLater(adjustmentId: number, later: readonly number[]): void {
  const [first] = later;
  if (first === undefined) return;
  throw new DomainError(
    'adjustment.corrected-since',
    'conflict',
    `Adjustment ${adjustmentId} is corrected by adjustment ${later.join(', ')}: withdraw ${later.length === 1 ? 'that' : 'those'} first.`,
    later.map((id) => ({ where: `adjustment ${id}`, what: `corrects charges of adjustment ${adjustmentId}` })),
  );
}

/** @throws DomainError `adjustment.comes-to-nothing` for a part of charges that were billed at nothing. */
export function requireLines(what: string, count: number): void {
  if (count > 0) return;
  throw new DomainError(
    'adjustment.comes-to-nothing',
    'conflict',
    `${what} was billed at nothing, so a part of it comes to nothing. Leave amount and percentage out to take its list price back, or ask for a debit of an amount.`,
  );
}

function moreThanLeft(what: string, left: string, asked: string, currency: Currency): DomainError {
  return new DomainError(
    'adjustment.more-than-left',
    'conflict',
    `Of ${what}, ${left} ${currency} is left after earlier adjustments; ${asked} can't be credited. Credit at most that, or leave the amount out to credit all of it.`,
  );
}

function malformed(detail: string): DomainError {
  return new DomainError('adjustment.part', 'invalid', detail);
}
