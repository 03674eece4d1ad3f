import { useCallback, useMemo } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import type { ChargeKind, Standing } from '../../api/queries.js';

/** What charges are looked for by, as it stands in the address: a filter can be bookmarked and sent to a colleague. */
export interface ChargeFilter {
  readonly source?: string;
  readonly piEmail?: string;
  readonly projectId?: string;
  readonly flag?: string;
  readonly text?: string;
  /** Exact decimals, both included. */
  readonly amountFrom?: string;
  readonly amountTo?: string;
  readonly fundOrg?: string;
  readonly billingAccountId?: string;
  readonly subAccountId?: string;
  readonly invoiceId?: string;
  /** `R3` in any version, `R3.2` in that one. */
  readonly attributionRule?: string;
  /** Of an import, an adjustment or a split. */
  readonly importId?: number;
  readonly kind?: readonly ChargeKind[];
  readonly standing?: readonly Standing[];
}

const TEXT_FIELDS = [
  ...(['source', 'piEmail', 'projectId', 'flag', 'text', 'amountFrom', 'amountTo'] as const),
  ...(['fundOrg', 'billingAccountId', 'subAccountId', 'invoiceId', 'attributionRule'] as const),
];
const STANDINGS: readonly Standing[] = ['clear', 'flagged', 'approved', 'rejected', 'split', 'superseded', 'withdrawn'];
export const CHARGE_KINDS: readonly ChargeKind[] = ['imported', 'adjustment', 'part'];

/** Where in the list the page begins, and the way there. A page is named by the charge before it, so none is skipped when others arrive. */
export interface PlaceInList {
  /** Null for the first page. */
  readonly after: string | null;
  /** From 0; null when the page was not reached from the first one, but through a bookmark. */
  readonly page: number | null;
  readonly goTo: (next: string) => void;
  readonly goBack: () => void;
}

export interface ChargeFilterState {
  readonly filter: ChargeFilter;
  readonly place: PlaceInList;
  readonly isSet: boolean;
  readonly set: (change: { readonly [Field in keyof ChargeFilter]?: ChargeFilter[Field] | undefined }) => void;
  readonly reset: () => void;
}

export function useChargeFilter(): ChargeFilterState {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo<ChargeFilter>(() => {
    const texts = Object.fromEntries(TEXT_FIELDS.flatMap((field) => (search.get(field) ? [[field, search.get(field)]] : [])));
    const standing = search.getAll('standing').filter((value): value is Standing => (STANDINGS as readonly string[]).includes(value));
    const kind = search.getAll('kind').filter((value): value is ChargeKind => (CHARGE_KINDS as readonly string[]).includes(value));
    const importId = search.get('importId') ?? '';
    return {
      ...texts,
      ...(standing.length > 0 ? { standing } : {}),
      ...(kind.length > 0 ? { kind } : {}),
      ...(/^[1-9]\d{0,8}$/.test(importId) ? { importId: Number(importId) } : {}),
    };
  }, [search]);

  const set = useCallback<ChargeFilterState['set']>(
    (change) =>
      setSearch(
        (current) => {
          for (const [field, value] of Object.entries(change)) {
            current.delete(field);
            for (const part of Array.isArray(value) ? (value as readonly string[]) : [value ?? ''])
              if (part !== '') current.append(field, String(part));
          }
          current.delete('after');
          return current;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const reset = useCallback(
    () =>
      setSearch((current) => {
        for (const field of [...TEXT_FIELDS, 'standing', 'kind', 'importId', 'after']) current.delete(field);
        return current;
      }),
    [setSearch],
  );
  return { filter, place: usePlace(), isSet: Object.keys(filter).length > 0, set, reset };
}

function usePlace(): PlaceInList {
  const [search, setSearch] = useSearchParams();
  const after = search.get('after');
  const trail = trailOf(useLocation().state);
  const go = (to: string | null, way: readonly (string | null)[]): void =>
    setSearch(
      (current) => {
        if (to === null) current.delete('after');
        else current.set('after', to);
        return current;
      },
      { state: { trail: way } },
    );
  return {
    after,
    page: after === null ? 0 : trail.length === 0 ? null : trail.length,
    goTo: (next) => go(next, after !== null && trail.length === 0 ? [] : [...trail, after]),
    goBack: () => go(trail.at(-1) ?? null, trail.slice(0, -1)),
  };
}

/** The pages that led here, as the browser's history keeps them through a reload. */
function trailOf(state: unknown): readonly (string | null)[] {
  const trail: unknown = typeof state === 'object' && state !== null && 'trail' in state ? state.trail : [];
  return Array.isArray(trail) ? trail.filter((each): each is string | null => each === null || typeof each === 'string') : [];
}
