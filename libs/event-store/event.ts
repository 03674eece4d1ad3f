/** Who did something: a person, an API key, the command line's local operator, or the program itself. */
export interface Actor {
  readonly kind: 'user' | 'key' | 'cli' | 'system';
  /** Email of a user, id of a key, login name of an operator, name of a process. */
  readonly id: string;
}

/** Kept with every event: who, from where, in which request, because of what. */
export interface EventMetadata {
  readonly actor: Actor;
  /** The same for everything that one request or command led to. */
  readonly correlationId: string;
  /** Position of the event that led to this one. */
  readonly causationId?: number;
  readonly requestIp?: string;
}

/** A typed, past-tense fact: `type ImportReceived = Event<'ImportReceived', {…}>`. */
export interface Event<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
}

/** An event as the log holds it. */
export interface RecordedEvent<E extends Event = Event> {
  readonly position: number;
  readonly transactionId: string;
  readonly stream: string;
  /** 1 for the first event of a stream. */
  readonly version: number;
  readonly type: E['type'];
  /** As it was written; `data` is what the newest version makes of it. */
  readonly schemaVersion: number;
  readonly data: E['data'];
  readonly metadata: EventMetadata;
  readonly recordedAt: Date;
}

/** Narrows a recorded event by its type. */
export function isEvent<E extends Event>(event: RecordedEvent, type: E['type']): event is RecordedEvent<E> {
  return event.type === type;
}
