import type { Event } from '#event-store';

/** An address must get no mail: because somebody said so, or because servers refuse it. @stream suppressionStream */
export type AddressSuppressed = Event<'AddressSuppressed', { address: string; reason: string }>;
/** An address may get mail again. @stream suppressionStream */
export type AddressReleased = Event<'AddressReleased', { address: string; reason: string | null }>;
/** The delegates of a PI, or of one of their projects, are these from now on; none ends it. @stream delegatesStream */
export type DelegatesChanged = Event<
  'DelegatesChanged',
  {
    piEmail: string;
    /** Null: delegates of the PI, who get a copy of the whole message. Else they get a message with the statements of this project. */
    projectId: string | null;
    addresses: readonly string[];
  }
>;
/** Somebody sent a message to see whether mail works; this is what the server said. @stream mailTestStream */
export type TestMailTried = Event<'TestMailTried', { to: string; taken: boolean; devMode: boolean; response: string }>;

export function suppressionStream(address: string): string {
  return `suppression-${encodeURIComponent(address)}`;
}

export function delegatesStream(piEmail: string): string {
  return `delegates-${encodeURIComponent(piEmail)}`;
}

export function mailTestStream(id: string): string {
  return `mail-test-${id}`;
}
