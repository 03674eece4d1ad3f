export { SourceRegistry } from './application/source-registry.js';
export type { ImportQuality, PeriodQuality } from './domain/source-quality.js';
export { type SettingChange, type SourceInput, sourceName, type SourceSetting } from './domain/source.decide.js';
export { COST_BASES, type CostBasis, DELIVERY_MODES, type DeliveryMode, type SourceSettings } from './domain/source.events.js';
export { SOURCE_UPCASTERS } from './domain/source.upcasters.js';
export { type SourceQuality, SourceQualityQueries } from './infra/source-quality.queries.js';
export { SourceEntity } from './infra/source.entity.js';
export { SourceQueries, type SourceStatus } from './infra/source.queries.js';
export { SourcesModule } from './sources.module.js';
