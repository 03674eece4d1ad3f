import type { Upcaster } from '#event-store';
import { WHOLE_PERIOD } from './run-scope.js';

/** How events of older schema versions become those of `statement.events.ts`. */
export const STATEMENT_UPCASTERS: readonly Upcaster[] = [
  // Version 2 says for which statements a run is; before, each was for its whole period.
  { type: 'StatementRunRequested', from: 1, upcast: (data) => ({ ...data, scope: WHOLE_PERIOD, retryOf: null }) },
  // Version 2 says which charges a statement holds; before, nobody wrote that down.
  { type: 'StatementIssued', from: 1, upcast: (data) => ({ ...data, contents: null }) },
];
