/** The page of the list that led to a charge, as the browser's history keeps it. */
export interface ListPlace {
  /** Address of the list with its filter. */
  readonly back: string;
  readonly ids: readonly string[];
}

/** Null for a charge that was not reached from a list. */
export function listOf(state: unknown): ListPlace | null {
  const list: unknown = typeof state === 'object' && state !== null && 'list' in state ? state.list : null;
  if (typeof list !== 'object' || list === null || !('back' in list) || !('ids' in list)) return null;
  const { back, ids } = list;
  if (typeof back !== 'string' || !back.startsWith('/') || !Array.isArray(ids)) return null;
  return { back, ids: ids.filter((id): id is string => typeof id === 'string') };
}
