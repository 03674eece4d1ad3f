import type { JobName } from '#jobs';
import { AskChoice, AskYesNo, Choice, Instant, ListOf, Text, Texts, Whole } from '../http/fields.js';
import { QueueInfo } from '../system/system.dto.js';

const STATES = ['exhausted', 'retried'] as const;
/** Written out, because they are part of the API; the compiler sees to it that none is missing or invented. */
const NAMES: Readonly<Record<JobName, true>> = {
  'imports.record': true,
  'imports.preview': true,
  'statements.plan-run': true,
  'statements.render': true,
  'statements.finish-run': true,
  'deliveries.queue': true,
  'deliveries.send': true,
  'deliveries.send-batch': true,
};

class FailedJobInfo {
  @Text({ example: 'import-12' }) jobId!: string;
  @Text({ example: 'imports.record' }) name!: string;
  @Text({ description: 'What it is about, in words.', example: 'Recording of import 12' }) about!: string;
  @Whole({ nullable: true, description: 'The import it is about.' }) importId!: number | null;
  @Text({ nullable: true, format: 'uuid', description: 'The dry run it is about.' }) previewId!: string | null;
  @Whole({ nullable: true, description: 'The statement run it is about.' }) runId!: number | null;
  @Text({ nullable: true, description: 'The delivery it is about.' }) deliveryId!: string | null;
  @Choice(STATES, 'FailedJobState', { description: 'exhausted: waits for somebody to retry it; retried: is being tried again.' })
  state!: (typeof STATES)[number];
  @Whole({ description: 'Runs in all, those before earlier retries included.' }) attempts!: number;
  @Text({ description: 'Why the last run failed.' }) reason!: string;
  @Instant() failedAt!: Date;
  @Text({ nullable: true }) retriedBy!: string | null;
  @Instant({ nullable: true }) retriedAt!: Date | null;
}

/** Failed work as it is told where its subject is shown. */
export class FailedJobNote {
  @Text({ example: 'import-12' }) jobId!: string;
  @Text({ example: 'Recording of import 12' }) about!: string;
  @Text() reason!: string;
  @Instant() failedAt!: Date;
}

export class FailedJobList {
  @ListOf(() => FailedJobInfo, { description: 'Newest first.' }) failed!: readonly FailedJobInfo[];
  @ListOf(() => QueueInfo) queues!: readonly QueueInfo[];
}

export class RetryJobs {
  @AskYesNo({ required: false, description: 'All of it; either this or a name.' }) all?: boolean;
  @AskChoice(Object.keys(NAMES), 'JobName', { required: false, description: 'All failed work of this kind.' }) name?: JobName;
}

export class RetriedJobList {
  @Whole({ description: 'Position of the last event written, 0 if there was nothing to retry; hand it to a read as ?wait=.' })
  position!: number;
  @Texts({ description: 'What is queued again.' }) jobIds!: readonly string[];
}
