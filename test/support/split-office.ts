import { Decimal } from '#kernel';
import { ApiOffice } from './api-office.js';
import { eventually } from './eventually.js';
import { csv, type Row } from './ruled-charges.js';

const CONFIG = `dev_mode: true
review:
  fund_org_patterns: ["(BIO|MATH|PHYS)-"]
  flag_patterns: ["gpu"]
imports:
  known_sources: [{name: hpc, fund_org: RC-1}]
`;

/** Three fifths stay with the PI, whose fund is another; Bob has the rest. */
export const SHARED = [
  { percent: '60', fundOrg: 'MATH-200' },
  { piEmail: 'Bob@example.edu', projectId: 'wheel', fundOrg: 'BIO-1' },
];

/** A line of Ada's. */
export function rowOf(resource: string, billed: string, month: string, more: Partial<Row> = {}): Row {
  const tags = { pi_email: 'ada@example.edu', project_id: 'engine', fund_org: 'MATH-100' };
  return { resource, billed, day: `${month}-05`, tags, ...more };
}

export interface DividedCharge {
  readonly id: string;
  readonly standing: string;
  readonly flags: readonly string[];
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly resourceId: string;
  readonly amount: string;
  readonly listCost: string;
  readonly partOf: string | null;
}

export interface SplitAnswer {
  readonly splitId: number | null;
  readonly count: number;
  readonly amounts: readonly { currency: string; amount: string }[];
  readonly lines: readonly {
    chargeId: string;
    partOf: string;
    part: number;
    share: string;
    fundOrg: string;
    amount: string;
    listCost: string;
  }[];
  readonly lineCount: number;
}

interface PiChange {
  readonly piEmail: string;
  readonly before: string;
  readonly after: string;
}

/** An office whose charges are divided over several payers, through the API. */
export class SplitOffice extends ApiOffice {
  static override async start(): Promise<SplitOffice> {
    return new SplitOffice(...(await ApiOffice.opened(CONFIG)));
  }

  /** What an import would report, then does; both must say the same. @returns its id and what it said of PIs */
  async imports(rows: readonly Row[], mode = 'merge', source = 'hpc'): Promise<{ importId: number; piChanges: readonly PiChange[] }> {
    const query = `?source=${source}&deliveryMode=${mode}`;
    const { importId } = await this.people.reviewer.uploadText<{ importId: number }>(`/imports${query}`, `${source}.csv`, csv(rows));
    return eventually(async () => {
      const row = await this.people.viewer.get<{ state: string; report: { piChanges: { top: readonly PiChange[] } } }>(
        `/imports/${importId}`,
      );
      if (row.state === 'received') return undefined;
      if (row.state !== 'recorded') throw new Error(JSON.stringify(row));
      await this.settle();
      return { importId, piChanges: row.report.piChanges.top };
    });
  }

  async charges(query: string): Promise<readonly DividedCharge[]> {
    return (await this.people.viewer.get<{ charges: readonly DividedCharge[] }>(`/charges?limit=500&${query}`)).charges;
  }

  /** The charges that stand, a line each: `node-1 ada@example.edu engine MATH-100 6 clear`. */
  async standing(query: string): Promise<string[]> {
    const standings = ['clear', 'flagged', 'approved', 'rejected'].map((standing) => `standing=${standing}`).join('&');
    return (await this.charges(`${query}&${standings}`))
      .map((charge) =>
        [charge.resourceId, charge.piEmail || '–', charge.projectId || '–', charge.fundOrg || '–', charge.amount, charge.standing].join(
          ' ',
        ),
      )
      .sort();
  }

  async idOf(resource: string, period: string): Promise<string> {
    const found = (await this.charges(`period=${period}`)).find(
      ({ resourceId, partOf, standing }) => resourceId === resource && partOf === null && !['superseded', 'withdrawn'].includes(standing),
    );
    if (found === undefined) throw new Error(`no charge of ${resource} in ${period}`);
    return found.id;
  }

  split(body: object, dryRun = false): Promise<SplitAnswer> {
    return this.people.reviewer.post<SplitAnswer>(`/splits${dryRun ? '?dryRun=true' : ''}`, body);
  }

  /** What each PI is charged in a period, waiting charges included, as reports of imports count it. */
  async sumsByPi(period: string): Promise<ReadonlyMap<string, string>> {
    const sums = new Map<string, Decimal>();
    for (const { piEmail, amount, standing } of await this.charges(`period=${period}`)) {
      if (!['clear', 'flagged', 'approved'].includes(standing)) continue;
      sums.set(piEmail, (sums.get(piEmail) ?? Decimal.ZERO).plus(Decimal.parse(amount)));
    }
    return new Map([...sums].map(([pi, sum]) => [pi, sum.toString()]));
  }

  /** Rows of read models, as they are and as a rebuild makes them. */
  async modelsAndRebuild(): Promise<readonly [live: unknown[], rebuilt: unknown[]]> {
    const { projections, database } = this.api.own.services;
    const models = async (): Promise<unknown[]> => {
      const tables = ['charges', 'ledger_balances', 'review_log', 'splits', 'attribution_rules', 'attribution_rule_versions'];
      return Promise.all(tables.map((table) => database.query(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`)));
    };
    const live = await models();
    for (const name of ['charges', 'splits', 'attribution-rules']) await projections.rebuild(name);
    await this.settle();
    return [live, await models()];
  }
}
