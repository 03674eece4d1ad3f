import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactElement, type ReactNode, useContext, useMemo } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { ErrorPanel } from '../components/error-panel.js';
import { type Schema, answerOf, keepCsrfToken, sdk } from '../api/sdk-client.js';

export type Role = Schema<'SignedInUser'>['role'];
type SessionInfo = Schema<'SessionInfo'>;

const RANKS: Readonly<Record<Role, number>> = { viewer: 0, reviewer: 1, admin: 2 };
const SESSION_KEY = ['session'];

export interface SignedIn {
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
  /** Whether the role includes another: an admin may what a reviewer may. */
  readonly may: (needed: Role) => boolean;
}

const SessionContext = createContext<SignedIn | null>(null);

/** Who is signed in; only below `RequireSession`. */
export function useSession(): SignedIn {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession stands outside of RequireSession');
  return session;
}

/** The session as the server tells it, and a way to take over one that was just begun or ended. */
export function useSessionInfo(): {
  session: SessionInfo | undefined;
  error: unknown;
  retry: () => void;
  take: (info: SessionInfo) => void;
} {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: SESSION_KEY,
    queryFn: async () => {
      const info = await answerOf(sdk.GET('/api/v1/session'));
      keepCsrfToken(info.csrfToken);
      return info;
    },
    staleTime: Infinity,
    retry: 1,
  });
  return {
    session: query.data,
    error: query.error,
    retry: () => void query.refetch(),
    take: (info) => {
      keepCsrfToken(info.csrfToken);
      // What one person was shown is nothing for the next.
      if (!info.signedIn) queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
      queries.setQueryData(SESSION_KEY, info);
    },
  };
}

/** Lets pages through only with a session; without one it leads to the sign-in and, after that, back. */
export function RequireSession(): ReactElement | null {
  const { session, error, retry } = useSessionInfo();
  const { pathname, search } = useLocation();
  const user = session?.user;
  const signedIn = useMemo<SignedIn | null>(
    () => (user === undefined ? null : { ...user, may: (needed) => RANKS[user.role] >= RANKS[needed] }),
    [user],
  );
  if (error !== null && session === undefined) {
    return (
      <div style={{ maxWidth: 560, margin: '12vh auto', padding: 16 }}>
        <ErrorPanel error={error} title="The console can’t start" onRetry={retry} />
      </div>
    );
  }
  if (session === undefined) return null;
  if (signedIn === null || session.mustChangePassword === true) {
    const back = pathname + search;
    return <Navigate to={back === '/' ? '/sign-in' : `/sign-in?back=${encodeURIComponent(back)}`} replace />;
  }
  return (
    <SessionContext.Provider value={signedIn}>
      <Outlet />
    </SessionContext.Provider>
  );
}

/** Shows its children only to those who may use them. */
export function ForRole({ role, children }: { readonly role: Role; readonly children: ReactNode }): ReactElement | null {
  return useSession().may(role) ? <>{children}</> : null;
}
