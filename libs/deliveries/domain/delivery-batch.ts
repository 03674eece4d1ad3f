/** Deliveries that are sent together: those that one transaction queued, by where their events lie in the log. */
export interface DeliveryBatch {
  readonly transactionId: string;
  readonly batch: number;
}

/** Positions of the log in a batch: enough that a job is little beside its messages, few enough that the messages of one don't wait for long. */
export const BATCH_POSITIONS = 64;

/** The batch that an event belongs to. The same at any time: what a transaction wrote is never added to. */
export function batchOf({ transactionId, position }: { readonly transactionId: string; readonly position: number }): DeliveryBatch {
  return { transactionId, batch: Math.floor(position / BATCH_POSITIONS) };
}
