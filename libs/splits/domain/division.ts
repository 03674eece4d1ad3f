import { attributionText, Decimal, DomainError, isEmailAddress, lineTextProblems, MAX_ATTRIBUTION_BYTES, type Problem } from '#kernel';

/** Who pays for a part; null: who pays for the charge. */
export interface PartPayer {
  /** Case-folded, as the ledger knows PIs. */
  readonly piEmail: string | null;
  readonly projectId: string | null;
  readonly fundOrg: string | null;
  readonly costCenter: string | null;
  readonly accountCode: string | null;
}

/**
 * One part of a charge, for each charge that is divided: a share of it in per cent, an amount (as far as the charge goes, on its own side of zero), or, with
 * neither, the rest.
 */
export interface Part extends PartPayer {
  /** Exact decimal. */
  readonly percent: string | null;
  /** Exact decimal, in the charge's currency. */
  readonly amount: string | null;
}

/** A part as people write it. */
export type PartInput = { readonly [Field in keyof Part]?: string | undefined };

const FEWEST_PARTS = 2;
export const MOST_PARTS = 50;
const HUNDRED = Decimal.parse('100');
const PAYER_FIELDS = ['piEmail', 'projectId', 'fundOrg', 'costCenter', 'accountCode'] as const satisfies readonly (keyof PartPayer)[];

/**
 * Parts in the one form in which they are kept: decimals as decimals are written, texts trimmed, PIs case-folded.
 * @throws DomainError `split.parts` with everything that can't be so
 */
export function requireDivision(input: readonly PartInput[]): Part[] {
  const { parts, problems } = divisionOf(input);
  if (problems.length === 0) return parts;
  const said = problems.map(({ where, what }) => `${where}: ${what}`).join(' ');
  throw new DomainError('split.parts', 'invalid', `A charge can't be divided so. ${said}`, problems);
}

/** Parts as {@link requireDivision}, with everything that can't be so. */
export function divisionOf(input: readonly PartInput[]): { readonly parts: Part[]; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  if (input.length < FEWEST_PARTS || input.length > MOST_PARTS) {
    problems.push({ where: 'parts', what: `There are ${input.length}; a charge is divided into ${FEWEST_PARTS} to ${MOST_PARTS}.` });
  }
  const parts = input.map((part, index) => partOf(part, `parts.${index + 1}`, problems));
  if (problems.length === 0) problems.push(...shareProblems(parts), ...payerProblems(parts));
  return { parts, problems };
}

function partOf(input: PartInput, where: string, problems: Problem[]): Part {
  const payer = Object.fromEntries(
    PAYER_FIELDS.map((field) => {
      const text = attributionText(field, input[field] ?? '');
      problems.push(...lineTextProblems(`${where}.${field}`, text, MAX_ATTRIBUTION_BYTES[field]));
      if (field === 'piEmail' && text !== '' && !isEmailAddress(text)) {
        problems.push({ where: `${where}.piEmail`, what: `“${text}” is not an email address; a PI is known by one.` });
      }
      return [field, text || null];
    }),
  ) as unknown as PartPayer;
  const [percent, amount] = (['percent', 'amount'] as const).map((field) => {
    const written = input[field]?.trim() ?? '';
    if (written === '') return null;
    const number = Decimal.tryParse(written);
    if (number?.isPositive() === true) return number.toString();
    problems.push({
      where: `${where}.${field}`,
      what: `“${written}” is no part of a charge; write a number above zero, such as 60 or 12.50.`,
    });
    return null;
  });
  return { percent: percent ?? null, amount: amount ?? null, ...payer };
}

function shareProblems(parts: readonly Part[]): Problem[] {
  const [percents, amounts] = [parts.filter(({ percent }) => percent !== null), parts.filter(({ amount }) => amount !== null)];
  if (percents.length > 0 && amounts.length > 0) {
    return [{ where: 'parts', what: 'Some are per cents and some are amounts; divide by the one or the other.' }];
  }
  const restCount = parts.length - percents.length - amounts.length;
  if (restCount > 1) return [{ where: 'parts', what: 'More than one gets the rest; give all but one a share.' }];
  if (amounts.length > 0 && restCount === 0) {
    return [{ where: 'parts', what: 'None gets the rest; leave the amount of one part out, and it gets what the others leave.' }];
  }
  if (percents.length === 0) return [];
  const sum = sumOfPercents(parts);
  const difference = sum.compare(HUNDRED);
  if (restCount === 0 && difference !== 0) {
    return [
      {
        where: 'parts',
        what: `The shares add up to ${sum.toString()} %; make it 100, or leave the share of one part out: it gets the rest.`,
      },
    ];
  }
  if (restCount === 1 && difference >= 0) {
    return [{ where: 'parts', what: `The shares add up to ${sum.toString()} % and leave nothing for the rest; make it less than 100.` }];
  }
  return [];
}

function payerProblems(parts: readonly Part[]): Problem[] {
  const seen = new Map<string, number>();
  return parts.flatMap((part, index): Problem[] => {
    const key = JSON.stringify(PAYER_FIELDS.map((field) => part[field]));
    const twin = seen.get(key);
    if (twin === undefined) {
      seen.set(key, index + 1);
      return [];
    }
    return [
      {
        where: `parts.${index + 1}`,
        what: `It has the same payer as part ${twin}; make one part of both, or name another PI, project or fund/org.`,
      },
    ];
  });
}

function sumOfPercents(parts: readonly Part[]): Decimal {
  return Decimal.sum(parts.flatMap(({ percent }) => (percent === null ? [] : [Decimal.parse(percent)])));
}

/** A part as it is worked out for each charge: per cents of it, or the stretch of its amount that it covers. */
export interface PartShare {
  /** Of the whole, the rest included; null where it is divided by amounts. */
  readonly percent: string | null;
  /** Where the stretch begins and ends on the way from zero to the amount; `to` null: at the end. */
  readonly from: string | null;
  readonly to: string | null;
  /** As it was asked for: `60%`, `250`, `rest`. */
  readonly asked: string;
}

/** How the parts lie in any charge. Amounts are taken one after the other, in the order of the parts; the rest comes last, wherever it stands. */
export function sharesOf(parts: readonly Part[]): PartShare[] {
  const isByPercent = parts.some(({ percent }) => percent !== null);
  const restPercent = HUNDRED.minus(sumOfPercents(parts)).toString();
  const total = Decimal.sum(parts.flatMap(({ amount }) => (amount === null ? [] : [Decimal.parse(amount)])));
  let taken = Decimal.ZERO;
  return parts.map(({ percent, amount }): PartShare => {
    if (isByPercent) return { percent: percent ?? restPercent, from: null, to: null, asked: percent === null ? REST : `${percent}%` };
    if (amount === null) return { percent: null, from: total.toString(), to: null, asked: REST };
    const from = taken;
    taken = taken.plus(Decimal.parse(amount));
    return { percent: null, from: from.toString(), to: taken.toString(), asked: amount };
  });
}

const REST = 'rest';

/** What each part of a charge gets; they add up to it. @param amount exact, of the charge */
export function amountsOfParts(amount: Decimal, parts: readonly Part[]): Decimal[] {
  const along = (place: string | null): Decimal => {
    const reached = place === null ? amount.abs() : Decimal.parse(place);
    const ended = reached.compare(amount.abs()) > 0 ? amount.abs() : reached;
    return amount.isNegative() ? ended.negated() : ended;
  };
  const hundredth = Decimal.parse('0.01');
  return sharesOf(parts).map(({ percent, from, to }) =>
    percent === null ? along(to).minus(along(from)) : amount.times(Decimal.parse(percent)).times(hundredth),
  );
}
