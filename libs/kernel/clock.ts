/** Where the time comes from; nothing else in the program asks the machine for it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Injection token for the {@link Clock}. */
export const CLOCK = Symbol('Clock');
