import type { Actor, RecordedEvent } from '#event-store';

/** An event that changed the ledger of a period, or marks a step of its month. */
export interface LedgerMoment {
  readonly position: number;
  readonly at: Date;
  /** Who caused it: for what a worker did, whoever asked for it. */
  readonly by: Actor;
  readonly type: string;
  /** `Import 12 recorded (aws_2025-09.csv)`. */
  readonly text: string;
  /** What was noted with it: a note, a reason. */
  readonly note: string | null;
  /** The import that it is about. */
  readonly importId: number | null;
}

type Fields = (field: string) => string;

/** What happened, in a few words; `of` reads the event's data, and those of the event that began its stream. */
const TEXTS: Readonly<Record<string, (of: Fields) => string>> = {
  PeriodOpened: () => 'Period opened',
  PeriodClosed: () => 'Period closed',
  PeriodReopened: () => 'Period reopened',
  PeriodFinalized: () => 'Period finalized',
  ImportRecorded: (of) => `Import ${of('importId')} recorded (${of('fileName')})`,
  ImportWithdrawn: (of) => `Import ${of('importId')} withdrawn (${of('fileName')})`,
  ChargesApproved: (of) => `${charges(of)} approved`,
  ChargesRejected: (of) => `${charges(of)} rejected`,
  ChargesRestored: (of) => `${charges(of)} put back to review`,
  ChargesReattributed: (of) => `${charges(of)} reattributed`,
  ChargesReflagged: (of) => `${charges(of)} flagged again: ${of('flaggedCount')} to review, ${of('clearedCount')} cleared`,
  AdjustmentsBooked: (of) => `Adjustment ${of('adjustmentId')} booked (${charges(of)} of ${of('adjustedPeriod')})`,
  AdjustmentsWithdrawn: (of) => `Adjustment ${of('adjustmentId')} withdrawn`,
  ChargesSplit: (of) => `${charges(of)} divided into ${of('lineCount')} parts (split ${of('splitId')})`,
  SplitsUndone: (of) => `${charges(of)} put together again`,
  StatementRunCompleted: (of) => `Statement run ${of('runId')} ended: ${of('issued')} made, ${of('unchanged')} unchanged`,
  JournalExported: (of) => `Journal exported (${of('fileName')})`,
};
const NOTE_FIELDS = ['note', 'notes', 'reason'] as const;

/** Types of the events that mark a step of the month without changing the ledger. */
export const MARKING_EVENT_TYPES: readonly string[] = [
  'PeriodOpened',
  'PeriodClosed',
  'PeriodReopened',
  'PeriodFinalized',
  'StatementRunCompleted',
  'JournalExported',
];

/**
 * @param beginning first event of the same stream: for what file, and who asked for what a worker did
 * @param asker who caused it, where the log says so
 */
export function ledgerMoment(event: RecordedEvent, beginning: RecordedEvent, asker: Actor | undefined): LedgerMoment {
  const data = { ...beginning.data, ...event.data } as Readonly<Record<string, unknown>>;
  const own = event.data as Readonly<Record<string, unknown>>;
  const write = TEXTS[event.type];
  const note = NOTE_FIELDS.map((field) => own[field]).find((value) => typeof value === 'string' && value !== '');
  return {
    position: event.position,
    at: event.recordedAt,
    by: event.metadata.actor.kind === 'system' ? (asker ?? beginning.metadata.actor) : event.metadata.actor,
    type: event.type,
    text: write === undefined ? event.type : write((field) => plain(data[field])),
    note: typeof note === 'string' ? note : null,
    importId: typeof own['importId'] === 'number' ? own['importId'] : null,
  };
}

function charges(of: Fields): string {
  return of('count') === '1' ? '1 charge' : `${of('count')} charges`;
}

function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}
