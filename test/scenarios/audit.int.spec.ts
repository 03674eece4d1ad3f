import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditFinding, VerifyAuditHandler } from '#audit';
import { ExportJournalHandler } from '#journals';
import { billingPeriod } from '#kernel';
import { ChangePeriodHandler } from '#periods';
import { tamper as tamperAsOwner } from '#testing';
import { by, TestProgram } from '#testing/program';
import { eventually } from '../support/eventually.js';
import { focusCsv } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

const ADMIN = by('admin@example.edu');
const MARCH = billingPeriod('2025-03');

/** A month with a file delivered twice, finalized; and somebody with the rights of the owner, or access to the storage folder. */
describe('an audit', () => {
  let program: TestProgram;

  beforeEach(async () => {
    program = await TestProgram.start();
    const office = new Office(program);
    await office.import(focusCsv([{ billed: '10' }, { billed: '5', resource: 'node-2' }]));
    await office.import(focusCsv([{ billed: '12.5' }, { billed: '5', resource: 'node-2' }, { billed: '1', resource: 'node-3' }]));
    const periods = program.get(ChangePeriodHandler);
    await periods.close(MARCH, null, ADMIN);
    await program.get(ExportJournalHandler).execute(MARCH, 'default', { includeFlagged: false, allowUnbalanced: true }, ADMIN);
    await program.settle();
  });
  afterEach(() => program.stop());

  const verify = (since?: string): ReturnType<VerifyAuditHandler['verify']> => program.get(VerifyAuditHandler).verify(since);
  const named = async (): Promise<string[]> => (await verify()).findings.map(({ kind, subject }) => `${kind} ${subject}`);

  const tamper = (statement: string): Promise<void> => tamperAsOwner(program.services.config.database.ownerUrl ?? '', statement);

  const storedFile = async (type: string): Promise<string> => {
    const [row] = await program.services.database.query<{ sha256: string }>(
      `select data ->> 'sha256' as sha256 from events where type = $1 order by position`,
      [type],
    );
    const sha256 = row?.sha256 ?? '';
    return join(program.services.config.storage.dir, sha256.slice(0, 2), sha256.slice(2));
  };

  it('finds nothing where nothing was done, and says how far it looked', async () => {
    const steps = new Set<string>();
    const report = await program.get(VerifyAuditHandler).verify(undefined, (step) => steps.add(step));
    expect(report).toMatchObject({ importCount: 2, lineCount: 5, journalCount: 1, fileCount: 3, findings: [] });
    expect(report.log.eventCount).toBe(await program.services.store.lastPosition());
    expect([...steps]).toEqual(['log', 'lines', 'files']);
  });

  it('needs to look only at what came after a seal', async () => {
    const last = await program.services.store.lastPosition();
    const seal = await eventually(async () => {
      const newest = await program.services.sealer.seal();
      return newest !== undefined && newest.data.upTo.position >= last ? newest : undefined;
    });
    await program.get(ChangePeriodHandler).reopen(MARCH, 'a late file', ADMIN);
    const report = await verify(`${seal.version}:${seal.hash}`);
    expect(report).toMatchObject({ importCount: 0, fileCount: 0, findings: [] });
    await expect(verify(`${seal.version}:0000`)).rejects.toMatchObject({ code: 'audit.unknown-seal' });
  });

  it('seals the log at once when a period is finalized', async () => {
    await program.get(ChangePeriodHandler).finalize(MARCH, null, { reason: 'no statements in this test' }, ADMIN);
    await eventually(async () => {
      const { log } = await verify();
      return log.sealCount > 0 && log.unsealedCount <= 1 ? true : undefined;
    });
  });

  it.each([
    ['changed', `update charge_lines set amount = 1 where import_id = 2 and line_no = 3`],
    ['deleted', `delete from charge_lines where import_id = 2 and line_no = 3`],
    [
      'inserted',
      `insert into charge_lines select (jsonb_populate_record(l, '{"line_no": 99}')).* from charge_lines l where import_id = 2 and line_no = 3`,
    ],
  ])('names the import that had a line %s', async (_, statement) => {
    await tamper(statement);
    expect(await named()).toEqual(['lines-changed import-2']);
  });

  it('names the import that had forgotten which lines it replaced', async () => {
    await tamper(`delete from charge_line_matches where import_id = 2`);
    expect(await named()).toEqual(['matches-changed import-2']);
  });

  it.each([
    ['changed', `update journal_bookings set amount = amount + 1`],
    ['deleted', `delete from journal_bookings`],
    ['added', `insert into journal_bookings select (jsonb_populate_record(b, '{"row_no": 9}')).* from journal_bookings b`],
    ['added to none', `insert into journal_bookings select (jsonb_populate_record(b, '{"number": 9}')).* from journal_bookings b`],
  ])('names the journal that had what it books %s', async (_, statement) => {
    await tamper(statement);
    expect(await named()).toEqual(['bookings-changed journal-2025-03']);
  });

  it('is not needed to refuse bookings of a journal that is recorded', async () => {
    const another = `insert into journal_bookings select (jsonb_populate_record(b, '{"row_no": 9}')).* from journal_bookings b`;
    await expect(program.services.database.query(another)).rejects.toThrow(/bookings of a recorded journal are append-only/);
  });

  it('names the file that is gone and the one that is another', async () => {
    const journal = await storedFile('JournalExported');
    const upload = await storedFile('ImportReceived');
    await chmod(upload, 0o644);
    await writeFile(upload, 'forged');
    await rm(journal);
    const findings: readonly AuditFinding[] = (await verify()).findings;
    expect(findings.map(({ kind, what }) => [kind, what.split(',')[0]]).sort()).toEqual([
      ['file-changed', 'test.csv'],
      ['file-missing', expect.stringMatching(/^journal_2025-03.*\.csv$/) as unknown as string],
    ]);
  });

  it('names a period whose row says something else than its events', async () => {
    await tamper(`update periods set state = 'open'`);
    expect((await verify()).findings.map(({ what }) => what)).toEqual(['Period 2025-03 is open; its events say closed.']);
  });

  it('names an event that was changed', async () => {
    await tamper(`update events set data = jsonb_set(data, '{source}', '"other"') where type = 'ImportRecorded' and stream = 'import-1'`);
    expect(await named()).toEqual(['changed import-1']);
  });

  it('takes events of the older schema for what they are: read models are the same, and what they did not prove is not asked', async () => {
    // What reports say since version 3 cannot be told of events that are older.
    const rows = async (): Promise<unknown[]> =>
      Promise.all(
        [`to_jsonb(t) from charges t`, `to_jsonb(t) #- '{report,quality}' #- '{report,piChanges}' from imports t`].map((what) =>
          program.services.database.query(`select ${what} order by 1::text`),
        ),
      );
    const before = await rows();
    await tamper(
      `update events set schema_version = 1, data = data - 'matchesDigest' #- '{report,quality}' #- '{report,piChanges}' #- '{report,readToEnd}'
       where type = 'ImportRecorded'`,
    );
    const recorded = (await program.services.store.readStream('import-2')).find(({ type }) => type === 'ImportRecorded');
    expect(recorded).toMatchObject({ schemaVersion: 1, data: { importId: 2, matchesDigest: null } });
    await program.services.projections.rebuild('charges');
    await program.services.projections.rebuild('imports');
    expect(await rows()).toEqual(before);
    await tamper(`delete from charge_line_matches where import_id = 2`);
    expect((await named()).filter((finding) => finding.startsWith('matches'))).toEqual([]);
  });
});
