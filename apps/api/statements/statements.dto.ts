import {
  AskPeriod,
  AskText,
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

export const DELIVERY_STATUSES = ['queued', 'sent', 'failed', 'dev_mode'] as const;
export type DeliveryStatusName = (typeof DELIVERY_STATUSES)[number];

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

export class RequestRun {
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

export class DryRunResult {
  @ListOf(() => StatementPreviewInfo) statements!: readonly StatementPreviewInfo[];
  @Whole({ description: 'Statements whose ledger has not changed.' }) unchanged!: number;
}

class RunFailure extends StatementScopeInfo {
  @Text() reason!: string;
}

class RunEmails {
  @YesNo({ description: 'False until the messages have been queued.' }) planned!: boolean;
  @Whole() count!: number;
  @Whole() waiting!: number;
  @Whole() sent!: number;
  @Whole() failed!: number;
}

class StatementRunInfo {
  @Whole() runId!: number;
  @Period() period!: string;
  @Choice(['running', 'completed'], 'StatementRunState') state!: 'running' | 'completed';
  @YesNo() send!: boolean;
  @Whole({ nullable: true, description: 'Statements to make; null until that is known.' }) planned!: number | null;
  @Whole() issued!: number;
  @Whole() unchanged!: number;
  @ListOf(() => RunFailure) failures!: readonly RunFailure[];
  @Text() requestedBy!: string;
  @Instant() requestedAt!: Date;
  @Instant({ nullable: true }) completedAt!: Date | null;
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
