import { type BillingPeriod, type Currency, LinearPattern } from '#kernel';
import type { FundProblem } from './rule-sweep.js';
import type { WrittenTag } from './line-as-imported.js';

/** Fields that tags may name (domain.md §2). */
export type TagField = 'pi_email' | 'project_id' | 'fund_org' | 'end_date' | 'reconciliation_end';

/** The rules as they are configured now. */
export interface FlagSettings {
  readonly tagMapping: Readonly<Record<TagField, readonly string[]>>;
  readonly fundOrgPatterns: readonly string[];
  /** Why the chart of funds has no such fund/org on a day; null if it has, or if none is in use. */
  readonly fundProblem: FundProblem;
  readonly ledgerCurrency: Currency;
}

/** What the rules looked at. Days are `YYYY-MM-DD`. */
export interface FlaggedLine {
  readonly piEmailAsWritten: string | null;
  readonly fundOrg: string | null;
  readonly endDate: string | null;
  readonly reconciliationEnd: string | null;
  readonly serviceName: string;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly period: BillingPeriod;
  /** What the import was told to expect. */
  readonly expectedPeriod: BillingPeriod | null;
  readonly currency: Currency;
  readonly chargeDay: string;
  readonly tags: readonly WrittenTag[];
}

/** Why a line needs a person, in whole sentences. */
export interface FlagExplanation {
  readonly rule: string;
  /** What was looked at, and found. */
  readonly found: string;
  readonly remedy: string;
}

const PATTERN = 'pattern_match:';
const DECIDE = 'Approve it if it is right, or reject it.';

/** Why `flag` is on a line (domain.md §2, in the order of its table). */
export function explainFlag(flag: string, line: FlaggedLine, settings: FlagSettings): FlagExplanation {
  if (flag.startsWith(PATTERN)) return patternFound(flag.slice(PATTERN.length), line);
  switch (flag) {
    case 'missing_pi_email':
      return missing('PI', 'pi_email', 'A charge without a PI is never approved: reattribute it to one.', line, settings);
    case 'missing_project_id':
      return missing('project', 'project_id', 'Reattribute it to a project, or approve it without one.', line, settings);
    case 'missing_fund_org':
      return missing('fund/org', 'fund_org', 'Reattribute it to a fund/org, or approve it without one.', line, settings);
    case 'invalid_pi_email':
      return {
        rule: `A PI is known by an email address, in the tag ${listed(settings.tagMapping.pi_email)}.`,
        found: `${quoted(line.piEmailAsWritten)} is not an email address.`,
        remedy: 'A charge without a valid PI is never approved: reattribute it to one.',
      };
    case 'invalid_fund_org':
      return invalidFundOrg(line, settings);
    case 'period_mismatch':
      return {
        rule: `The import was told to expect charges of ${line.expectedPeriod ?? 'another period'}.`,
        found: `BillingPeriodStart lies in ${line.period}.`,
        remedy: DECIDE,
      };
    case 'currency_mismatch':
      return {
        rule: `The ledger is kept in ${settings.ledgerCurrency}, and amounts of two currencies are never summed.`,
        found: `The line is in ${line.currency}.`,
        remedy: 'It can’t be approved: reject it, and have the source deliver it in the currency of the ledger.',
      };
    case 'late_charge':
      return afterEnd('The reconciliation of the project', 'reconciliation_end', line.reconciliationEnd, line, settings);
    case 'expired_project':
      return afterEnd('The project', 'end_date', line.endDate, line, settings);
    default:
      return {
        rule: `The import flagged the line as ${flag}.`,
        found: 'This version of the program does not know that flag.',
        remedy: DECIDE,
      };
  }
}

function missing(what: string, field: TagField, remedy: string, line: FlaggedLine, { tagMapping }: FlagSettings): FlagExplanation {
  const names = tagMapping[field];
  return {
    rule:
      names.length === 0
        ? `Every line must name a ${what}, and no tag is configured for it (tag_mapping.${field}).`
        : `Every line must name a ${what}, in the tag ${listed(names)} (tag_mapping.${field}).`,
    found: tagsFound(names, line.tags),
    remedy: `${remedy} For good, the source sets the tag.`,
  };
}

function tagsFound(wanted: readonly string[], present: readonly WrittenTag[]): string {
  if (present.length === 0) return 'The line has no tags.';
  const folded = new Set(wanted.map(fold));
  const named = present.filter(({ name }) => folded.has(fold(name)));
  const names = listed(
    named.map(({ name }) => name),
    'and',
  );
  if (named.length === 0)
    return `The line has other tags: ${listed(
      present.map(({ name }) => name),
      'and',
    )}.`;
  if (named.every(({ value }) => value.trim() === '')) return `The tag ${names} is there, and empty.`;
  return `The line has the tag ${names}; another name was configured when it was read.`;
}

/** By the patterns first, as the reader does; one that they take may still be in no chart, or not on that day. */
function invalidFundOrg({ fundOrg, chargeDay }: FlaggedLine, { fundOrgPatterns, fundProblem }: FlagSettings): FlagExplanation {
  const remedy = 'Reattribute it to a fund/org that is right, or approve it as it is.';
  const takes = fundOrgPatterns.some((pattern) => LinearPattern.compile(pattern, { ignoreCase: true }).matchesStart(fundOrg ?? ''));
  const ofPatterns = `The fund/org must match one of the fund/org patterns from its start, in any case: ${listed(fundOrgPatterns)}.`;
  if (fundOrgPatterns.length > 0 && !takes) return { rule: ofPatterns, found: `${quoted(fundOrg)} matches none of them.`, remedy };
  const problem = fundProblem(fundOrg ?? '', chargeDay);
  if (problem !== null) {
    return {
      rule: 'The fund/org must be in the chart of funds on the day of the charge.',
      found: `The charge is of ${chargeDay}, and ${problem}.`,
      remedy: `${remedy} If the chart is wrong, have it put right and the period flagged again.`,
    };
  }
  return {
    rule: fundOrgPatterns.length === 0 ? 'The fund/org must be one that the office knows; no pattern for it is set any more.' : ofPatterns,
    found: `${quoted(fundOrg)} was not accepted when the charge was flagged; by the patterns and the chart of funds of today it is.`,
    remedy: `${remedy} Or have the period flagged again.`,
  };
}

function patternFound(pattern: string, line: FlaggedLine): FlagExplanation {
  const compiled = LinearPattern.compile(pattern, { ignoreCase: true });
  const places = (
    [
      ['ServiceName', line.serviceName],
      ['ResourceId', line.resourceId],
      ['ResourceName', line.resourceName],
    ] as const
  ).flatMap(([column, text]) => (text !== null && compiled.isFoundIn(text) ? [`${column} ${quoted(text)}`] : []));
  return {
    rule: `A person looks at whatever has “${pattern}” anywhere in service, resource id or resource name.`,
    found: `It is found in ${places.join(' and ')}.`,
    remedy: DECIDE,
  };
}

function afterEnd(
  what: string,
  field: 'end_date' | 'reconciliation_end',
  end: string | null,
  line: FlaggedLine,
  { tagMapping }: FlagSettings,
): FlagExplanation {
  return {
    rule: `${what} ended on ${end ?? 'a day that is not known'}, as the tag ${listed(tagMapping[field])} says.`,
    found: `The charge is of ${line.chargeDay}.`,
    remedy: DECIDE,
  };
}

/** Tags are found by their name without case and surrounding space. */
function fold(name: string): string {
  return name.trim().toLowerCase();
}

function quoted(text: string | null): string {
  return text === null ? 'Nothing' : `“${text}”`;
}

const MOST_LISTED = 12;

function listed(texts: readonly string[], joint: 'and' | 'or' = 'or'): string {
  const shown = texts.slice(0, MOST_LISTED).map((text) => `“${text}”`);
  if (texts.length > MOST_LISTED) return `${shown.join(', ')} ${joint} ${texts.length - MOST_LISTED} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${joint} ${shown.at(-1)}`;
}
