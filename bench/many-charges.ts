import type { Database } from '#platform';

export const SOURCES = ['aws', 'azure', 'gcp', 'hpc', 'storage'] as const;
/** A year. */
const MOST_PERIODS = 12;
const PI_COUNT = 300;

export interface ManyCharges {
  /** Oldest first. */
  readonly periods: readonly string[];
  readonly rows: number;
}

/**
 * Fills the tables of charges, balances and imports with periods, twelve unless said otherwise, of five sources, an import each: 300 PIs with three projects,
 * four services a source, resources that repeat a few times; one line in a hundred has waited or waits for review, and one in two
 * hundred was superseded. Rows are in the order of their file, their PIs at random: the worst case for reading those of one PI.
 */
export async function fillWithCharges(
  database: Database,
  rows: number,
  say: (line: string) => void,
  periodCount = MOST_PERIODS,
): Promise<ManyCharges> {
  const perImport = Math.max(1, Math.round(rows / periodCount / SOURCES.length));
  const periods = Array.from({ length: periodCount }, (_, month) => `2025-${String(month + 1).padStart(2, '0')}`);
  let importId = 0;
  for (const period of periods) {
    for (const source of SOURCES) {
      importId += 1;
      await database.query(INSERT_CHARGES, [importId, period, source, perImport]);
      await database.query(
        `insert into imports (import_id, source, file_name, sha256, bytes, state, delivery_mode, periods, line_count, received_by, received_at)
         values ($1::int, $2::text, $2 || '_' || $3 || '.csv', '', 0, 'recorded', 'merge', array[$3::text], $4::int, 'bench', now())`,
        [importId, source, period, perImport],
      );
    }
    say(`${period} is filled`);
  }
  await database.query(INSERT_BALANCES);
  return { periods, rows: perImport * periodCount * SOURCES.length };
}

/** `hashint8` spreads the numbers of lines over PIs, projects and services without a pattern, and the same in every run. */
const INSERT_CHARGES = `
  insert into charges (import_id, line_no, period, source, standing, flags, reattributed, pi_email, project_id, fund_org, cost_center,
    account_code, service_name, resource_id, resource_name, charge_date, currency, list_cost, contracted_cost, effective_cost, amount, fingerprint)
  select $1::int, line, $2::text, $3::text, standing,
    case when standing in ('clear', 'superseded') then '{}'
      else array[(array['missing_project_id', 'missing_fund_org', 'pattern_match:gpu', 'late_charge'])[1 + line / 100 % 4]] end,
    false, 'pi' || pi || '@example.edu', 'project-' || pi || '-' || dice % 3, 'DEPT' || pi % 40 || '-GR' || 10000 + pi, '', 'A' || pi % 7,
    initcap($3) || ' ' || (array['Compute', 'Object Storage', 'Database', 'Network'])[1 + dice / 3 % 4],
    'arn:' || $3 || ':compute:eu-central-1:123456789012:instance/i-' || to_hex(dice / 5 % 40000), 'node-' || dice % 9973 || '.cluster',
    ($2 || '-01')::date + (dice / 7 % 28)::int, 'USD', cost * 1.25, null, null, cost, md5($1::text || '-' || line)::uuid
  from (
    select line, dice, dice / 11 % ${PI_COUNT} as pi, (dice % 900000)::numeric / 1000 + 0.000001 * (line % 1000) as cost,
      case when line % 100 = 0 then (array['flagged', 'flagged', 'approved', 'rejected'])[1 + line / 400 % 4]
        when line % 200 = 1 then 'superseded' else 'clear' end as standing
    from (select line, hashint8(line * 61 + $1)::bigint + 2147483648 as dice from generate_series(1, $4::int) as line) as diced
  ) as drawn`;

const INSERT_BALANCES = `
  insert into ledger_balances (period, currency, pi_email, project_id, fund_org, source, service_name, account_code, standing, line_count,
    list, contracted, billed, effective)
  select period, currency, pi_email, project_id, fund_org, source, service_name, account_code, standing, count(*),
    trim_scale(sum(list_cost)), trim_scale(sum(amount)), trim_scale(sum(amount)), trim_scale(sum(amount))
  from charges group by period, currency, pi_email, project_id, fund_org, source, service_name, account_code, standing`;
