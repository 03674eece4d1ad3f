import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pgCopyStreams from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingPeriod, currency } from '#kernel';
import { MIGRATIONS } from '#migrations';
import { Database, type RunningPostgres, startEmbeddedPostgres } from '#platform';
import type { ChargeLine } from '../domain/charge-line.js';
import { CHARGE_LINE_COLUMNS, ChargeLineDigest, ChargeLineWriter } from './charge-line.copy.js';

const LINE: ChargeLine = {
  lineNumber: 2,
  period: billingPeriod('2025-01'),
  providerName: null,
  billingAccountId: null,
  subAccountId: null,
  invoiceId: null,
  chargeCategory: null,
  chargeDescription: null,
  chargePeriodStart: null,
  chargePeriodEnd: null,
  serviceName: 'Other',
  serviceCategory: null,
  resourceId: null,
  resourceName: null,
  regionId: null,
  skuId: null,
  currency: currency('USD'),
  listCost: '0',
  contractedCost: null,
  billedCost: null,
  effectiveCost: null,
  amount: '0',
  piEmail: null,
  piEmailAsWritten: null,
  projectId: null,
  fundOrg: null,
  costCenter: null,
  accountCode: null,
  reference1: null,
  reference2: null,
  endDate: null,
  reconciliationEnd: null,
  tags: null,
  otherColumns: null,
  fingerprint: '0123abcd-0123-abcd-0123-abcd0123abcd',
  flags: [],
};

/** Every kind of cell that COPY, an array or a type of Postgres writes in a way of its own. */
const LINES: readonly ChargeLine[] = [
  LINE,
  {
    ...LINE,
    lineNumber: 3,
    providerName: '\\N',
    billingAccountId: '',
    subAccountId: '009007199254740993',
    chargeDescription: 'tab\there, back\\slash, line\nend, CR\r, \b\f\v, \u0001, “quotes” "too"',
    resourceName: 'Łukasz Ç 李 😀 \\.',
    chargePeriodStart: '2025-01-01T00:00:00Z',
    chargePeriodEnd: '2025-01-31T23:59:59.123456Z',
    listCost: '0.00000000000000000001',
    contractedCost: '-12.5',
    billedCost: '123456789012345678901234567890.5',
    effectiveCost: '-0.1',
    amount: '100000000000000000000',
    endDate: '9999-12-31',
    reconciliationEnd: '0001-01-01',
    tags: '{"a": "b\\n\\"c\\""}',
    otherColumns: '{"x":"y","a":"\\\\"}',
    flags: [
      'missing_pi_email',
      'pattern_match:a b',
      'pattern_match:{,}',
      'pattern_match:"\\d+\\.',
      'pattern_match:é\t',
      '',
      'null',
      'NULL',
    ],
  },
];

describe('ChargeLineWriter', () => {
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
    // So small a piece that every line has to make room for itself.
    const writer = new ChargeLineWriter(7, 64);
    const encoded = LINES.map((line) => {
      writer.write(line);
      return writer.take();
    });
    const columns = CHARGE_LINE_COLUMNS.join(', ');
    const client = await database.connection();
    try {
      await pipeline(Readable.from(encoded), client.query(pgCopyStreams.from(`copy charge_lines (${columns}) from stdin`)));
      const printed: Buffer[] = [];
      const copyOut = pgCopyStreams.to(`copy (select ${columns} from charge_lines order by import_id, line_no) to stdout`);
      for await (const chunk of client.query(copyOut)) printed.push(chunk as Buffer);
      expect(Buffer.concat(printed).toString()).toBe(Buffer.concat(encoded).toString());

      const asRecorded = new ChargeLineDigest().update(encoded[0] ?? Buffer.of()).update(encoded[1] ?? Buffer.of());
      expect(asRecorded.hex()).toBe(new ChargeLineDigest().update(Buffer.concat(printed)).hex());
      const { rows } = await client.query<{ flags: string[]; chargeDescription: string }>(
        `select flags, charge_description as "chargeDescription" from charge_lines where line_no = 3`,
      );
      expect(rows[0]).toEqual({ flags: LINES[1]?.flags, chargeDescription: LINES[1]?.chargeDescription });
    } finally {
      client.release();
    }
  });
});
