import fc from 'fast-check';
import { billingPeriod, Decimal } from '#kernel';
import { type Standing, STANDINGS } from '#ledger';
import type { ChargeKind } from '../domain/review.decide.js';
import type { ChargeFilter } from '../infra/charge-filter.js';

export interface Line {
  readonly importId: number;
  readonly period: string;
  readonly standing: Standing;
  readonly flags: readonly string[];
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly serviceName: string;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly currency: string;
  readonly amount: string;
  readonly billingAccountId: string | null;
  readonly subAccountId: string | null;
  readonly invoiceId: string | null;
  readonly attributionRule: string | null;
}

export interface Held extends Line {
  readonly lineNumber: number;
  readonly source: string;
}

export const PERIODS = ['2025-01', '2025-02', '2025-03'];
const SOURCES = ['aws', 'hpc', 'aws', 'gcp', 'aws', 'hpc'];
/** Imports 1 to 4, the last of which spans all periods; then adjustments, and charges that were divided by a rule. */
export const ADJUSTMENT = 5;
export const SPLIT = 6;
export const SPLIT_RULE = 'R7.1';
const kindOf = (importId: number): ChargeKind => (importId === ADJUSTMENT ? 'adjustment' : importId === SPLIT ? 'part' : 'imported');
export const sourceOf = (importId: number): string => SOURCES[(importId - 1) % SOURCES.length] ?? '';
const PIS = ['', 'ada@x.edu', 'bob@x.edu'];
const PROJECTS = ['', 'p-1', 'p-2'];
const FLAGS = ['missing_fund_org', 'pattern_match:gpu', 'late_charge'];
const TEXTS = ['Node', 'gpu', 'x.edu', 'S3', 'ß', '%', '_', '\\', 'nowhere', 'P-1', 'node s3'];

export const line: fc.Arbitrary<Line> = fc
  .record({
    importId: fc.integer({ min: 1, max: 6 }),
    period: fc.constantFrom(...PERIODS),
    standing: fc.oneof({ weight: 8, arbitrary: fc.constant('clear' as const) }, { weight: 2, arbitrary: fc.constantFrom(...STANDINGS) }),
    flags: fc.subarray(FLAGS),
    piEmail: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIS) }, { weight: 1, arbitrary: fc.constant('rare@x.edu') }),
    projectId: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PROJECTS) }, { weight: 1, arbitrary: fc.constant('p-rare') }),
    fundOrg: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('', 'GPU-1', 'F%2') }, { weight: 1, arbitrary: fc.constant('rare') }),
    serviceName: fc.constantFrom('S3', 'Compute', 'Straße_'),
    resourceId: fc.constantFrom(null, 'arn:node-1', 'a\\b'),
    resourceName: fc.constantFrom(null, 'NODE', '100%'),
    currency: fc.constantFrom('USD', 'USD', 'EUR'),
    amount: fc.constantFrom('1.25', '-0.001', '1000000.123456789', '0.005', '7'),
    billingAccountId: fc.constantFrom(null, 'acct-1', 'acct-2'),
    subAccountId: fc.constantFrom(null, 'sub-1', 'Sub-1'),
    invoiceId: fc.constantFrom(null, 'INV-1', ' inv-1 ', 'INV-10', 'A\u030a'),
    attributionRule: fc.constantFrom(null, null, 'R3.1', 'R3.2', 'R31.1'),
  })
  // A clear charge has no flags; all but one import are of one period; the parts of a split are of its rule, if of any.
  .map((drawn) => ({
    ...drawn,
    flags: drawn.standing === 'clear' ? [] : drawn.flags,
    attributionRule: drawn.importId === SPLIT && drawn.attributionRule !== null ? SPLIT_RULE : drawn.attributionRule,
    period: drawn.importId === 4 ? drawn.period : (PERIODS[(drawn.importId - 1) % 4] ?? ''),
  }));

const FIELDS = [
  ...(['period', 'source', 'piEmail', 'projectId', 'standings', 'flag', 'text', 'amountFrom', 'amountTo'] as const),
  ...(['fundOrg', 'kinds', 'importId', 'billingAccountId', 'subAccountId', 'invoiceId', 'attributionRule'] as const),
];

export const filter: fc.Arbitrary<ChargeFilter> = fc
  .tuple(
    fc.record({
      period: fc.constantFrom(...PERIODS).map(billingPeriod),
      source: fc.constantFrom('aws', 'HPC', 'none'),
      piEmail: fc.constantFrom('ada@x.edu', 'Bob@X.edu', 'rare@x.edu', 'nobody@x.edu'),
      projectId: fc.constantFrom(...PROJECTS, 'p-rare'),
      standings: fc.subarray([...STANDINGS], { minLength: 1 }),
      flag: fc.constantFrom('pattern_match', ...FLAGS),
      text: fc.constantFrom(...TEXTS),
      amountFrom: fc.constantFrom('-0.001', '0.005', '1.25', '1e6'),
      amountTo: fc.constantFrom('1000000.1234567890', '1000000.1234567889', '2000000'),
      fundOrg: fc.constantFrom('', 'GPU-1', 'F%2', 'rare', 'nowhere'),
      kinds: fc.subarray<ChargeKind>(['imported', 'adjustment', 'part'], { minLength: 1 }),
      importId: fc.integer({ min: 1, max: 7 }),
      billingAccountId: fc.constantFrom('', 'acct-1', 'acct-9'),
      subAccountId: fc.constantFrom('', 'sub-1'),
      invoiceId: fc.constantFrom('', ' Inv-1', 'INV-10', '\u00c5', 'inv'),
      attributionRule: fc.constantFrom('R3', 'r3.2', 'R31', 'R7', ' R7.1', 'R9'),
    }),
    fc.subarray(FIELDS, { minLength: 0, maxLength: 3 }),
  )
  .map(([all, used]) => Object.fromEntries(used.map((field) => [field, all[field]])));

export const idOf = ({ importId, lineNumber }: Held): string => `${importId}-${lineNumber}`;

export function inOrder(held: readonly Held[]): Held[] {
  return [...held].sort((a, b) => b.period.localeCompare(a.period) || a.importId - b.importId || a.lineNumber - b.lineNumber);
}

/** The rules once more, one charge at a time. */
export function matches(held: Held, asked: ChargeFilter): boolean {
  const { period, source, piEmail, projectId, fundOrg, standings, flag, text, amountFrom, amountTo, kinds, importId } = asked;
  const { billingAccountId, subAccountId, invoiceId, attributionRule } = asked;
  const rule = attributionRule?.trim().toUpperCase();
  const isOfRule = (each: string | null): boolean => each === rule || each?.startsWith(`${rule}.`) === true;
  const texts = [held.resourceId, held.resourceName, held.serviceName, held.piEmail, held.projectId, held.fundOrg];
  const isFlag = (each: string): boolean => (flag === 'pattern_match' ? each.startsWith('pattern_match:') : each === flag);
  return (
    (period === undefined || held.period === period) &&
    (source === undefined || held.source === source.toLowerCase()) &&
    (piEmail === undefined || held.piEmail === piEmail.toLowerCase()) &&
    (projectId === undefined || held.projectId === projectId) &&
    (fundOrg === undefined || held.fundOrg === fundOrg) &&
    (kinds?.includes(kindOf(held.importId)) ?? true) &&
    (importId === undefined || held.importId === importId) &&
    (billingAccountId === undefined || (held.billingAccountId ?? '') === billingAccountId) &&
    (subAccountId === undefined || (held.subAccountId ?? '') === subAccountId) &&
    (invoiceId === undefined || keyOf(held.invoiceId ?? '') === keyOf(invoiceId)) &&
    (rule === undefined || isOfRule(held.attributionRule) || (held.importId === SPLIT && isOfRule(SPLIT_RULE))) &&
    (standings?.includes(held.standing) ?? (flag === undefined || !['split', 'superseded'].includes(held.standing))) &&
    (flag === undefined || held.flags.some(isFlag)) &&
    (amountFrom === undefined || Decimal.parse(held.amount).compare(Decimal.parse(amountFrom)) >= 0) &&
    (amountTo === undefined || Decimal.parse(held.amount).compare(Decimal.parse(amountTo)) <= 0) &&
    (text === undefined || texts.some((each) => each?.toLowerCase().includes(text.toLowerCase()) === true))
  );
}

function keyOf(invoiceId: string): string {
  return invoiceId
    .trim()
    .normalize('NFC')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What was replaced, withdrawn or divided is summed only if that was asked for. */
export function totalsOf(
  held: readonly Held[],
  asked?: ChargeFilter['standings'],
): { count: number; amounts: { currency: string; list: string; amount: string }[] } {
  const currencies = [...new Set(held.map((each) => each.currency))].sort();
  return {
    count: held.length,
    amounts: currencies.map((code) => {
      const isSummed = ({ standing }: Held): boolean => asked !== undefined || !['split', 'superseded', 'withdrawn'].includes(standing);
      const own = held.filter((each) => each.currency === code && isSummed(each));
      const amount = Decimal.sum(own.map((each) => Decimal.parse(each.amount)));
      return { currency: code, list: amount.plus(amount).toString(), amount: amount.toString() };
    }),
  };
}
