import {
  type Attribution,
  type ChargeChoice,
  formatChargeId,
  type IsFundOrgAllowed,
  notDecidable,
  remainingFlags,
  type ReviewableCharge,
  standingWords,
} from '#charges';
import { DomainError } from '#kernel';
import type { Standing } from '#ledger';
import type { Part } from './division.js';

/** Charges that can be divided: those of a file, as long as they are billed or wait for review. */
export const SPLITTABLE: { readonly standings: readonly Standing[]; readonly kinds: readonly ReviewableCharge['kind'][] } = {
  standings: ['clear', 'flagged', 'approved'],
  kinds: ['imported'],
};

/** @throws DomainError `charge.none-chosen`, `charge.not-decidable` naming the charges and why they can't be divided */
export function requireSplittable({ charges }: Pick<ChargeChoice, 'charges'>): void {
  if (charges.length === 0) {
    throw new DomainError('charge.none-chosen', 'not-found', 'There is nothing to divide: no charge matches that can be.');
  }
  const problems = charges.flatMap((charge) => {
    const what = obstacle(charge);
    return what === null ? [] : [{ where: formatChargeId(charge), what }];
  });
  if (problems.length > 0) throw notDecidable(problems);
}

/** @throws DomainError `charge.none-chosen`, `charge.not-decidable` naming the charges that are not divided */
export function requireSplit({ charges }: Pick<ChargeChoice, 'charges'>): void {
  if (charges.length === 0)
    throw new DomainError('charge.none-chosen', 'not-found', 'There is nothing to put together: no divided charge matches.');
  const problems = charges
    .filter(({ standing }) => standing !== 'split')
    .map((charge) => ({ where: formatChargeId(charge), what: `is ${charge.standing}; only a divided charge is put together again` }));
  if (problems.length > 0) throw notDecidable(problems);
}

function obstacle(charge: ReviewableCharge): string | null {
  if (charge.kind === 'adjustment') return 'is an adjustment, which is paid by whom it was booked for; adjust each payer’s charge instead';
  if (charge.kind === 'part') return 'is a part of a charge; undo that split, and divide the whole charge anew';
  if (SPLITTABLE.standings.includes(charge.standing)) return null;
  return `is ${standingWords(charge)}; only a charge that is clear, flagged or approved can be divided`;
}

/** What charges have that are divided alike. */
export interface AlikeCharges {
  readonly attribution: Attribution;
  readonly flags: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly chargeDay: string;
}

/** A part of such charges: who pays it, and its reasons for review. */
export interface PartOfAlike {
  readonly attribution: Attribution;
  readonly flags: readonly string[];
}

/**
 * Who pays the parts, and why they wait for review, if they do: for what the charge waits for, unless the part's payer mends it.
 * @param isReviewed a person says who pays; else a fund/org that the rules don't allow is a reason of its own
 */
export function partsOfAlike(
  { attribution, flags, chargeDay }: AlikeCharges,
  parts: readonly Part[],
  isFundOrgAllowed: IsFundOrgAllowed,
  isReviewed: boolean,
): PartOfAlike[] {
  return parts.map((part) => {
    const payer: Attribution = {
      piEmail: part.piEmail ?? attribution.piEmail,
      projectId: part.projectId ?? attribution.projectId,
      fundOrg: part.fundOrg ?? attribution.fundOrg,
      costCenter: part.costCenter ?? attribution.costCenter,
      accountCode: part.accountCode ?? attribution.accountCode,
    };
    const left = remainingFlags({ flags, chargeDay }, payer, isFundOrgAllowed);
    const isNewlyInvalid =
      !isReviewed && payer.fundOrg !== '' && !left.includes(INVALID_FUND_ORG) && !isFundOrgAllowed(payer.fundOrg, chargeDay);
    return { attribution: payer, flags: isNewlyInvalid ? withInvalidFundOrg(left) : left };
  });
}

const INVALID_FUND_ORG = 'invalid_fund_org';

/** In the order of domain.md §2: behind what else is wrong with who pays. */
function withInvalidFundOrg(flags: readonly string[]): string[] {
  const isOfPayer = (flag: string): boolean => flag.startsWith('missing_') || flag === 'invalid_pi_email';
  return [...flags.filter(isOfPayer), INVALID_FUND_ORG, ...flags.filter((flag) => !isOfPayer(flag))];
}
