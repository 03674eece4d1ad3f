import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { AttributionRules } from '#attribution-rules';
import { ReviewChargesHandler, RuleSweeps } from '#charges';
import { DeliveryQueries, SendStatementsHandler } from '#deliveries';
import { ChartOfFunds } from '#funds';
import { ApiKeysHandler, ChangeOwnPasswordHandler, ManageUsersHandler, SignInHandler } from '#identity';
import { CancelImportHandler, ReceiveImportHandler, WithdrawImportHandler } from '#imports';
import { ExpectedInvoices } from '#invoices';
import { ExportJournalHandler, MarkJournalHandler } from '#journals';
import { billingPeriod } from '#kernel';
import { ChangePeriodHandler } from '#periods';
import { ReviewRules } from '#review-rules';
import { SourceRegistry } from '#sources';
import { StatementQueries, StatementRunHandler } from '#statements';
import { by, TestProgram } from '#testing/program';
import { eventually } from '../support/eventually.js';
import { focusCsv, tags } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

const SCHEMAS = 'docs/events';
const ADMIN = by('admin@example.edu');
const PERIOD = billingPeriod('2025-03');
const CONFIG = 'dev_mode: true\nreview:\n  flag_patterns: [gpu]\n';
const PASSWORD = 'a perfectly long password';

/** What an office does in a month, so that the log holds an event of nearly every type. */
const HAPPENING = [
  ...['ApiKeyIssued', 'ApiKeyRevoked', 'PasswordChanged', 'SignInFailed', 'SignedIn', 'SignedOut'],
  ...['UserChanged', 'UserCreated', 'UserDisabled', 'UserEnabled', 'SourceChanged', 'SourceRegistered'],
  ...['FundRegistered', 'FundChanged', 'FundRetired', 'FundRemoved', 'ChartOfFundsImported'],
  ...['InvoiceExpected', 'InvoiceChanged', 'InvoiceWithdrawn', 'InvoicesImported', 'InvoicesDemanded'],
  ...['InvoiceDifferenceAccepted', 'InvoiceDifferenceReopened'],
  ...['AttributionRuleAdded', 'AttributionRuleChanged', 'AttributionRuleMoved', 'AttributionRuleDisabled', 'AttributionRuleEnabled'],
  ...['ImportReceived', 'ImportRecorded', 'ImportRefused', 'ImportWithdrawn', 'ImportCancelled'],
  ...['ChargesApproved', 'ChargesReattributed', 'ChargesRejected', 'ChargesRestored', 'ChargesReflagged', 'ReviewRulesChanged'],
  ...['PeriodClosed', 'PeriodFinalized', 'PeriodOpened', 'PeriodReopened'],
  ...['StatementIssued', 'StatementRunCompleted', 'StatementRunPlanned', 'StatementRunRequested'],
  ...['DeliveryQueued', 'DeliverySent', 'RunDeliveriesQueued'],
  ...['JournalExported', 'JournalPosted', 'JournalVoided', 'JournalMarkWithdrawn'],
];

interface LoggedEvent {
  readonly type: string;
  readonly schema_version: number;
  readonly data: Record<string, unknown>;
}

/** By `<Type>.v<N>`. */
const validators = new Map<string, ValidateFunction>();

beforeAll(async () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  for (const file of await readdir(SCHEMAS)) {
    const [, name] = /^(\w+\.v\d+)\.json$/.exec(file) ?? [];
    if (name !== undefined) validators.set(name, ajv.compile(JSON.parse(await readFile(join(SCHEMAS, file), 'utf8')) as object));
  }
});

/** What a schema has against an event; empty if nothing. */
function faultsOf({ type, schema_version, data }: LoggedEvent): string[] {
  const name = `${type}.v${schema_version}`;
  const validate = validators.get(name);
  if (validate === undefined) return [`there is no schema ${name}`];
  return validate(data) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath} ${message ?? ''}`);
}

describe('the events of a month', () => {
  it('are as their schemas say', { timeout: 180_000 }, async () => {
    const program = await TestProgram.start({ config: CONFIG });
    try {
      await accounts(program);
      await month(program);
      await chartOfFunds(program);
      await attributionRules(program);
      await invoices(program);
      const events = await program.services.database.query<LoggedEvent>('select type, schema_version, data from events order by position');
      expect(events.flatMap(faultsOf)).toEqual([]);
      const types = new Set(events.map((event) => event.type));
      expect(HAPPENING.filter((type) => !types.has(type))).toEqual([]);
      // The schemas are not so wide that everything would do.
      for (const { type, schema_version, data } of events) {
        const [member = ''] = Object.keys(data);
        expect(faultsOf({ type, schema_version, data: { ...data, surplus: 1 } }), type).not.toEqual([]);
        expect(faultsOf({ type, schema_version, data: { ...data, [member]: undefined } }), type).not.toEqual([]);
      }
    } finally {
      await program.stop();
    }
  });
});

async function accounts(program: TestProgram): Promise<void> {
  const users = program.get(ManageUsersHandler);
  const email = 'ada@example.edu';
  await users.create({ email, displayName: 'Ada', role: 'reviewer', password: PASSWORD }, ADMIN);
  await users.change(email, { role: 'viewer' }, ADMIN);
  await users.change(email, { enabled: false }, ADMIN);
  await users.change(email, { enabled: true }, ADMIN);
  const signIn = program.get(SignInHandler);
  await expect(signIn.signIn(email, 'wrong', ADMIN)).rejects.toThrow();
  await signIn.signIn(email, PASSWORD, ADMIN);
  await program.get(ChangeOwnPasswordHandler).change(email, PASSWORD, `${PASSWORD} indeed`, ADMIN);
  await signIn.signOut(email, ADMIN);
  const keys = program.get(ApiKeysHandler);
  const { keyId } = await keys.issue(
    { name: 'exporter', scopes: ['imports:write'], sources: ['hpc'], expiresAt: new Date('2099-01-01') },
    ADMIN,
  );
  await keys.revoke(keyId, ADMIN);
}

async function chartOfFunds(program: TestProgram): Promise<void> {
  const chart = program.get(ChartOfFunds);
  await chart.put('BIO-1', { validFrom: '2025-01-01' }, ADMIN);
  await chart.put('BIO-1', { title: 'Biology' }, ADMIN);
  await chart.retire('BIO-1', '2025-12-31', null, ADMIN);
  await chart.put('MISTAKE-1', {}, ADMIN);
  await chart.remove('MISTAKE-1', null, ADMIN);
  const file = await program.services.storage.put(Readable.from(['fund_org,owner\nBIO-1,dean@example.edu\nMATH-200,\n']));
  await chart.import({ ...file, fileName: 'chart.csv', mode: 'replace', lastDay: null }, ADMIN);
}

async function attributionRules(program: TestProgram): Promise<void> {
  const rules = program.get(AttributionRules);
  await rules.add({ name: 'tape', match: { source: 'tape' }, set: { fundOrg: 'STOR-1' } }, undefined, ADMIN);
  await rules.add({ name: 'disk', match: { source: 'disk' }, validFrom: '2025-01-01', set: { piEmail: 'ada@example.edu' } }, 1, ADMIN);
  await rules.change(1, { note: 'all of it' }, ADMIN);
  await rules.move(1, 1, ADMIN);
  await rules.disable(1, 'sold', ADMIN);
  await rules.enable(1, ADMIN);
}

async function invoices(program: TestProgram): Promise<void> {
  const expected = program.get(ExpectedInvoices);
  const name = { source: 'hpc', period: PERIOD, invoiceId: 'INV-1', currency: null };
  await expected.put('hpc', 'INV-1', PERIOD, { amount: '7.5', issuedOn: '2025-04-02' }, ADMIN);
  await expected.put('hpc', 'INV-1', PERIOD, { note: 'with support' }, ADMIN);
  await expected.accept(name, null, 'billed elsewhere', ADMIN);
  await expected.reopen(name, null, ADMIN);
  await expected.withdraw('hpc', 'INV-1', PERIOD, 'typo', ADMIN);
  await expected.demand('hpc', true, ADMIN);
  const file = await program.services.storage.put(Readable.from(['invoice_id,period,amount\nINV-2,2025-03,1\n']));
  await expected.import({ ...file, fileName: 'invoices.csv', source: 'hpc' }, ADMIN);
}

/** An import that can't be read yet is given up. */
async function cancelled(program: TestProgram): Promise<void> {
  const { storage } = program.services;
  const file = await storage.put(Readable.from([focusCsv([{ billed: '8', resource: 'given-up' }])]));
  const away = vi.spyOn(storage, 'open').mockRejectedValue(new Error('the disk is away'));
  const request = { ...file, source: 'hpc', fileName: 'hpc.csv', expectedPeriod: null, deliveryMode: null, allowPartial: false };
  const { importId } = await program.get(ReceiveImportHandler).execute(request, ADMIN);
  await program.get(CancelImportHandler).execute(importId, 'not needed', ADMIN);
  away.mockRestore();
}

async function month(program: TestProgram): Promise<void> {
  const office = new Office(program);
  await program.get(SourceRegistry).register('tape', { fundOrg: 'STOR-1' }, ADMIN);
  await program.get(SourceRegistry).change('tape', { accountCode: '7000' }, ADMIN);
  await office.import(
    focusCsv([
      { billed: '10.005', list: '12' },
      { billed: '1', service: 'GPU', resource: 'gpu-1' },
      { billed: '2', service: 'GPU', resource: 'gpu-2' },
      { billed: '3', resource: 'node-2', tags: tags({ fund_org: '' }) },
    ]),
  );
  await office.import(focusCsv([{ billed: '11', list: '12' }, { billed: '1,5' }]), { allowPartial: true });
  await office.import(focusCsv([{ billed: 'n/a' }]));
  await office.import('no,focus\n1,2\n');
  const extra = await office.import(focusCsv([{ billed: '7', resource: 'mistake' }]), { source: 'storage' });
  await program.get(WithdrawImportHandler).execute(extra.importId, 'a wrong file', ADMIN);

  await cancelled(program);

  const flagged = { filter: { period: PERIOD, piEmail: 'ada@example.edu' } };
  const review = program.get(ReviewChargesHandler);
  await program.settle();
  await review.dispose('reject', flagged, 'who asked for that?', ADMIN);
  await program.settle();
  await review.dispose('restore', flagged, null, ADMIN);
  await program.settle();
  await review.reattribute({ fundOrg: 'MATH-200' }, flagged, 'as the PI wrote', ADMIN);
  await program.settle();
  await review.dispose('approve', flagged, null, ADMIN);
  await program.settle();
  await program.get(ReviewRules).change({ flagPatterns: ['gpu', 'node'] }, null, ADMIN);
  await program.get(RuleSweeps).reflag(PERIOD, { note: null }, ADMIN);
  await program.settle();
  await review.dispose('approve', { filter: { period: PERIOD } }, null, ADMIN);

  const periods = program.get(ChangePeriodHandler);
  await periods.close(PERIOD, null, ADMIN);
  await periods.reopen(PERIOD, 'a late file', ADMIN);
  await periods.close(PERIOD, 'now really', ADMIN);
  const { runId } = await program.get(StatementRunHandler).request(PERIOD, true, ADMIN);
  const [sent] = await eventually(async () => {
    await program.settle();
    const run = await program.get(StatementQueries).run(runId);
    const deliveries = await program.get(DeliveryQueries).list({ period: PERIOD }, { limit: 10, offset: 0 });
    return run.state === 'completed' && deliveries[0]?.status === 'dev_mode' ? deliveries : undefined;
  });
  await program.get(SendStatementsHandler).resend(sent?.deliveryId ?? '', ADMIN);
  await program.get(ExportJournalHandler).execute(PERIOD, 'gl', { includeFlagged: false, allowUnbalanced: true }, ADMIN);
  const marks = program.get(MarkJournalHandler);
  await marks.post({ period: PERIOD, number: 1, documentNumber: 'JE-1', postedOn: '2025-04-03', note: null }, ADMIN);
  await marks.void({ period: PERIOD, number: 1, reason: 'reversed' }, ADMIN);
  await marks.withdraw({ period: PERIOD, number: 1, reason: 'it was another one' }, ADMIN);
  await program.settle();
  await periods.finalize(PERIOD, null, { reason: 'the auditor waits' }, ADMIN);
}
