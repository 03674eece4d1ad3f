import type { Upcaster } from '#event-store';

/** Version 2 says whether period ends are inclusive. Before, all of them were taken as FOCUS writes them. */
const withoutInclusiveEnds = (data: unknown): object => ({ ...(data as object), inclusivePeriodEnds: false });

/** How events of older schema versions become those of `source.events.ts`. */
export const SOURCE_UPCASTERS: readonly Upcaster[] = [
  { type: 'SourceRegistered', from: 1, upcast: withoutInclusiveEnds },
  { type: 'SourceChanged', from: 1, upcast: withoutInclusiveEnds },
];
