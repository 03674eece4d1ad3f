import type { Standing } from '#ledger';
import {
  type BillingPeriod,
  type Currency,
  Decimal,
  DomainError,
  foldIdentifier,
  isEmailAddress,
  isUnstorable,
  MAX_ATTRIBUTION_BYTES,
  tooLong,
} from '#kernel';
import { groupAttributionChanges } from './attribution-groups.js';
import { type ChargeId, formatChargeId, packChargeIds } from './charge-id.js';
import type { Attribution, CurrencyAmount, DecisionData, ReviewEvent } from './review.events.js';
import { requireAsSeen, type SeenCharges } from './seen-charges.js';

export const CHARGE_KINDS = ['imported', 'adjustment', 'part'] as const;
export type ChargeKind = (typeof CHARGE_KINDS)[number];

/** A charge as a decision sees it. */
export interface ReviewableCharge extends ChargeId {
  readonly standing: Standing;
  /** Whether it comes from a file, corrects a charge, or is a part of one. */
  readonly kind: ChargeKind;
  readonly flags: readonly string[];
  readonly attribution: Attribution;
  readonly currency: Currency;
  /** Exact decimal. */
  readonly amount: string;
  /** `YYYY-MM-DD`. */
  readonly chargeDay: string;
}

export type DispositionVerb = 'approve' | 'reject' | 'restore';

/** Attribution as a reviewer types it: what is left out stays. */
export type AttributionChange = { readonly [Field in keyof Attribution]?: string | undefined };

/** Whether the rules and the chart of funds let a charge of that day (`YYYY-MM-DD`) go to a fund/org. */
export type IsFundOrgAllowed = (fundOrg: string, day: string) => boolean;

export interface ReviewDecision {
  readonly period: BillingPeriod;
  readonly charges: readonly ReviewableCharge[];
  readonly note: string | null;
  /** What the reviewer was shown of all that match; left out where charges are named one by one. */
  readonly seen?: SeenCharges | undefined;
}

const EVENT_OF = { approve: 'ChargesApproved', reject: 'ChargesRejected', restore: 'ChargesRestored' } as const;
const NEEDED_STANDING: { readonly [Verb in DispositionVerb]: Standing } = { approve: 'flagged', reject: 'flagged', restore: 'rejected' };

/** Which standings a decision can be made on (domain.md §3). */
export function decidableStandings(verb: DispositionVerb | 'reattribute'): readonly Standing[] {
  return verb === 'reattribute' ? REATTRIBUTABLE : [NEEDED_STANDING[verb]];
}

const REATTRIBUTABLE: readonly Standing[] = ['clear', 'flagged', 'approved'];

/**
 * Approves, rejects or restores charges, all or none (domain.md §3).
 * @throws DomainError of kind conflict that names the charges which can't be decided on, and why, or says that others match than were shown
 */
export function decideDisposition(verb: DispositionVerb, decision: ReviewDecision): ReviewEvent[] {
  const data = decisionData(decision);
  if (decision.charges.length === 0) throw nothingToDecide(verb);
  const problems = decision.charges.flatMap((charge) => {
    const what = obstacle(verb, charge);
    return what === null ? [] : [{ where: formatChargeId(charge), what }];
  });
  if (problems.length > 0) throw notDecidable(problems);
  return [{ type: EVENT_OF[verb], data }];
}

/** Sets PI, project, fund/org, cost centre or account; a flagged charge whose reasons are all mended counts as approved. */
export function decideReattribution(
  change: AttributionChange,
  decision: ReviewDecision,
  isFundOrgAllowed: IsFundOrgAllowed,
): ReviewEvent[] {
  const data = decisionData(decision);
  if (decision.charges.length === 0) throw nothingToDecide('reattribute');
  if (Object.values(change).every((value) => value === undefined)) {
    throw new DomainError('charge.nothing-to-set', 'invalid', 'Say what to set: PI, project, fund/org, cost centre or account.');
  }
  const clean = cleanChange(change);
  const problems = decision.charges
    .filter((charge) => !REATTRIBUTABLE.includes(charge.standing))
    .map((charge) => ({
      where: formatChargeId(charge),
      what: `is ${standingWords(charge)}; only a charge that is clear, flagged or approved can be reattributed`,
    }));
  if (problems.length > 0) throw notDecidable(problems);
  const changes = decision.charges.map((charge) => {
    const after: Attribution = { ...charge.attribution, ...clean };
    return {
      importId: charge.importId,
      lineNumber: charge.lineNumber,
      before: charge.attribution,
      after,
      remainingFlags: remainingFlags(charge, after, isFundOrgAllowed),
    };
  });
  return [{ type: 'ChargesReattributed', data: { ...data, changes: groupAttributionChanges(changes) } }];
}

function cleanChange(change: AttributionChange): Partial<Attribution> {
  const clean: { -readonly [Field in keyof Attribution]?: string } = {};
  for (const [field, value] of Object.entries(change) as [keyof Attribution, string | undefined][]) {
    if (value === undefined) continue;
    const text = field === 'piEmail' ? foldIdentifier(value) : value.trim().normalize('NFC');
    if (isUnstorable(text)) {
      throw new DomainError(
        'charge.unstorable-text',
        'invalid',
        `${NAMES[field]} holds a NUL or half a character, which no text can hold.`,
      );
    }
    const length = tooLong(text, MAX_ATTRIBUTION_BYTES[field]);
    if (length !== undefined) {
      throw new DomainError(
        'charge.too-long',
        'invalid',
        `${NAMES[field]} ${length}, the most that the ledger keeps; write a shorter one.`,
        [{ where: field, what: length }],
      );
    }
    clean[field] = text;
  }
  if (clean.piEmail !== undefined && !isEmailAddress(clean.piEmail)) {
    throw new DomainError('charge.invalid-pi', 'invalid', `“${change.piEmail}” is not an email address; a PI is known by one.`);
  }
  return clean;
}

const NAMES: Readonly<Record<keyof Attribution, string>> = {
  piEmail: 'The PI',
  projectId: 'The project',
  fundOrg: 'The fund/org',
  costCenter: 'The cost centre',
  accountCode: 'The account',
};

/** Reasons for review that another payer leaves of those that a charge has. */
export function remainingFlags(
  { flags, chargeDay }: Pick<ReviewableCharge, 'flags' | 'chargeDay'>,
  attribution: Attribution,
  isFundOrgAllowed: IsFundOrgAllowed,
): string[] {
  return flags.filter((flag) => !isMended(flag, attribution, chargeDay, isFundOrgAllowed));
}

function isMended(flag: string, attribution: Attribution, day: string, isFundOrgAllowed: IsFundOrgAllowed): boolean {
  switch (flag) {
    case 'missing_pi_email':
    case 'invalid_pi_email':
      return isEmailAddress(attribution.piEmail);
    case 'missing_project_id':
      return attribution.projectId !== '';
    case 'missing_fund_org':
      return attribution.fundOrg !== '';
    case 'invalid_fund_org':
      return attribution.fundOrg !== '' && isFundOrgAllowed(attribution.fundOrg, day);
    default:
      return false;
  }
}

function obstacle(verb: DispositionVerb, charge: ReviewableCharge): string | null {
  const needed = NEEDED_STANDING[verb];
  if (charge.standing !== needed) return `is ${standingWords(charge)}; only a charge that is ${needed} can be ${pastOf(verb)}`;
  if (verb !== 'approve') return null;
  if (charge.attribution.piEmail === '' || charge.flags.includes('invalid_pi_email'))
    return 'has no valid PI; reattribute it to one before approving it';
  if (charge.flags.includes('currency_mismatch')) return 'is in another currency than the ledger and is never summed with it; reject it';
  return null;
}

/** As a refusal says it. */
export function standingWords({ standing }: Pick<ReviewableCharge, 'standing'>): string {
  return standing === 'split' ? 'divided, and its parts stand for it' : standing;
}

function pastOf(verb: DispositionVerb): string {
  return verb === 'approve' ? 'approved' : verb === 'reject' ? 'rejected' : 'restored';
}

/** @throws DomainError as {@link requireChoice}, before anything else is looked at: what no longer matches may be why nothing is left. */
function decisionData({ period, charges, note, seen }: ReviewDecision): DecisionData {
  return { period, charges: packChargeIds(charges), ...requireChoice({ charges, seen }), note: cleanNote(note) };
}

/** How many charges were chosen, and how much money. @throws DomainError `charge.selection-changed` if it is anything else than was seen */
export function requireChoice({ charges, seen }: Pick<ReviewDecision, 'charges' | 'seen'>): Pick<DecisionData, 'count' | 'amounts'> {
  const [count, amounts] = [charges.length, amountsOf(charges)];
  if (seen !== undefined) requireAsSeen(seen, { count, amounts });
  return { count, amounts };
}

/** @throws DomainError `charge.unstorable-text` */
export function cleanNote(note: string | null): string | null {
  if (note !== null && isUnstorable(note)) {
    throw new DomainError('charge.unstorable-text', 'invalid', 'The note holds a NUL or half a character, which no text can hold.');
  }
  return note === null || note.trim() === '' ? null : note.trim();
}

function amountsOf(charges: readonly ReviewableCharge[]): CurrencyAmount[] {
  const sums = new Map<Currency, Decimal>();
  for (const { currency, amount } of charges) sums.set(currency, (sums.get(currency) ?? Decimal.ZERO).plus(Decimal.parse(amount)));
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => ({ currency, amount: sum.toString() }));
}

const MOST_NAMED = 3;
/** Of 100,000 charges that can't be decided on, an answer lists as many. */
const MOST_LISTED = 100;

/** @param problems why charges, named by `where`, can't be decided on */
export function notDecidable(problems: readonly { where: string; what: string }[]): DomainError {
  return new DomainError('charge.not-decidable', 'conflict', `Nothing was changed: ${describe(problems)}`, problems.slice(0, MOST_LISTED));
}

function describe(problems: readonly { where: string; what: string }[]): string {
  const named = problems.slice(0, MOST_NAMED).map((problem) => `charge ${problem.where} ${problem.what}`);
  const more = problems.length > MOST_NAMED ? [`and ${problems.length - MOST_NAMED} more`] : [];
  return `${[...named, ...more].join('; ')}.`;
}

function nothingToDecide(verb: string): DomainError {
  return new DomainError('charge.none-chosen', 'not-found', `There is nothing to ${verb}: no charge matches.`);
}
