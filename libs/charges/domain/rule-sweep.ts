import { type Currency, Decimal } from '#kernel';
import type { Standing } from '#ledger';
import type { CompiledRules, RuledTexts } from '#review-rules';
import { type ChargeId, packChargeIds } from './charge-id.js';
import type { CurrencyAmount, FlagChanges } from './review.events.js';

/** A charge as the rules see it. */
export interface RuledCharge extends ChargeId, RuledTexts {
  readonly standing: Standing;
  readonly flags: readonly string[];
  readonly piEmail: string;
  readonly fundOrg: string;
  /** `YYYY-MM-DD`. */
  readonly chargeDay: string;
  readonly currency: Currency;
  /** Exact decimal. */
  readonly amount: string;
}

/** Why a fund/org can't be charged on a day by the chart of funds; null if it can. */
export type FundProblem = (fundOrg: string, day: string) => string | null;

/** Charges as a number, their money, and the first of them. */
export interface ChargeTally {
  readonly count: number;
  readonly amounts: readonly CurrencyAmount[];
  readonly samples: readonly RuledCharge[];
}

/** What the rules make of one reason for review. */
export interface ReasonEffect {
  readonly flag: string;
  /** Charges that the rules find it on. */
  readonly matching: ChargeTally;
  /** Those of them that do not carry it yet. */
  readonly added: ChargeTally;
  /** Charges that carry it, and would no longer. */
  readonly removed: ChargeTally;
}

/** What a fund/org pattern lets through. */
export interface FundOrgPatternEffect {
  readonly pattern: string;
  readonly taken: ChargeTally;
}

/** What rules make of the charges of a period. */
export interface RulesEffect {
  /** Charges that were looked at. */
  readonly lookedAt: number;
  /** Those whose reasons for review change. */
  readonly changed: ChargeTally;
  /** Those that were clear or decided on, and would wait for review. */
  readonly toReview: ChargeTally;
  /** Those that wait for review, and would be clear. */
  readonly toClear: ChargeTally;
  /** The rules in their order, then what charges carry of other rules. */
  readonly reasons: readonly ReasonEffect[];
  readonly fundOrgPatterns: readonly FundOrgPatternEffect[];
}

/** Superseded and withdrawn charges are history. */
export const SWEPT_STANDINGS: readonly Standing[] = ['clear', 'flagged', 'approved', 'rejected'];

const INVALID_FUND_ORG = 'invalid_fund_org';
const PATTERN = 'pattern_match:';
const MOST_SAMPLES = 5;

/** Holds rules against charges one by one: what each of them would be flagged for, and what that comes to. */
export class RuleSweep {
  private lookedAt = 0;
  private readonly changed = new Tally();
  private readonly toReview = new Tally();
  private readonly toClear = new Tally();
  private readonly reasons: Map<string, ReasonTally>;
  private readonly taken: Map<string, Tally>;
  private readonly groups = new Map<
    string,
    { readonly added: readonly string[]; readonly removed: readonly string[]; readonly ids: ChargeId[] }
  >();

  constructor(
    private readonly rules: CompiledRules,
    private readonly fundProblem: FundProblem,
    /** Without, it tells the effect alone, and takes the same memory however many charges change. */
    private readonly options: { readonly keepsIds: boolean },
  ) {
    this.reasons = new Map([INVALID_FUND_ORG, ...rules.flagPatterns.map(flagOf)].map((flag) => [flag, new ReasonTally()]));
    this.taken = new Map(rules.fundOrgPatterns.map((pattern) => [pattern, new Tally()]));
  }

  take(charge: RuledCharge): void {
    this.lookedAt += 1;
    const found = this.flagsOf(charge);
    for (const flag of found) this.reason(flag).matching.add(charge);
    if (charge.fundOrg !== '') for (const pattern of this.rules.patternsTaking(charge.fundOrg)) this.taken.get(pattern)?.add(charge);
    const change = flagChange(charge, found);
    if (change === null) return;
    const { added, removed, standing } = change;
    this.changed.add(charge);
    for (const flag of added) this.reason(flag).added.add(charge);
    for (const flag of removed) this.reason(flag).removed.add(charge);
    if (standing === 'flagged' && charge.standing !== 'flagged') this.toReview.add(charge);
    if (standing === 'clear' && charge.standing === 'flagged') this.toClear.add(charge);
    if (!this.options.keepsIds) return;
    const key = JSON.stringify([added, removed]);
    const { importId, lineNumber } = charge;
    const group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, { added, removed, ids: [{ importId, lineNumber }] });
    else group.ids.push({ importId, lineNumber });
  }

  get effect(): RulesEffect {
    return {
      lookedAt: this.lookedAt,
      changed: this.changed.told(),
      toReview: this.toReview.told(),
      toClear: this.toClear.told(),
      reasons: [...this.reasons].map(([flag, { matching, added, removed }]) => ({
        flag,
        matching: matching.told(),
        added: added.told(),
        removed: removed.told(),
      })),
      fundOrgPatterns: [...this.taken].map(([pattern, tally]) => ({ pattern, taken: tally.told() })),
    };
  }

  /** The charges whose reasons change, a group per distinct change. */
  get changes(): FlagChanges[] {
    return [...this.groups.values()].map(({ added, removed, ids }) => ({ charges: packChargeIds(ids), added, removed }));
  }

  get changedIds(): ChargeId[] {
    return [...this.groups.values()].flatMap(({ ids }) => ids);
  }

  /** The reasons that the rules find, in the order of domain.md §2. */
  private flagsOf(charge: RuledCharge): string[] {
    const patterns = this.rules.patternsFoundIn(charge).map(flagOf);
    return this.isRefused(charge) ? [INVALID_FUND_ORG, ...patterns] : patterns;
  }

  /** An absent fund/org has a reason of its own. */
  private isRefused({ fundOrg, chargeDay }: RuledCharge): boolean {
    return fundOrg !== '' && (!this.rules.takes(fundOrg) || this.fundProblem(fundOrg, chargeDay) !== null);
  }

  private reason(flag: string): ReasonTally {
    const known = this.reasons.get(flag);
    if (known !== undefined) return known;
    const fresh = new ReasonTally();
    this.reasons.set(flag, fresh);
    return fresh;
  }
}

/**
 * What becomes of a charge when the rules find these reasons on it; null if nothing does. One that was approved or rejected is looked at again
 * only for a reason that nobody knew when it was decided on; else the decision stands, and with it the reasons it was made for.
 */
export function flagChange(
  { standing, flags }: Pick<RuledCharge, 'standing' | 'flags'>,
  found: readonly string[],
): { readonly added: readonly string[]; readonly removed: readonly string[]; readonly standing: Standing } | null {
  const added = found.filter((flag) => !flags.includes(flag));
  const removed = flags.filter((flag) => isOfRules(flag) && !found.includes(flag));
  const isDecided = standing === 'approved' || standing === 'rejected';
  if (added.length === 0 && (removed.length === 0 || isDecided)) return null;
  return { added, removed, standing: flags.length + added.length === removed.length ? 'clear' : 'flagged' };
}

function isOfRules(flag: string): boolean {
  return flag === INVALID_FUND_ORG || flag.startsWith(PATTERN);
}

function flagOf(pattern: string): string {
  return `${PATTERN}${pattern}`;
}

class Tally {
  private count = 0;
  private readonly sums = new Map<Currency, Decimal>();
  private readonly samples: RuledCharge[] = [];

  add(charge: RuledCharge): void {
    this.count += 1;
    this.sums.set(charge.currency, (this.sums.get(charge.currency) ?? Decimal.ZERO).plus(Decimal.parse(charge.amount)));
    if (this.samples.length < MOST_SAMPLES) this.samples.push(charge);
  }

  told(): ChargeTally {
    const amounts = [...this.sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => ({ currency, amount: sum.toString() }));
    return { count: this.count, amounts, samples: this.samples };
  }
}

class ReasonTally {
  readonly matching = new Tally();
  readonly added = new Tally();
  readonly removed = new Tally();
}
