export { EVENTS_CHANNEL } from './append-notice.js';
export { type Actor, type Event, type EventMetadata, isEvent, type RecordedEvent } from './event.js';
export {
  type AppendOptions,
  type AppendResult,
  type Checkpoint,
  type EventFilter,
  EventStore,
  isStreamConflict,
  START,
  type StreamAppend,
} from './event-store.js';
export type { Projection } from './projection.js';
export { ProjectionRunner, type ProjectionState } from './projection-runner.js';
export type { LogRestored, LogSealed } from './log.events.js';
export { LogSealer, type Seal } from './log-sealer.js';
export { type LogVerification, verifyLog } from './log-verifier.js';
export { formatSeal } from './seal-comparison.js';
export type { LogFinding } from './stream-diagnosis.js';
export { type Upcaster, Upcasting } from './upcasting.js';
