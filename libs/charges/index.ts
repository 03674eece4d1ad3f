export { AllowedFundOrgs } from './application/allowed-fund-orgs.js';
export { ChargeStories, type ChargeStory } from './application/charge-stories.js';
export {
  type LedgerAsOf,
  type LedgerCause,
  type LedgerDifference,
  type LedgerDifferenceRow,
  LedgerHistory,
  type LedgerScope,
  type LedgerStandpoint,
  type LedgerSum,
} from './application/ledger-history.js';
export { type ChargeChoice, ChosenCharges, type ReviewSelection } from './application/chosen-charges.js';
export { ReviewChargesHandler, type ReviewExtent, type ReviewOutcome } from './application/review-charges.handler.js';
export { type ReflagPreview, type RulesTrial, RuleSweeps } from './application/rule-sweeps.js';
export { ChargesModule } from './charges.module.js';
export { type AskedMoment, askedMoment } from './domain/asked-moment.js';
export { billedAt, type Booking } from './domain/charge-bookings.js';
export { type ChargeId, type ChargeRanges, formatChargeId, packChargeIds, parseChargeId } from './domain/charge-id.js';
export { type ChargeDecision, IMPORT_TOUCHES, type ImportTouch, type TouchingImport } from './domain/charge-story.js';
export type { LedgerMoment } from './domain/ledger-moment.js';
export {
  type AttributionChange,
  CHARGE_KINDS,
  type ChargeKind,
  cleanNote,
  type DispositionVerb,
  type IsFundOrgAllowed,
  notDecidable,
  remainingFlags,
  type ReviewableCharge,
  requireChoice,
  standingWords,
} from './domain/review.decide.js';
export { type Attribution, type CurrencyAmount, reviewStream } from './domain/review.events.js';
export { REVIEW_UPCASTERS } from './domain/review.upcasters.js';
export type { ChargeTally, ReasonEffect, RuledCharge, RulesEffect } from './domain/rule-sweep.js';
export type { SeenCharges } from './domain/seen-charges.js';
export type { CsvPiece } from './infra/billable-csv.js';
export type { ChargeFilter } from './infra/charge-filter.js';
export type { ChargeRow } from './infra/charge-row.js';
export { ChargeQueries, type ReviewLogEntry } from './infra/charge.queries.js';
export { chargesCsv } from './infra/charges-csv.js';
export type { ChargePage } from './infra/find-charges.js';
