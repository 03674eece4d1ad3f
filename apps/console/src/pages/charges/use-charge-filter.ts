import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Standing } from '../../api/queries.js';

/** What charges are looked for by, as it stands in the address: a filter can be bookmarked and sent to a colleague. */
export interface ChargeFilter {
  readonly source?: string;
  readonly piEmail?: string;
  readonly projectId?: string;
  readonly flag?: string;
  readonly text?: string;
  readonly standing?: readonly Standing[];
}

const TEXT_FIELDS = ['source', 'piEmail', 'projectId', 'flag', 'text'] as const;
const STANDINGS: readonly Standing[] = ['clear', 'flagged', 'approved', 'rejected', 'superseded', 'withdrawn'];

export interface ChargeFilterState {
  readonly filter: ChargeFilter;
  /** From 0. */
  readonly page: number;
  readonly isSet: boolean;
  readonly set: (change: { readonly [Field in keyof ChargeFilter]?: ChargeFilter[Field] | undefined }) => void;
  readonly setPage: (page: number) => void;
  readonly reset: () => void;
}

export function useChargeFilter(): ChargeFilterState {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo<ChargeFilter>(() => {
    const texts = Object.fromEntries(TEXT_FIELDS.flatMap((field) => (search.get(field) ? [[field, search.get(field)]] : [])));
    const standing = search.getAll('standing').filter((value): value is Standing => (STANDINGS as readonly string[]).includes(value));
    return { ...texts, ...(standing.length > 0 ? { standing } : {}) };
  }, [search]);

  const set = useCallback<ChargeFilterState['set']>(
    (change) =>
      setSearch(
        (current) => {
          for (const [field, value] of Object.entries(change)) {
            current.delete(field);
            for (const part of typeof value === 'string' ? [value] : (value ?? [])) if (part !== '') current.append(field, part);
          }
          current.delete('page');
          return current;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const setPage = useCallback(
    (page: number) =>
      setSearch((current) => {
        if (page === 0) current.delete('page');
        else current.set('page', String(page + 1));
        return current;
      }),
    [setSearch],
  );
  const reset = useCallback(
    () =>
      setSearch((current) => {
        for (const field of [...TEXT_FIELDS, 'standing', 'page']) current.delete(field);
        return current;
      }),
    [setSearch],
  );
  const pageText = search.get('page') ?? '1';
  const page = /^[1-9]\d{0,6}$/.test(pageText) ? Number(pageText) - 1 : 0;
  return { filter, page, isSet: Object.keys(filter).length > 0, set, setPage, reset };
}
