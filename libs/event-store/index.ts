export { type Actor, type Event, type EventMetadata, isEvent, type RecordedEvent } from './event.js';
export {
  type AppendOptions,
  type AppendResult,
  type Checkpoint,
  type EventFilter,
  EVENTS_CHANNEL,
  EventStore,
  isStreamConflict,
  START,
} from './event-store.js';
export type { Projection } from './projection.js';
export { ProjectionRunner, type ProjectionState } from './projection-runner.js';
