export { SourceRegistry } from './application/source-registry.js';
export { type SourceInput, sourceName } from './domain/source.decide.js';
export { DELIVERY_MODES, type DeliveryMode, type SourceSettings } from './domain/source.events.js';
export { SourceEntity } from './infra/source.entity.js';
export { SourceQueries, type SourceStatus } from './infra/source.queries.js';
export { SourcesModule } from './sources.module.js';
