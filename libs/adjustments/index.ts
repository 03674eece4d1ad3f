export { AdjustmentsModule } from './adjustments.module.js';
export {
  type AdjustmentOutcome,
  type AdjustmentTarget,
  type BookAdjustments,
  BookAdjustmentsHandler,
} from './application/book-adjustments.handler.js';
export { WithdrawAdjustmentsHandler } from './application/withdraw-adjustments.handler.js';
export { ADJUSTMENT_KINDS, type AdjustmentKind, type AdjustmentTotal, BOOKED_KINDS, type BookedKind } from './domain/adjustment.events.js';
export { ADJUSTMENT_UPCASTERS } from './domain/adjustment.upcasters.js';
export type { AdjustmentLine } from './infra/adjustment-lines.js';
export { ADJUSTMENT_STATES, AdjustmentQueries, type AdjustmentRow, type AdjustmentState } from './infra/adjustment.queries.js';
