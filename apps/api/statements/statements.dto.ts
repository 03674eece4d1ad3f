import {
  AskPeriod,
  AskText,
  AskTexts,
  AskWhole,
  AskYesNo,
  Choice,
  Instant,
  ListOf,
  Money,
  Part,
  Period,
  Text,
  Texts,
  Whole,
  YesNo,
} from '../http/fields.js';
import { Written } from '../http/written.dto.js';
import { FailedJobNote } from '../jobs/jobs.dto.js';
import type { BillingPeriod } from '#kernel';

export const DELIVERY_STATUSES = ['queued', 'sent', 'failed', 'dev_mode', 'suppressed'] as const;
export type DeliveryStatusName = (typeof DELIVERY_STATUSES)[number];

const RUN_STATES = ['planned', 'running', 'completed', 'cancelled'] as const;
type RunState = (typeof RUN_STATES)[number];

class StatementScopeInfo {
  @Text({ example: 'ada@example.edu' }) piEmail!: string;
  @Text({ example: 'genome-atlas' }) projectId!: string;
}

export class StatementRevision extends StatementScopeInfo {
  @Period() period!: string;
  @Whole({ description: '1 for the first.' }) revision!: number;
  @Text({ example: 'USD' }) currency!: string;
  @Texts() fundOrgs!: readonly string[];
  @Money() list!: string;
  @Money() discount!: string;
  @Money() due!: string;
  @Whole() lineCount!: number;
  @Text({ description: 'Of the ledger it was made from; the first 16 characters are printed as the verification code.' })
  ledgerDigest!: string;
  @Text() fileName!: string;
  @Instant() issuedAt!: Date;
}

/** The last message to the PI about the period. */
export class StatementDelivery {
  @Text() deliveryId!: string;
  @Choice(DELIVERY_STATUSES, 'DeliveryStatus') status!: DeliveryStatusName;
  @Instant() queuedAt!: Date;
  @Instant({ nullable: true }) endedAt!: Date | null;
  @YesNo({ description: 'This revision is attached to it.' }) coversRevision!: boolean;
}

class Statement extends StatementRevision {
  @YesNo({ description: 'The ledger has changed since; a run makes a new revision.' }) outOfDate!: boolean;
  @Part(() => StatementDelivery, { nullable: true }) delivery!: StatementDelivery | null;
}

class StatementSum {
  @Money() list!: string;
  @Money() discount!: string;
  @Money() due!: string;
}

export class StatementList {
  @ListOf(() => Statement, { description: 'The newest revision of each, by PI and project.' }) statements!: readonly Statement[];
  @ListOf(() => StatementScopeInfo, { description: 'Charges without a statement; a run makes one.' })
  missing!: readonly StatementScopeInfo[];
  @Whole({ description: 'Statements a run would make: those missing and those out of date.' }) dueCount!: number;
  @Part(() => StatementSum, { description: 'Of the statements listed.' }) sum!: StatementSum;
}

export class RevisionList {
  @ListOf(() => StatementRevision, { description: 'Newest first.' }) revisions!: readonly StatementRevision[];
}

export class ScopeQuery {
  @AskText({ maxLength: 254 }) piEmail!: string;
  @AskText() projectId!: string;
}

export class PdfQuery extends ScopeQuery {
  @AskWhole({ min: 1, max: 1_000_000, required: false, description: 'Left out: the newest.' }) revision?: number;
}

export class ChangesQuery extends ScopeQuery {
  @AskWhole({ min: 2, max: 1_000_000, required: false, description: 'Left out: the newest.' }) revision?: number;
  @AskWhole({ min: 1, max: 5_000, default: 200, required: false, description: 'Charges named.' }) limit = 200;
}

class BilledMoneyInfo {
  @Money() list!: string;
  @Money() discount!: string;
  @Money() due!: string;
}

class ServiceDifferenceInfo {
  @Text() fundOrg!: string;
  @Text() serviceName!: string;
  @Part(() => BilledMoneyInfo) before!: BilledMoneyInfo;
  @Part(() => BilledMoneyInfo) after!: BilledMoneyInfo;
}

class ChargeOnStatementInfo {
  @Text({ example: '3-17' }) chargeId!: string;
  @Text() fundOrg!: string;
  @Money({ description: 'Exact.' }) list!: string;
  @Money({ description: 'Exact.' }) amount!: string;
}

class ChargeDifferenceInfo {
  @Text() serviceName!: string;
  @Text() resource!: string;
  @Text({ nullable: true, example: '2026-01-05' }) date!: string | null;
  @Part(() => ChargeOnStatementInfo, { nullable: true, description: 'Null for a charge that was added.' })
  before!: ChargeOnStatementInfo | null;
  @Part(() => ChargeOnStatementInfo, { nullable: true, description: 'Null for a charge that is gone.' })
  after!: ChargeOnStatementInfo | null;
}

export class RevisionDifferenceInfo extends StatementScopeInfo {
  @Period() period!: string;
  @Whole() revision!: number;
  @Whole({ description: 'The revision before.' }) since!: number;
  @Whole() addedCount!: number;
  @Whole() goneCount!: number;
  @Whole({ description: 'Revised by a later import, or paid by another fund/org or account.' }) changedCount!: number;
  @Part(() => BilledMoneyInfo) before!: BilledMoneyInfo;
  @Part(() => BilledMoneyInfo) after!: BilledMoneyInfo;
  @ListOf(() => ServiceDifferenceInfo, { description: 'Those whose money changed.' }) services!: readonly ServiceDifferenceInfo[];
  @ListOf(() => ChargeDifferenceInfo, { description: 'Those that differ most, up to `limit`.' }) charges!: readonly ChargeDifferenceInfo[];
}

class VerifiedStatementInfo extends StatementRevision {
  @YesNo({ description: 'No later revision was made.' }) isNewest!: boolean;
}

export class Verification {
  @ListOf(() => VerifiedStatementInfo, { description: 'Every statement with such a code, newest first.' })
  statements!: readonly VerifiedStatementInfo[];
}

export class RequestRun {
  @AskTexts({ required: false, maxItems: 10_000, maxLength: 254, description: 'Only the statements of these PIs.' }) piEmails?: string[];
  @AskTexts({ required: false, maxItems: 10_000, maxLength: 500, description: 'Only the statements of these projects.' })
  projectIds?: string[];
  @AskYesNo({ required: false, description: 'Send each PI a message when all are made.' }) send?: boolean;
  @AskYesNo({ required: false, description: 'Render what would be made, and record nothing.' }) dryRun?: boolean;
}

export class RequestedRun extends Written {
  @Whole() runId!: number;
}

class StatementPreviewInfo extends StatementScopeInfo {
  @Money() list!: string;
  @Money() discount!: string;
  @Money() due!: string;
  @Whole() lineCount!: number;
  @Whole({ description: 'The revision it would get.' }) revision!: number;
}

class RunFailure extends StatementScopeInfo {
  @Text() reason!: string;
}

export class DryRunResult {
  @ListOf(() => StatementPreviewInfo) statements!: readonly StatementPreviewInfo[];
  @ListOf(() => RunFailure, { description: 'Statements that can’t be made, and why.' }) failures!: readonly RunFailure[];
  @Whole({ description: 'Statements whose ledger has not changed.' }) unchanged!: number;
  @Part(() => BilledMoneyInfo, { description: 'Of the statements.' }) sum!: BilledMoneyInfo;
}

class RunEmails {
  @YesNo({ description: 'False until the messages have been queued.' }) planned!: boolean;
  @Whole() count!: number;
  @Whole() waiting!: number;
  @Whole() sent!: number;
  @Whole() failed!: number;
  @Whole({ description: 'Not sent, because the addressee is on the suppression list.' }) suppressed!: number;
}

class RunScopeInfo {
  @Texts({ nullable: true, description: 'Null: all.' }) piEmails!: readonly string[] | null;
  @Texts({ nullable: true, description: 'Null: all.' }) projectIds!: readonly string[] | null;
  @ListOf(() => StatementScopeInfo, { nullable: true, description: 'Just these; null: all.' })
  statements!: readonly StatementScopeInfo[] | null;
}

class StatementRunInfo {
  @Whole() runId!: number;
  @Period() period!: string;
  @Choice(RUN_STATES, 'StatementRunState', { description: 'planned: asked for, and not begun' }) state!: RunState;
  @YesNo() send!: boolean;
  @Part(() => RunScopeInfo, { description: 'Which statements it is for.' }) scope!: RunScopeInfo;
  @Whole({ nullable: true, description: 'The run whose failures it tries again.' }) retryOf!: number | null;
  @Whole({ nullable: true, description: 'The newest run that tries the failures of this one again.' }) retriedBy!: number | null;
  @Whole({ nullable: true, description: 'Statements to make; null until that is known.' }) planned!: number | null;
  @Whole() issued!: number;
  @Whole() unchanged!: number;
  @ListOf(() => RunFailure) failures!: readonly RunFailure[];
  @Text() requestedBy!: string;
  @Instant() requestedAt!: Date;
  @Instant({ nullable: true, description: 'When it was through, or was cancelled.' }) completedAt!: Date | null;
  @Text({ nullable: true }) cancelledBy!: string | null;
  @Text({ nullable: true }) cancelReason!: string | null;
}

export class CancelRun {
  @AskText({ required: false, maxLength: 2_000, description: 'Why; kept in the log.' }) reason?: string;
}

export class RunStatements {
  @ListOf(() => StatementRevision, { description: 'What the run has made so far, by PI and project.' })
  statements!: readonly StatementRevision[];
  @Part(() => BilledMoneyInfo) sum!: BilledMoneyInfo;
}

export class StatementRunDetail extends StatementRunInfo {
  @Part(() => RunEmails, { nullable: true, description: 'Null if the run does not send.' }) emails!: RunEmails | null;
  @ListOf(() => FailedJobNote, { description: 'Steps that failed for a technical reason; the run goes on when they are retried.' })
  failedJobs!: readonly FailedJobNote[];
}

export class StatementRunList {
  @ListOf(() => StatementRunInfo, { description: 'Newest first.' }) runs!: readonly StatementRunInfo[];
}

export class RunQuery {
  @AskPeriod({ required: false }) period?: BillingPeriod;
}
