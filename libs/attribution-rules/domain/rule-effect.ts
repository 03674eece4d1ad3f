import { type BillingPeriod, type Currency, Decimal } from '#kernel';
import { amountsOfParts, type Part } from '#splits';
import { partsOfRule } from './attribution-rule.js';
import type { AttributionRule, RuleAttribution } from './attribution-rule.events.js';

/** Who pays for a charge now; empty: nobody is named. */
export type PayerOfCharge = { readonly [Field in keyof RuleAttribution]: string };

/** A charge as a rule sees it. */
export interface ChargeUnderRule {
  /** `12-345`. */
  readonly id: string;
  readonly period: BillingPeriod;
  readonly source: string;
  readonly subAccount: string | null;
  readonly service: string;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  /** `YYYY-MM-DD`; the first day of its period where the file gives none. */
  readonly day: string;
  readonly currency: Currency;
  /** Exact decimal. */
  readonly amount: string;
  readonly payer: PayerOfCharge;
  /** Set by a decision, by hand or by applying a rule. */
  readonly isReattributed: boolean;
}

export interface EffectSum {
  readonly currency: Currency;
  /** Exact decimal. */
  readonly amount: string;
}

/** Money that goes from one PI to another; empty for charges without one. */
export interface EffectMove extends EffectSum {
  readonly piBefore: string;
  readonly piAfter: string;
  readonly count: number;
}

export interface EffectSample {
  readonly charge: ChargeUnderRule;
  readonly after: PayerOfCharge;
  /** Into what it is divided; empty: it is not. */
  readonly parts: readonly EffectPart[];
}

export interface EffectPart {
  readonly payer: PayerOfCharge;
  /** Exact decimal. */
  readonly amount: string;
}

/** What a rule would make of the charges that are there. */
export interface RuleEffect {
  /** The open periods that were looked at, oldest first. */
  readonly periods: readonly BillingPeriod[];
  /** Charges for which the rule is the first that matches. */
  readonly matchedCount: number;
  /** Of these, charges that it attributes otherwise than they are now; they would be changed. */
  readonly count: number;
  readonly amounts: readonly EffectSum[];
  /** Charges that it attributes otherwise, left alone because a decision set who pays. */
  readonly reattributedCount: number;
  /** Kinds of moves; the largest are listed. */
  readonly moveCount: number;
  readonly moves: readonly EffectMove[];
  readonly samples: readonly EffectSample[];
}

const MOVES_SHOWN = 20;
const SAMPLES_SHOWN = 10;

/** What a rule, or one part of a division, makes of a payer. */
function payerUnder(set: RuleAttribution, payer: PayerOfCharge): PayerOfCharge {
  return {
    piEmail: set.piEmail ?? payer.piEmail,
    projectId: set.projectId ?? payer.projectId,
    fundOrg: set.fundOrg ?? payer.fundOrg,
    costCenter: set.costCenter ?? payer.costCenter,
    accountCode: set.accountCode ?? payer.accountCode,
  };
}

function isSamePayer(one: PayerOfCharge, other: PayerOfCharge): boolean {
  return (
    one.piEmail === other.piEmail &&
    one.projectId === other.projectId &&
    one.fundOrg === other.fundOrg &&
    one.costCenter === other.costCenter &&
    one.accountCode === other.accountCode
  );
}

/** Adds up what a rule would change, charge by charge. */
export class RuleEffectTally {
  /** By period, in the order in which they came. */
  readonly changed = new Map<BillingPeriod, string[]>();
  private matchedCount = 0;
  private count = 0;
  private reattributedCount = 0;
  private readonly sums = new Map<Currency, Decimal>();
  private readonly moves = new Map<string, { readonly move: Omit<EffectMove, 'amount' | 'count'>; count: number; sum: Decimal }>();
  private readonly samples: EffectSample[] = [];
  private readonly parts: readonly Part[];

  constructor(
    private readonly rule: AttributionRule,
    private readonly withReattributed: boolean,
  ) {
    this.parts = partsOfRule(rule);
  }

  /** @param charge for which the rule is the first that matches */
  add(charge: ChargeUnderRule): void {
    this.matchedCount += 1;
    const after = payerUnder(this.rule.set, charge.payer);
    if (this.parts.length === 0 && isSamePayer(charge.payer, after)) return;
    if (charge.isReattributed && !this.withReattributed) {
      this.reattributedCount += 1;
      return;
    }
    this.count += 1;
    const ids = this.changed.get(charge.period);
    if (ids === undefined) this.changed.set(charge.period, [charge.id]);
    else ids.push(charge.id);
    const amount = Decimal.parse(charge.amount);
    this.sums.set(charge.currency, (this.sums.get(charge.currency) ?? Decimal.ZERO).plus(amount));
    const divided = this.divided(charge, amount);
    const [piBefore, currency] = [charge.payer.piEmail, charge.currency];
    if (divided.length === 0) this.addMove({ piBefore, piAfter: after.piEmail, currency }, amount);
    for (const part of divided) this.addMove({ piBefore, piAfter: part.payer.piEmail, currency }, part.amount);
    if (this.samples.length === SAMPLES_SHOWN) return;
    this.samples.push({ charge, after, parts: divided.map((part) => ({ payer: part.payer, amount: part.amount.toString() })) });
  }

  private divided(charge: ChargeUnderRule, amount: Decimal): { readonly payer: PayerOfCharge; readonly amount: Decimal }[] {
    if (this.parts.length === 0) return [];
    const amounts = amountsOfParts(amount, this.parts);
    return this.parts.map((part, index) => ({ payer: payerUnder(part, charge.payer), amount: amounts[index] ?? Decimal.ZERO }));
  }

  effect(periods: readonly BillingPeriod[]): RuleEffect {
    const moves = [...this.moves.values()].sort((a, b) => b.sum.abs().compare(a.sum.abs()) || (a.move.piBefore < b.move.piBefore ? -1 : 1));
    return {
      periods,
      matchedCount: this.matchedCount,
      count: this.count,
      amounts: [...this.sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => ({ currency, amount: sum.toString() })),
      reattributedCount: this.reattributedCount,
      moveCount: moves.length,
      moves: moves.slice(0, MOVES_SHOWN).map(({ move, count, sum }) => ({ ...move, count, amount: sum.toString() })),
      samples: this.samples,
    };
  }

  private addMove(move: Omit<EffectMove, 'amount' | 'count'>, amount: Decimal): void {
    const key = JSON.stringify([move.piBefore, move.piAfter, move.currency]);
    const known = this.moves.get(key);
    if (known === undefined) this.moves.set(key, { move, count: 1, sum: amount });
    else {
      known.count += 1;
      known.sum = known.sum.plus(amount);
    }
  }
}
