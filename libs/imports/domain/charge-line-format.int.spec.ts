import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pgCopyStreams from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '#migrations';
import { Database, type RunningPostgres, startEmbeddedPostgres } from '#platform';
import { csv } from '../testing/read-focus.js';
import { OPTIONS } from '../testing/reader.js';
import { CHARGE_LINE_COLUMNS } from '#charge-lines';
import { ChargeLineDigest } from './charge-line-format.js';
import { CopyText } from './copy-text.js';
import { FocusReader } from './focus/index.js';
import type { LineInHand } from './line-in-hand.js';

const AWKWARD = 'tab\there, back\\slash, line\nend, CR\r, \b\f\v, \u0001, “quotes” "too" Łukasz Ç 李 😀 \\.';

/** Every kind of cell that COPY, an array or a type of Postgres writes in a way of its own. */
const ROWS: readonly Record<string, string>[] = [
  { BillingPeriodStart: '2025-01-01', BilledCost: '0' },
  {
    BillingPeriodStart: '2025-01-01T00:00:00Z',
    BilledCost: '-100000000000000000000.10',
    ProviderName: '\\N',
    SubAccountId: '009007199254740993',
    ChargeDescription: AWKWARD,
    ResourceName: `${AWKWARD}x`,
    ChargePeriodStart: '2025-01-01T01:00:00+01:00',
    ChargePeriodEnd: '2025-01-31T23:59:59.1234569Z',
    ListCost: '1E-20',
    ContractedCost: '-12.50',
    EffectiveCost: '-.1',
    ServiceName: '\u00a0Łódź ',
    Tags: JSON.stringify({
      pi_email: ' Łukasz@X.edu',
      project_id: AWKWARD.trim(),
      fund_org: 'null',
      end_date: '9999-12-31',
      reconciliation_end: '0001-01-01',
    }),
    x_other: AWKWARD,
    'x "column"\t\\': '{"a": "b\\n"}',
  },
  {
    BillingPeriodStart: '2025-01-01',
    BilledCost: '12.340',
    ChargePeriodEnd: 'at 30 o’clock \t',
    Tags: ' {"pi_email": "a@x.edu"} ',
    ServiceName: 'a b',
  },
  { BillingPeriodStart: '2025-01-01', BilledCost: '007', ServiceName: 'é\t, {"}', ServiceCategory: 'NULL' },
];
const PATTERNS = ['a b', '[{]', '"', '\\\\', 'é\t', 'null'];

describe('a line in hand', () => {
  let home: string;
  let server: RunningPostgres;
  let database: Database;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'charge-lines-'));
    await chmod(home, 0o755);
    server = await startEmbeddedPostgres({
      dataDir: join(home, 'data'),
      logger: { info: () => undefined, warn: () => undefined },
      settings: { fsync: 'off', shared_buffers: '16MB', max_connections: '20' },
    });
    const { url, ownerUrl } = server;
    database = await Database.connect({ url, ownerUrl, applicationName: 'test', migrations: MIGRATIONS, poolSize: 2 });
  });

  afterAll(async () => {
    await database.close();
    await server.stop();
    await rm(home, { recursive: true, force: true });
  });

  it('writes the bytes that COPY TO prints for the stored lines, so that the digest can be checked against the table', async () => {
    const reader = await FocusReader.open(Readable.from([Buffer.from(csv(...ROWS))]), { ...OPTIONS, flagPatterns: PATTERNS });
    // So small a piece that every line has to make room for itself.
    const writer = new CopyText(64);
    const encoded: Buffer[] = [];
    const take = (line: LineInHand): void => {
      line.writeTo(writer, '7');
      encoded.push(writer.take());
    };
    for await (const { refused } of reader.batches(take)) expect(refused).toEqual([]);
    expect(encoded).toHaveLength(ROWS.length);
    const columns = CHARGE_LINE_COLUMNS.join(', ');
    const client = await database.connection();
    try {
      await pipeline(Readable.from(encoded), client.query(pgCopyStreams.from(`copy charge_lines (${columns}) from stdin`)));
      const printed: Buffer[] = [];
      const copyOut = pgCopyStreams.to(`copy (select ${columns} from charge_lines order by import_id, line_no) to stdout`);
      for await (const chunk of client.query(copyOut)) printed.push(chunk as Buffer);
      expect(Buffer.concat(printed).toString()).toBe(Buffer.concat(encoded).toString());

      const asRecorded = encoded.reduce((digest, line) => digest.update(line), new ChargeLineDigest());
      expect(asRecorded.hex()).toBe(new ChargeLineDigest().update(Buffer.concat(printed)).hex());
      const { rows } = await client.query<Record<string, unknown>>(
        `select flags, charge_description, resource_name, service_name, provider_name, list_cost::text, amount::text, effective_cost::text,
           project_id, pi_email, other_columns from charge_lines order by line_no`,
      );
      expect(rows[1]).toMatchObject({
        charge_description: AWKWARD,
        resource_name: `${AWKWARD}x`,
        service_name: 'Łódź',
        provider_name: '\\N',
        list_cost: '0.00000000000000000001',
        amount: '-100000000000000000000.1',
        effective_cost: '-0.1',
        project_id: AWKWARD,
        pi_email: 'łukasz@x.edu',
      });
      expect(JSON.parse(String(rows[1]?.['other_columns']))).toEqual({ x_other: AWKWARD, 'x "column"\t\\': '{"a": "b\\n"}' });
      expect(rows[3]?.['flags']).toEqual([
        'missing_pi_email',
        'missing_project_id',
        'missing_fund_org',
        'pattern_match:[{]',
        'pattern_match:"',
        'pattern_match:é\t',
      ]);
    } finally {
      client.release();
    }
  });
});
