import { type QueryKey, type UseQueryOptions, type UseQueryResult, keepPreviousData, useQuery } from '@tanstack/react-query';

interface ReadOptions<Data> {
  readonly enabled?: boolean;
  /** Keeps the last answer on screen while another page or filter is read. */
  readonly keepLast?: boolean;
  /** The answer never changes: it is about the past, and is not read anew when something happens. */
  readonly isPast?: boolean;
  /** Milliseconds until the next look, or false when there is nothing more to wait for. */
  readonly lookAgain?: (data: Data | undefined, error: Error | null) => number | false;
}

/** Reads from the API, with what the console needs of it said by name. */
export function useRead<Data>(queryKey: QueryKey, queryFn: () => Promise<Data>, options: ReadOptions<Data> = {}): UseQueryResult<Data> {
  const { enabled = true, keepLast = false, isPast = false, lookAgain } = options;
  const query: UseQueryOptions<Data> = { queryKey, queryFn, enabled, meta: { isPast } };
  if (lookAgain !== undefined) query.refetchInterval = ({ state }) => lookAgain(state.data, state.error);
  return useQuery<Data>(keepLast ? { ...query, placeholderData: keepPreviousData } : query);
}
