import { composedText, DomainError, type Problem } from '#kernel';
import type { Fund, FundEvent } from './fund.events.js';
import { fundFieldProblem, type FundField, isDay, notADay } from './fund-text.js';

/** What is said about a fund, as written: a day is `YYYY-MM-DD`, and empty for none. What is left out stays. */
export type FundInput = Partial<Readonly<Record<Exclude<FundField, 'fundOrg'>, string>>>;

export interface Retirement {
  /** The last day on which the fund may be charged. */
  readonly lastDay: string;
  readonly reason: string | null;
}

/** What a fund is that nothing is said about but its fund/org. */
function bareFund(fundOrg: string): Fund {
  return { fundOrg, title: '', validFrom: null, validTo: null, owner: '' };
}

/** The fund with what is said about it; texts are trimmed. What is said must have been found right. */
export function withInput(current: Fund | null, fundOrg: string, input: FundInput): Fund {
  const before = current ?? bareFund(fundOrg);
  const { title, validFrom, validTo, owner } = input;
  return {
    fundOrg,
    title: title === undefined ? before.title : composedText(title),
    validFrom: validFrom === undefined ? before.validFrom : validFrom.trim() || null,
    validTo: validTo === undefined ? before.validTo : validTo.trim() || null,
    owner: owner === undefined ? before.owner : composedText(owner),
  };
}

/** What is wrong with what is said about a fund, by field. */
export function inputProblems(fundOrg: string, input: FundInput): { readonly field: FundField; readonly what: string }[] {
  const texts: Partial<Record<FundField, string>> = { fundOrg, ...input };
  return (Object.keys(texts) as FundField[]).flatMap((field) => {
    const what = fundFieldProblem(field, composedText(texts[field] ?? ''));
    return what === undefined ? [] : [{ field, what }];
  });
}

/** A fund that ends before it begins, unless it was so before (retired before it began) and the days stay. */
export function orderProblem(before: Fund | null, after: Fund): string | undefined {
  const { validFrom, validTo } = after;
  if (validFrom === null || validTo === null || validTo >= validFrom) return undefined;
  if (before?.validFrom === validFrom && before.validTo === validTo) return undefined;
  return `The last day ${validTo} lies before the first, ${validFrom}; change one of them.`;
}

export function isSameFund(one: Fund, other: Fund): boolean {
  return one.title === other.title && one.validFrom === other.validFrom && one.validTo === other.validTo && one.owner === other.owner;
}

/** @throws DomainError `funds.invalid`. */
export function checkedFundOrg(text: string): string {
  const fundOrg = composedText(text);
  const what = fundFieldProblem('fundOrg', fundOrg);
  if (what !== undefined) throw invalidFund(fundOrg, [{ where: 'fundOrg', what }]);
  return fundOrg;
}

/**
 * Puts a fund into the chart, or changes what `input` says about it; no event when nothing would change.
 * @throws DomainError `funds.invalid` with every field that can't be so.
 */
export function decideFund(current: Fund | null, fundOrg: string, input: FundInput): FundEvent[] {
  const problems: Problem[] = inputProblems(fundOrg, input).map(({ field, what }) => ({ where: field, what }));
  if (problems.length > 0) throw invalidFund(fundOrg, problems);
  const fund = withInput(current, fundOrg, input);
  const order = orderProblem(current, fund);
  if (order !== undefined) throw invalidFund(fundOrg, [{ where: 'validTo', what: order }]);
  if (current === null) return [{ type: 'FundRegistered', data: fund }];
  return isSameFund(current, fund) ? [] : [{ type: 'FundChanged', data: fund }];
}

/**
 * Ends a fund with a day.
 * @throws DomainError `funds.unknown`, `funds.invalid` for a day that is none, `funds.retired` if it ends then or earlier already.
 */
export function decideRetirement(current: Fund | null, fundOrg: string, { lastDay, reason }: Retirement): FundEvent[] {
  const fund = knownFund(current, fundOrg);
  const day = checkedDay(fundOrg, lastDay);
  if (fund.validTo !== null && fund.validTo <= day) {
    throw new DomainError(
      'funds.retired',
      'conflict',
      `${fundOrg} is valid until ${fund.validTo} already; to move its end, change the fund.`,
    );
  }
  return [{ type: 'FundRetired', data: { ...fund, validTo: day, reason: reason?.trim() || null } }];
}

/** Takes a fund out of the chart. */
export function decideRemoval({ fundOrg }: Fund, reason: string | null): FundEvent[] {
  return [{ type: 'FundRemoved', data: { fundOrg, reason: reason?.trim() || null } }];
}

/** @throws DomainError `funds.unknown`. */
export function knownFund(fund: Fund | null, fundOrg: string): Fund {
  if (fund !== null) return fund;
  throw new DomainError(
    'funds.unknown',
    'not-found',
    `${fundOrg} is in no chart of funds; its letters must be written as there, also their case.`,
  );
}

function checkedDay(fundOrg: string, text: string): string {
  const day = text.trim();
  if (!isDay(day)) throw invalidFund(fundOrg, [{ where: 'lastDay', what: notADay(day) }]);
  return day;
}

function invalidFund(fundOrg: string, problems: readonly Problem[]): DomainError {
  const said = problems.map(({ where, what }) => `${where}: ${what}`).join(' ');
  return new DomainError('funds.invalid', 'invalid', `The fund “${fundOrg}” can't be set so. ${said}`, problems);
}
