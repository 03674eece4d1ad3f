import type { Upcaster } from '#event-store';

/** How events of older schema versions become those of `import.events.ts`. */
export const IMPORT_UPCASTERS: readonly Upcaster[] = [
  // Version 2 also proves what was found for the lines; before, nobody wrote that down.
  { type: 'ImportRecorded', from: 1, upcast: (data) => ({ ...data, matchesDigest: null }) },
];
