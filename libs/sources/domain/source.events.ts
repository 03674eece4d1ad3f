import type { Event } from '#event-store';

export type DeliveryMode = 'merge' | 'replace' | 'append';
export const DELIVERY_MODES: readonly DeliveryMode[] = ['merge', 'replace', 'append'];
export type CostBasis = 'billed' | 'effective';
export const COST_BASES: readonly CostBasis[] = ['billed', 'effective'];

/** Where charges come from, and how its files are read and booked. Texts that are not set are empty. */
export interface SourceSettings {
  /** Trimmed and case-folded: `aws` and `AWS` are one source. */
  readonly name: string;
  /** As written. */
  readonly displayName: string;
  /** Found in a file's name, it tells the source; the longest wins. Empty, which nobody can save any more: never guessed. */
  readonly pattern: string;
  /** Credited in the journal. */
  readonly fundOrg: string;
  /** GL account of charges without one of their own. */
  readonly accountCode: string;
  readonly deliveryMode: DeliveryMode;
  readonly costBasis: CostBasis;
  /** Declared format of ambiguous dates, such as `M/D/YY`. */
  readonly dateFormat: string;
  /** Column that identifies a line between deliveries. */
  readonly lineIdColumn: string;
  /** Its files end periods with the last day or second within (older converters do), and FOCUS with the first beyond: ends are kept as FOCUS's. */
  readonly inclusivePeriodEnds: boolean;
  readonly enabled: boolean;
}

/** A source of charges became known, with these settings. */
export type SourceRegistered = Event<'SourceRegistered', SourceSettings>;
/** Settings of a source were changed; these are all of them as they are now. */
export type SourceChanged = Event<'SourceChanged', SourceSettings>;
export type SourceEvent = SourceRegistered | SourceChanged;

export function sourceStream(name: string): string {
  return `source-${name}`;
}
