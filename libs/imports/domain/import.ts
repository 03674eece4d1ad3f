import { DomainError } from '#kernel';
import type { ImportEvent, ImportReceived } from './import.events.js';

export type ImportState = 'received' | 'recorded' | 'booked' | 'refused' | 'withdrawn' | 'cancelled';

/** An import as its stream tells it. */
export interface Import {
  readonly state: ImportState;
  readonly request: ImportReceived['data'];
  readonly version: number;
  readonly periods: readonly string[];
}

/** @throws DomainError `import.unknown` for an empty stream. */
export function foldImport(importId: number, events: readonly ImportEvent[]): Import {
  let current: Import | undefined;
  for (const event of events) current = evolveImport(current, event);
  if (current === undefined) throw new DomainError('import.unknown', 'not-found', `There is no import ${importId}.`);
  return current;
}

function evolveImport(current: Import | undefined, event: ImportEvent): Import {
  if (event.type === 'ImportReceived') return { state: 'received', request: event.data, version: 1, periods: [] };
  if (current === undefined) throw new Error(`${event.type} before ImportReceived`);
  const next = { ...current, version: current.version + 1 };
  switch (event.type) {
    case 'ImportRecorded':
      return { ...next, state: 'recorded', periods: event.data.periods };
    case 'ImportBooked':
      return { ...next, state: 'booked' };
    case 'ImportRefused':
      return { ...next, state: 'refused' };
    case 'ImportWithdrawn':
      return { ...next, state: 'withdrawn' };
    case 'ImportCancelled':
      return { ...next, state: 'cancelled' };
  }
}
