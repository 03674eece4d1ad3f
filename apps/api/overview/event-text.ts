import type { RecordedEvent } from '#event-store';

/** What happened, in a short sentence for people: `Import 12 of aws_2026-01.csv was recorded`. */
export function eventText(event: RecordedEvent): string {
  const data = event.data as Readonly<Record<string, unknown>>;
  const write = TEXTS[event.type];
  return write === undefined ? inWords(event.type) : write((field) => plain(data[field]));
}

type Fields = (field: string) => string;

/** What stands for a field that the event does not fill. */
const UNKNOWN = '?';

const TEXTS: Readonly<Record<string, (of: Fields) => string>> = {
  PeriodOpened: (of) => `Period ${of('period')} was opened`,
  PeriodClosed: (of) => `Period ${of('period')} was closed`,
  PeriodReopened: (of) => `Period ${of('period')} was reopened: ${of('reason')}`,
  PeriodFinalized: (of) => `Period ${of('period')} was finalized`,
  SourceRegistered: (of) => `Source ${of('displayName')} was registered`,
  SourceChanged: (of) => `Settings of source ${of('displayName')} were changed`,
  FundRegistered: (of) => `Fund ${of('fundOrg')} came into the chart of funds`,
  FundChanged: (of) => `Fund ${of('fundOrg')} was changed`,
  FundRetired: (of) => `Fund ${of('fundOrg')} ends with ${of('validTo')}${withReason(of('reason'))}`,
  FundRemoved: (of) => `Fund ${of('fundOrg')} was taken out of the chart of funds${withReason(of('reason'))}`,
  ChartOfFundsImported: (of) =>
    `${of('fileName')} was taken into the chart of funds: ${of('addedCount')} added, ${of('changedCount')} changed, ${of('retiredCount')} retired`,
  InvoiceExpected: (of) =>
    `Invoice ${of('invoiceId')} of ${of('source')} for ${of('period')} was announced: ${of('amount')} ${of('currency')}`,
  InvoiceChanged: (of) =>
    `Invoice ${of('invoiceId')} of ${of('source')} for ${of('period')} was changed: ${of('amount')} ${of('currency')}`,
  InvoiceWithdrawn: (of) =>
    `Invoice ${of('invoiceId')} of ${of('source')} for ${of('period')} is expected no longer${withReason(of('reason'))}`,
  InvoicesImported: (of) =>
    `${of('fileName')} announced invoices of ${of('source')}: ${of('addedCount')} added, ${of('changedCount')} changed, ${of('withdrawnCount')} voided`,
  InvoiceDifferenceAccepted: (of) => `The difference of ${invoice(of)} was accepted: ${of('reason')}`,
  InvoiceDifferenceReopened: (of) => `The difference of ${invoice(of)} is open again${withReason(of('reason'))}`,
  InvoicesDemanded: (of) => `Invoices of ${of('source')} are ${of('demanded') === 'true' ? 'demanded' : 'demanded no longer'}`,
  AttributionRuleAdded: (of) => `Rule ${of('ruleId')} “${of('name')}” was added at place ${of('place')}`,
  AttributionRuleChanged: (of) => `Rule ${of('ruleId')} “${of('name')}” was changed (version ${of('version')})`,
  AttributionRuleMoved: (of) => `Rule ${of('ruleId')} “${of('name')}” was moved to place ${of('place')}`,
  AttributionRuleDisabled: (of) => `Rule ${of('ruleId')} “${of('name')}” was disabled${withReason(of('reason'))}`,
  AttributionRuleEnabled: (of) => `Rule ${of('ruleId')} “${of('name')}” was enabled`,
  ImportReceived: (of) => `${of('fileName')} was received for ${of('source')} (import ${of('importId')})`,
  ImportRecorded: (of) => `Import ${of('importId')} of ${of('source')} was recorded`,
  ImportBooked: (of) => `Import ${of('importId')} of ${of('source')} was compared with what was billed, and booked as adjustments`,
  ImportRefused: (of) => `Import ${of('importId')} was refused: ${of('reason')}`,
  ImportWithdrawn: (of) => `Import ${of('importId')} was withdrawn: ${of('reason')}`,
  ImportCancelled: (of) => `Import ${of('importId')} was cancelled${withReason(of('reason'))}`,
  ChargesApproved: (of) => `${charges(of)} approved`,
  ChargesRejected: (of) => `${charges(of)} rejected`,
  ChargesRestored: (of) => `${charges(of)} put back to review`,
  ChargesReattributed: (of) => `${charges(of)} reattributed`,
  ChargesReflagged: (of) => `${charges(of)} flagged again: ${of('flaggedCount')} to review, ${of('clearedCount')} cleared`,
  ReviewRulesChanged: () => 'The patterns of the review were changed',
  AdjustmentsBooked: (of) => `Adjustment ${of('adjustmentId')} of ${of('adjustedPeriod')} was booked in ${of('period')}: ${of('reason')}`,
  AdjustmentsWithdrawn: (of) => `Adjustment ${of('adjustmentId')} was withdrawn: ${of('reason')}`,
  ChargesSplit: (of) => `${charges(of)} divided into ${of('lineCount')} parts`,
  SplitsUndone: (of) => `${charges(of)} put together again`,
  StatementRunRequested: (of) => `Statements of ${of('period')} were asked for (run ${of('runId')})`,
  StatementRunPlanned: (of) => `Statement run ${of('runId')} was planned`,
  StatementRunCancelled: (of) => `Statement run ${of('runId')} of ${of('period')} was cancelled: ${of('issued')} made, ${of('left')} left`,
  StatementRunCompleted: (of) => `Statement run ${of('runId')} of ${of('period')} ended: ${of('issued')} made, ${of('failed')} failed`,
  StatementIssued: (of) => `Statement of ${of('piEmail')} for ${of('projectId')}, ${of('period')}, revision ${of('revision')}`,
  StatementFailed: (of) => `Statement of ${of('piEmail')} for ${of('projectId')} could not be made: ${of('reason')}`,
  DeliveryQueued: (of) => `Message to ${of('recipient')} was queued`,
  DeliveryDeferred: (of) => `A message was put off, attempt ${of('attempt')}: ${of('response')}`,
  DeliverySuppressed: (of) => `No message was sent to ${of('address')}, which is on the suppression list`,
  AddressSuppressed: (of) => `${of('address')} gets no mail any more: ${of('reason')}`,
  AddressReleased: (of) => `${of('address')} may get mail again`,
  DelegatesChanged: (of) => `Delegates of ${of('piEmail')} were changed`,
  TestMailTried: (of) => `A test message went to ${of('to')}: ${of('response')}`,
  DeliverySent: () => 'A message was sent',
  DeliveryFailed: (of) => `A message could not be sent: ${of('response')}`,
  RunDeliveriesQueued: (of) => `Messages of statement run ${of('runId')} were queued`,
  TemplateSaved: (of) => `Template ${of('name')} (${of('area')}) was saved${withReason(of('note'))}`,
  TemplateRemoved: (of) => `Template ${of('name')} (${of('area')}) was removed; the file of that name counts${withReason(of('reason'))}`,
  JournalExported: (of) => `Journal ${of('fileName')} was exported`,
  JournalPosted: (of) => `Journal ${of('number')} of ${of('period')} was posted as document ${of('documentNumber')} on ${of('postedOn')}`,
  JournalVoided: (of) => `Journal ${of('number')} of ${of('period')} is void: ${of('reason')}`,
  JournalMarkWithdrawn: (of) => `Journal ${of('number')} of ${of('period')} is not ${of('mark')} after all: ${of('reason')}`,
  LogSealed: (of) => `The log was sealed: ${of('eventCount')} events`,
  LogRestored: () => 'The log goes on from a copy that was restored',
  JobExhausted: (of) => `Work failed (${of('jobId')}): ${of('reason')}`,
  JobRetried: (of) => `Failed work (${of('jobId')}) was queued again`,
  JobRecovered: (of) => `Failed work (${of('jobId')}) is done`,
  JobGivenUp: (of) => `Failed work (${of('jobId')}) was given up`,
  UserCreated: (of) => `Account ${of('email')} was created`,
  UserChanged: (of) => `Account ${of('email')} was changed`,
  UserDisabled: (of) => `Account ${of('email')} was disabled`,
  UserEnabled: (of) => `Account ${of('email')} was enabled`,
  PasswordChanged: (of) => `The password of ${of('email')} was changed`,
  SignedIn: (of) => `${of('email')} signed in`,
  SignInFailed: (of) => `Signing in as ${of('email')} failed`,
  SignedOut: (of) => `${of('email')} signed out`,
  ApiKeyIssued: (of) => `API key “${of('name')}” was issued`,
  ApiKeyRevoked: (of) => `API key ${of('keyId')} was revoked`,
};

function charges(of: Fields): string {
  return of('count') === '1' ? `1 charge of ${of('period')} was` : `${of('count')} charges of ${of('period')} were`;
}

function invoice(of: Fields): string {
  const name = of('invoiceId') === '' ? 'charges without an invoice' : `invoice ${of('invoiceId')}`;
  return `${name} of ${of('source')} for ${of('period')}`;
}

/** A reason that need not be given. */
function withReason(reason: string): string {
  return reason === UNKNOWN ? '' : `: ${reason}`;
}

function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : UNKNOWN;
}

/** `LogSealed` → `Log sealed`. */
function inWords(type: string): string {
  const words = type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
