import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** Events of one change come in a burst, and the read models follow the log by a moment. */
const SETTLE_MS = 900;

/** Lets what is on screen be read anew when somebody else, or a worker, has changed something. */
export function useLiveUpdates(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const stream = new EventSource('/api/v1/stream');
    let timer: number | undefined;
    stream.addEventListener('log', () => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ predicate: ({ queryKey, meta }) => queryKey[0] !== 'session' && meta?.['isPast'] !== true });
      }, SETTLE_MS);
    });
    return () => {
      window.clearTimeout(timer);
      stream.close();
    };
  }, [queries]);
}
