export { ReviewChargesHandler, type ReviewOutcome, type ReviewSelection } from './application/review-charges.handler.js';
export { ChargesModule } from './charges.module.js';
export { parseChargeId } from './domain/charge-id.js';
export type { AttributionChange, DispositionVerb } from './domain/review.decide.js';
export { type ChargeFilter, type ChargePage, ChargeQueries, type ChargeRow, type ReviewLogEntry } from './infra/charge.queries.js';
