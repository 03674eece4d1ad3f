export { ImportedSplits } from './application/imported-splits.js';
export { type SplitCharges, SplitChargesHandler, type SplitOutcome, type UndoneSplits } from './application/split-charges.handler.js';
export { amountsOfParts, divisionOf, MOST_PARTS, type Part, type PartInput } from './domain/division.js';
export type { ChargesSplit } from './domain/split.events.js';
export { type PartRow, SplitQueries, type SplitRow } from './infra/split.queries.js';
export { SplitsModule } from './splits.module.js';
