import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/** Deterministic pseudo-random integers (mulberry32), so that every run measures the same file. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

export const BENCH_COLUMNS = [
  'BillingPeriodStart',
  'BillingPeriodEnd',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'ListCost',
  'ContractedCost',
  'BilledCost',
  'EffectiveCost',
  'ResourceId',
  'ResourceName',
  'ServiceName',
  'Tags',
] as const;

const SERVICES = ['Amazon EC2', 'Amazon S3', 'Amazon RDS', 'Amazon EBS', 'HPC Cluster', 'Research Storage'];
const PROJECTS_PER_PI = 3;

/**
 * Writes a FOCUS file of `rows` lines, about 310 bytes each: `piCount` PIs with three projects, six services, daily charges with six decimals.
 * One line in a hundred lacks its fund/org. Commas in tags are quoted as exporters do.
 */
export async function writeFocusFile(path: string, rows: number, { period = '2025-01', piCount = 300 } = {}): Promise<{ bytes: number }> {
  const random = generator(20_251_120);
  const out = createWriteStream(path);
  let bytes = 0;
  const write = async (text: string): Promise<void> => {
    bytes += Buffer.byteLength(text);
    if (!out.write(text)) await once(out, 'drain');
  };
  await write(`${BENCH_COLUMNS.join(',')}\n`);
  let block = '';
  for (let index = 0; index < rows; index += 1) {
    block += row(index, period, piCount, random);
    if (index % 2_000 !== 1_999) continue;
    await write(block);
    block = '';
  }
  await write(block);
  out.end();
  await once(out, 'finish');
  return { bytes };
}

function row(index: number, period: string, piCount: number, random: (bound: number) => number): string {
  const pi = random(piCount);
  const project = random(PROJECTS_PER_PI);
  const day = String(1 + random(28)).padStart(2, '0');
  const cost = `${random(900)}.${String(random(1_000_000)).padStart(6, '0')}`;
  const fundOrg = random(100) === 0 ? '' : `DEPT${pi % 40}-GR${10_000 + pi}`;
  const tags = `{""pi_email"": ""pi${pi}@example.edu"", ""project_id"": ""project-${pi}-${project}"", ""fund_org"": ""${fundOrg}""}`;
  const service = SERVICES[random(SERVICES.length)] ?? '';
  return `${period}-01T00:00:00Z,${period}-28T00:00:00Z,${period}-${day}T00:00:00Z,${period}-${day}T00:00:00Z,${cost},${cost},${cost},${cost},res-${index},resource-name-${random(100_000)},${service},"${tags}"\n`;
}

const LINE_FEED = 10;

/** Writes the rows of a file once more in another order: the same charges in different bytes. Holds the file in memory. */
export async function shuffleFocusFile(from: string, to: string): Promise<void> {
  const text = await readFile(from);
  const ends: number[] = [];
  for (let at = text.indexOf(LINE_FEED); at !== -1; at = text.indexOf(LINE_FEED, at + 1)) ends.push(at + 1);
  const rows = ends.slice(1).map((end, index) => text.subarray(ends[index], end));
  const random = generator(20_251_121);
  for (let last = rows.length - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    [rows[last], rows[other]] = [rows[other] ?? Buffer.alloc(0), rows[last] ?? Buffer.alloc(0)];
  }
  const out = createWriteStream(to);
  out.write(text.subarray(0, ends[0]));
  for (let at = 0; at < rows.length; at += 2_000) {
    if (!out.write(Buffer.concat(rows.slice(at, at + 2_000)))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
