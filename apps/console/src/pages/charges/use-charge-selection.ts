import { useCallback, useMemo, useState } from 'react';
import type { Charge } from '../../api/queries.js';

export interface ChargeSelection {
  readonly ids: ReadonlySet<string>;
  /** Everything that matches the filter is chosen, on all pages. */
  readonly isAllMatching: boolean;
  readonly isPageSelected: boolean;
  readonly isAnySelected: boolean;
  readonly isSelected: (id: string) => boolean;
  /** `range` also takes everything between this row and the one ticked last. */
  readonly toggle: (id: string, range: boolean) => void;
  readonly togglePage: () => void;
  readonly selectAllMatching: () => void;
  readonly clear: () => void;
}

interface Ticked {
  readonly ids: ReadonlySet<string>;
  readonly last: string | null;
  readonly all: boolean;
}

const NOTHING: Ticked = { ids: new Set(), last: null, all: false };

/** Which charges of the page are ticked; what has left the page is no longer counted. */
export function useChargeSelection(charges: readonly Charge[] | undefined): ChargeSelection {
  const [ticked, setTicked] = useState<Ticked>(NOTHING);
  const pageIds = useMemo(() => (charges ?? []).map((charge) => charge.id), [charges]);
  const ids = useMemo(() => new Set(ticked.all ? pageIds : pageIds.filter((id) => ticked.ids.has(id))), [ticked, pageIds]);

  const toggle = useCallback(
    (id: string, range: boolean) =>
      setTicked((current) => {
        const next = new Set(current.all ? pageIds : current.ids);
        const adding = !next.has(id);
        for (const each of range && current.last !== null ? between(pageIds, current.last, id) : [id]) {
          if (adding) next.add(each);
          else next.delete(each);
        }
        return { ids: next, last: id, all: false };
      }),
    [pageIds],
  );
  const isPageSelected = pageIds.length > 0 && ids.size === pageIds.length;
  return {
    ids,
    isAllMatching: ticked.all,
    isPageSelected,
    isAnySelected: ids.size > 0,
    isSelected: (id) => ids.has(id),
    toggle,
    togglePage: () => setTicked(isPageSelected ? NOTHING : { ids: new Set(pageIds), last: null, all: false }),
    selectAllMatching: () => setTicked({ ids: new Set(pageIds), last: null, all: true }),
    clear: useCallback(() => setTicked(NOTHING), []),
  };
}

function between(ids: readonly string[], a: string, b: string): readonly string[] {
  const [from, to] = [ids.indexOf(a), ids.indexOf(b)].sort((x, y) => x - y);
  return from === undefined || to === undefined || from === -1 ? [b] : ids.slice(from, to + 1);
}
