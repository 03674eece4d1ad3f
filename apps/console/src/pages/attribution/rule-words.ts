import type { Charge } from '../../api/queries.js';
import { divisionWords } from '../splits/division.js';
import type { Rule, RuleDraft } from './attribution-queries.js';

export const MATCH_FIELDS = [
  { field: 'source', title: 'Source' },
  { field: 'subAccount', title: 'Sub-account' },
  { field: 'service', title: 'Service' },
  { field: 'resourceId', title: 'Resource id' },
  { field: 'resourceName', title: 'Resource name' },
] as const satisfies readonly { readonly field: keyof Rule['match']; readonly title: string }[];

export const SET_FIELDS = [
  { field: 'piEmail', title: 'PI (email)', short: 'PI' },
  { field: 'projectId', title: 'Project', short: 'project' },
  { field: 'fundOrg', title: 'Fund/org', short: 'fund/org' },
  { field: 'costCenter', title: 'Cost centre', short: 'cost centre' },
  { field: 'accountCode', title: 'Account', short: 'account' },
] as const satisfies readonly { readonly field: keyof Rule['set']; readonly title: string; readonly short: string }[];

/** `source hpc, resource id gpu-*`. */
export function matchWords({ match }: Pick<Rule, 'match'>): string {
  return MATCH_FIELDS.flatMap(({ field, title }) => (match[field] === null ? [] : [`${title.toLowerCase()} ${match[field]}`])).join(', ');
}

/** `PI ada@x.edu, project engine`; `divides: 60 % MATH-200, rest BIO-1`. */
export function setWords({ set, parts }: Pick<Rule, 'set' | 'parts'>): string {
  const words = SET_FIELDS.flatMap(({ field, short }) => (set[field] === null ? [] : [`${short} ${set[field]}`])).join(', ');
  if (parts.length === 0) return words;
  return `divides: ${divisionWords(parts)}${words === '' ? '' : `; else ${words}`}`;
}

/** `60 %: fund/org MATH-200`. */
export function partWords({ percent, amount, ...payer }: Rule['parts'][number]): string {
  const share = percent !== null ? `${percent} %` : (amount ?? 'rest');
  const words = SET_FIELDS.flatMap(({ field, short }) => (payer[field] === null ? [] : [`${short} ${payer[field]}`])).join(', ');
  return words === '' ? share : `${share}: ${words}`;
}

export function dayWords({ validFrom, validTo }: Pick<Rule, 'validFrom' | 'validTo'>): string {
  if (validFrom === null && validTo === null) return 'any day';
  if (validTo === null) return `from ${validFrom ?? ''}`;
  return validFrom === null ? `until ${validTo}` : `${validFrom} – ${validTo}`;
}

export const EMPTY_DRAFT: RuleDraft = {
  name: '',
  match: { source: '', subAccount: '', service: '', resourceId: '', resourceName: '' },
  set: { piEmail: '', projectId: '', fundOrg: '', costCenter: '', accountCode: '' },
  division: null,
};

/** A rule that would have set a charge right: it matches what names its resource best, and sets what is given. */
export function draftFrom(charge: Charge, set: Partial<RuleDraft['set']>): RuleDraft {
  const { source, serviceName, resourceId, resourceName } = charge;
  const ofResource =
    resourceId !== null ? { resourceId } : resourceName !== null ? { resourceName, service: serviceName } : { service: serviceName };
  return {
    name: `${resourceName ?? resourceId ?? serviceName} of ${source}`.slice(0, 100),
    match: { ...EMPTY_DRAFT.match, source, ...ofResource },
    set: { ...EMPTY_DRAFT.set, ...set },
    division: null,
  };
}

/** The draft that another page brought along. */
export function draftOf(state: unknown): RuleDraft | null {
  if (typeof state !== 'object' || state === null || !('ruleDraft' in state)) return null;
  return state.ruleDraft as RuleDraft;
}
