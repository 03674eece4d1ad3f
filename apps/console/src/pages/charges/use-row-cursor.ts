import { useState } from 'react';
import type { Charge } from '../../api/queries.js';

export interface RowCursor {
  /** Id of the charge the keyboard is at; null before the first step. */
  readonly cursor: string | null;
  readonly setCursor: (id: string) => void;
  readonly step: (by: 1 | -1) => void;
}

/** A place in the list for the keyboard. When its charge is decided and leaves, the next one takes its place. */
export function useRowCursor(charges: readonly Charge[] | undefined): RowCursor {
  const [place, setPlace] = useState<{ readonly id: string; readonly index: number } | null>(null);
  const rows = charges ?? [];
  const found = place === null ? -1 : rows.findIndex(({ id }) => id === place.id);
  const index = found === -1 ? Math.min(place?.index ?? -1, rows.length - 1) : found;

  function goTo(next: number): void {
    const id = rows[next]?.id;
    if (id !== undefined) setPlace({ id, index: next });
  }

  return {
    cursor: rows[index]?.id ?? null,
    setCursor: (id) => goTo(rows.findIndex((charge) => charge.id === id)),
    step: (by) => goTo(Math.max(0, Math.min(rows.length - 1, index + by))),
  };
}
