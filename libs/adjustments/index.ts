export { AdjustmentsModule } from './adjustments.module.js';
export {
  type AdjustmentOutcome,
  type AdjustmentTarget,
  type BookAdjustments,
  BookAdjustmentsHandler,
} from './application/book-adjustments.handler.js';
export { WithdrawAdjustmentsHandler } from './application/withdraw-adjustments.handler.js';
export { ADJUSTMENT_KINDS, type AdjustmentKind, type AdjustmentTotal } from './domain/adjustment.events.js';
export type { AdjustmentLine } from './infra/adjustment-lines.js';
export { ADJUSTMENT_STATES, AdjustmentQueries, type AdjustmentRow, type AdjustmentState } from './infra/adjustment.queries.js';
