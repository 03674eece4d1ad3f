import type { Tx } from '#platform';

/** Where queries run: the pool, a transaction, or a session with tables of its own (a ledger replayed from history). */
export type SqlSession = Pick<Tx, 'query'>;
