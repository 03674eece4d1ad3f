import { Injectable } from '@nestjs/common';
import { Database } from '#platform';

export type LedgerCode = 'fundOrg' | 'accountCode';

const COLUMNS: Readonly<Record<LedgerCode, string>> = { fundOrg: 'fund_org', accountCode: 'account_code' };

/** Reads which codes the charges of all periods carry. */
@Injectable()
export class CodesInUse {
  constructor(private readonly database: Database) {}

  /** Those of the latest period first. */
  async newest(code: LedgerCode, limit: number): Promise<readonly string[]> {
    const column = COLUMNS[code];
    const rows = await this.database.query<{ code: string }>(
      `select ${column} as code from ledger_balances where ${column} <> '' group by ${column} order by max(period) desc, ${column} collate "C" limit $1`,
      [limit],
    );
    return rows.map((row) => row.code);
  }
}
