import type { JobCatalogue, JobRequest } from '#jobs';

/** Deliveries that are sent by one job: those that one transaction queued, by where their events lie in the log. */
export type DeliveryBatch = JobCatalogue['deliveries.send-batch'];

/** Positions of the log in a batch: enough that a job is little beside its messages, few enough that the messages of one don't wait for long. */
export const BATCH_POSITIONS = 32;

/** The job that sends what was queued there. The same for all of a batch, at any time: what a transaction wrote is never added to. */
export function batchJob({ transactionId, position }: { readonly transactionId: string; readonly position: number }): JobRequest {
  const batch = Math.floor(position / BATCH_POSITIONS);
  return { name: 'deliveries.send-batch', id: `deliveries-${transactionId}-${batch}`, data: { transactionId, batch } };
}
