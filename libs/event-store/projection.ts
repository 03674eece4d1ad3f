import type { Tx } from '#platform';
import type { RecordedEvent } from './event.js';

/**
 * A read model made from the log. `apply` gets each event exactly once, in order, inside the transaction that also moves the
 * checkpoint; it must depend on nothing but the events, the lines they recorded and the tables it owns, so that a rebuild gives the same rows.
 */
export interface Projection {
  readonly name: string;
  /** Raise it when `apply` changes: the tables are then made anew from the first event, beside those in use. */
  readonly version: number;
  /** Tables of schema public that this projection alone writes. `apply` names them without their schema: a rebuild keeps them in another one. */
  readonly tables: readonly string[];
  readonly eventTypes: readonly string[];
  apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void>;
}
