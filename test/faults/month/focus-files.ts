import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../random.js';
import { DOUBTFUL_SERVICE, type SourceName } from '../services/program-config.js';

export const PERIOD = '2025-01';

const COLUMNS = [
  'BillingPeriodStart',
  'BillingPeriodEnd',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'BillingCurrency',
  'ListCost',
  'ContractedCost',
  'BilledCost',
  'EffectiveCost',
  'ResourceId',
  'ResourceName',
  'ServiceName',
  'Tags',
] as const;

const SERVICES = ['Amazon EC2', 'Amazon S3', 'Virtual Machines', 'Batch', 'Scratch Storage', 'Archive'];
/** Share of the month's lines that each source has. */
const SHARES: readonly (readonly [SourceName, number])[] = [
  ['aws', 0.4],
  ['azure', 0.25],
  ['hpc', 0.2],
  ['storage', 0.15],
];
/** Share of the month's lines that lies in the file handed in by mistake, and taken back. */
const MISTAKEN_SHARE = 0.05;

export interface MonthFile {
  readonly source: SourceName;
  readonly path: string;
  readonly sha256: string;
}

export interface MonthFiles {
  /** One per source. */
  readonly deliveries: readonly MonthFile[];
  /** HPC's lines once more: some with other amounts, some new. */
  readonly redelivery: MonthFile;
  readonly mistaken: MonthFile;
}

/** Writes the files of a month of `rows` lines and `pis` PIs; the same for the same seed. */
export async function writeMonth(folder: string, { rows, pis, seed }: { rows: number; pis: number; seed: number }): Promise<MonthFiles> {
  const random = new Random(seed);
  const lines = new Map<SourceName, string[][]>();
  for (const [source, share] of SHARES) {
    lines.set(
      source,
      Array.from({ length: Math.round(rows * share) }, (_, index) => line(random, source, index, pis)),
    );
  }
  const deliveries: MonthFile[] = [];
  for (const [source, content] of lines) deliveries.push(await write(folder, source, `${source}_${PERIOD}.csv`, content));
  const hpc = lines.get('hpc') ?? [];
  const fresh = Array.from({ length: Math.round(hpc.length * 0.03) }, (_, index) => line(random, 'hpc', hpc.length + index, pis));
  const redelivered = [...hpc.map((cells) => (random.chance(0.05) ? withOtherCost(random, cells) : cells)), ...fresh];
  const mistaken = Array.from({ length: Math.round(rows * MISTAKEN_SHARE) }, (_, index) => line(random, 'gcp', index, pis));
  return {
    deliveries,
    redelivery: await write(folder, 'hpc', `hpc_${PERIOD}_revised.csv`, redelivered),
    mistaken: await write(folder, 'gcp', `gcp_${PERIOD}.csv`, mistaken),
  };
}

async function write(folder: string, source: SourceName, name: string, lines: readonly (readonly string[])[]): Promise<MonthFile> {
  const path = join(folder, name);
  const text = [COLUMNS, ...lines].map((cells) => `${cells.join(',')}\n`).join('');
  await writeFile(path, text);
  return { source, path, sha256: createHash('sha256').update(text).digest('hex') };
}

function line(random: Random, source: SourceName, index: number, pis: number): string[] {
  const pi = random.below(pis);
  // Every tenth PI has a second project, and every fifth one two funds.
  const project = pi % 10 === 0 ? random.below(2) : 0;
  const fund = pi % 5 === 0 ? random.below(2) : 0;
  const day = String(1 + random.below(28)).padStart(2, '0');
  const cost = amount(random);
  const tags: Record<string, string> = {
    pi_email: `pi${pi}@example.edu`,
    project_id: `project-${pi}-${project}`,
    fund_org: `DEPT${pi % 40}-GR${10_000 + pi * 2 + fund}`,
  };
  let service = random.one(SERVICES);
  let currency = 'USD';
  switch (random.below(400)) {
    case 0:
    case 1:
      tags['fund_org'] = '';
      break;
    case 2:
      tags['pi_email'] = '';
      break;
    case 3:
      tags['project_id'] = '';
      break;
    case 4:
      tags['pi_email'] = `pi${pi} at example`;
      break;
    case 5:
    case 6:
      service = DOUBTFUL_SERVICE;
      break;
    case 7:
      tags['end_date'] = '2024-06-30';
      break;
    case 8:
      currency = 'EUR';
      break;
  }
  const list = random.chance(0.3) ? amount(random, 1_000) : random.chance(0.1) ? '' : cost;
  return [
    `${PERIOD}-01T00:00:00Z`,
    '2025-02-01T00:00:00Z',
    `${PERIOD}-${day}T00:00:00Z`,
    `${PERIOD}-${day}T23:00:00Z`,
    currency,
    list,
    cost,
    cost,
    cost,
    `${source}-${index}`,
    `resource ${random.below(100_000)}`,
    service,
    `"${JSON.stringify(tags).replaceAll('"', '""')}"`,
  ];
}

/** Up to eight decimals, and now and then a refund. */
function amount(random: Random, from = 0): string {
  const decimals = 2 + random.below(7);
  const text = `${from + random.below(900)}.${String(random.below(10 ** decimals)).padStart(decimals, '0')}`;
  return from === 0 && random.chance(0.02) ? `-${text}` : text;
}

function withOtherCost(random: Random, cells: readonly string[]): string[] {
  const cost = amount(random);
  const changed = [...cells];
  for (const column of ['ContractedCost', 'BilledCost', 'EffectiveCost'] as const) changed[COLUMNS.indexOf(column)] = cost;
  return changed;
}
