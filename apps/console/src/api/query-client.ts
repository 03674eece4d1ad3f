import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { asProblem, Problem } from './problem.js';

/** Reads stay fresh for some seconds, a failing server is asked twice more, and a session that is lost or limited leads to the sign-in. */
export function createQueryClient(): QueryClient {
  const noticeLostSession = (error: unknown): void => {
    const problem = asProblem(error);
    if (problem.isSignedOut && problem.code.startsWith('session.')) client.setQueryData(['session'], { signedIn: false });
    if (problem.code === 'password.must-change') void client.invalidateQueries({ queryKey: ['session'] });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: noticeLostSession }),
    mutationCache: new MutationCache({ onError: noticeLostSession }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        // What the server refuses it will refuse again; only a server that is away is worth another try.
        retry: (failures, error) => failures < 2 && (!(error instanceof Problem) || error.status >= 500),
      },
    },
  });
  return client;
}
