import type { PoolClient } from 'pg';

/** A connection lent out. `query` answers rows; `client` is the bare connection (COPY, cursors, prepared statements). */
export interface Session {
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  readonly client: PoolClient;
}

export function sessionOn(client: PoolClient): Session {
  return {
    client,
    query: async <Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> => {
      const result = await client.query(sql, [...parameters]);
      return result.rows as Row[];
    },
  };
}
