import type { Standing } from '#ledger';
import { type BillingPeriod, type Currency, Decimal, DomainError, foldIdentifier, isEmailAddress } from '#kernel';
import { type ChargeId, formatChargeId, packChargeIds } from './charge-id.js';
import type { Attribution, CurrencyAmount, DecisionData, ReviewEvent } from './review.events.js';

/** A charge as a decision sees it. */
export interface ReviewableCharge extends ChargeId {
  readonly standing: Standing;
  readonly flags: readonly string[];
  readonly attribution: Attribution;
  readonly currency: Currency;
  /** Exact decimal. */
  readonly amount: string;
}

export type DispositionVerb = 'approve' | 'reject' | 'restore';

/** Attribution as a reviewer types it: what is left out stays. */
export type AttributionChange = { readonly [Field in keyof Attribution]?: string | undefined };

export interface ReviewDecision {
  readonly period: BillingPeriod;
  readonly charges: readonly ReviewableCharge[];
  readonly note: string | null;
}

const EVENT_OF = { approve: 'ChargesApproved', reject: 'ChargesRejected', restore: 'ChargesRestored' } as const;
const NEEDED_STANDING: { readonly [Verb in DispositionVerb]: Standing } = { approve: 'flagged', reject: 'flagged', restore: 'rejected' };

/**
 * Approves, rejects or restores charges, all or none (domain.md §3).
 * @throws DomainError of kind conflict that names the charges which can't be decided on, and why
 */
export function decideDisposition(verb: DispositionVerb, decision: ReviewDecision): ReviewEvent[] {
  if (decision.charges.length === 0) throw nothingToDecide(verb);
  const problems = decision.charges.flatMap((charge) => {
    const what = obstacle(verb, charge);
    return what === null ? [] : [{ where: formatChargeId(charge), what }];
  });
  if (problems.length > 0) {
    throw new DomainError('charge.not-decidable', 'conflict', `Nothing was changed: ${describe(problems)}`, problems);
  }
  return [{ type: EVENT_OF[verb], data: decisionData(decision) }];
}

/** Sets PI, project, fund/org, cost centre or account; a flagged charge whose reasons are all mended counts as approved. */
export function decideReattribution(
  change: AttributionChange,
  decision: ReviewDecision,
  isFundOrgAllowed: (fundOrg: string) => boolean,
): ReviewEvent[] {
  if (decision.charges.length === 0) throw nothingToDecide('reattribute');
  if (Object.values(change).every((value) => value === undefined)) {
    throw new DomainError('charge.nothing-to-set', 'invalid', 'Say what to set: PI, project, fund/org, cost centre or account.');
  }
  const clean = cleanChange(change);
  const problems = decision.charges
    .filter((charge) => !['clear', 'flagged', 'approved'].includes(charge.standing))
    .map((charge) => ({
      where: formatChargeId(charge),
      what: `is ${charge.standing}; only a charge that is clear, flagged or approved can be reattributed`,
    }));
  if (problems.length > 0)
    throw new DomainError('charge.not-decidable', 'conflict', `Nothing was changed: ${describe(problems)}`, problems);
  const changes = decision.charges.map((charge) => {
    const after: Attribution = { ...charge.attribution, ...clean };
    return {
      importId: charge.importId,
      lineNumber: charge.lineNumber,
      before: charge.attribution,
      after,
      remainingFlags: charge.flags.filter((flag) => !isMended(flag, after, isFundOrgAllowed)),
    };
  });
  return [{ type: 'ChargesReattributed', data: { ...decisionData(decision), changes } }];
}

function cleanChange(change: AttributionChange): Partial<Attribution> {
  const clean: { -readonly [Field in keyof Attribution]?: string } = {};
  for (const [field, value] of Object.entries(change) as [keyof Attribution, string | undefined][]) {
    if (value === undefined) continue;
    clean[field] = field === 'piEmail' ? foldIdentifier(value) : value.trim().normalize('NFC');
  }
  if (clean.piEmail !== undefined && !isEmailAddress(clean.piEmail)) {
    throw new DomainError('charge.invalid-pi', 'invalid', `“${change.piEmail}” is not an email address; a PI is known by one.`);
  }
  return clean;
}

function isMended(flag: string, attribution: Attribution, isFundOrgAllowed: (fundOrg: string) => boolean): boolean {
  switch (flag) {
    case 'missing_pi_email':
    case 'invalid_pi_email':
      return isEmailAddress(attribution.piEmail);
    case 'missing_project_id':
      return attribution.projectId !== '';
    case 'missing_fund_org':
      return attribution.fundOrg !== '';
    case 'invalid_fund_org':
      return attribution.fundOrg !== '' && isFundOrgAllowed(attribution.fundOrg);
    default:
      return false;
  }
}

function obstacle(verb: DispositionVerb, charge: ReviewableCharge): string | null {
  const needed = NEEDED_STANDING[verb];
  if (charge.standing !== needed) return `is ${charge.standing}; only a charge that is ${needed} can be ${pastOf(verb)}`;
  if (verb !== 'approve') return null;
  if (charge.attribution.piEmail === '' || charge.flags.includes('invalid_pi_email'))
    return 'has no valid PI; reattribute it to one before approving it';
  if (charge.flags.includes('currency_mismatch')) return 'is in another currency than the ledger and is never summed with it; reject it';
  return null;
}

function pastOf(verb: DispositionVerb): string {
  return verb === 'approve' ? 'approved' : verb === 'reject' ? 'rejected' : 'restored';
}

function decisionData(decision: ReviewDecision): DecisionData {
  return {
    period: decision.period,
    charges: packChargeIds(decision.charges),
    count: decision.charges.length,
    amounts: amountsOf(decision.charges),
    note: decision.note,
  };
}

function amountsOf(charges: readonly ReviewableCharge[]): CurrencyAmount[] {
  const sums = new Map<Currency, Decimal>();
  for (const { currency, amount } of charges) sums.set(currency, (sums.get(currency) ?? Decimal.ZERO).plus(Decimal.parse(amount)));
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => ({ currency, amount: sum.toString() }));
}

const MOST_NAMED = 3;

function describe(problems: readonly { where: string; what: string }[]): string {
  const named = problems.slice(0, MOST_NAMED).map((problem) => `charge ${problem.where} ${problem.what}`);
  const more = problems.length > MOST_NAMED ? [`and ${problems.length - MOST_NAMED} more`] : [];
  return `${[...named, ...more].join('; ')}.`;
}

function nothingToDecide(verb: string): DomainError {
  return new DomainError('charge.none-chosen', 'not-found', `There is nothing to ${verb}: no charge matches.`);
}
