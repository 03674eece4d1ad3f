import type { Event } from '#event-store';
import type { Role } from './role.js';

export interface UserProfile {
  readonly displayName: string;
  readonly role: Role;
}

/** Why a sign-in failed; for the log only, the person at the door is never told which it was. */
export type SignInFailure = 'unknown-user' | 'wrong-password' | 'locked' | 'disabled';

/** An account was made. Emails are trimmed and case-folded. No event holds a password or its hash. */
export type UserCreated = Event<'UserCreated', UserProfile & { readonly email: string }>;
/** Display name or role was changed. */
export type UserChanged = Event<'UserChanged', { readonly email: string; readonly before: UserProfile; readonly after: UserProfile }>;
/** The account can no longer sign in. */
export type UserDisabled = Event<'UserDisabled', { readonly email: string }>;
/** A disabled account can sign in again. */
export type UserEnabled = Event<'UserEnabled', { readonly email: string }>;
/** A new password was set, by its owner or by an administrator. */
export type PasswordChanged = Event<'PasswordChanged', { readonly email: string }>;
/** Somebody signed in. */
export type SignedIn = Event<
  'SignedIn',
  {
    readonly email: string;
    /** The password no longer satisfies the policy. */
    readonly mustChangePassword: boolean;
    /** Checked against the configuration file instead of the database. */
    readonly recovery: boolean;
  }
>;
/**
 * Somebody failed to sign in. `email` is empty where what was typed is no email address: it may be a password that went into the wrong field.
 * @stream userStream
 * @stream UNKNOWN_USERS_STREAM
 */
export type SignInFailed = Event<'SignInFailed', { readonly email: string; readonly reason: SignInFailure }>;
/** Somebody signed out. */
export type SignedOut = Event<'SignedOut', { readonly email: string }>;

export type UserEvent = UserCreated | UserChanged | UserDisabled | UserEnabled | PasswordChanged | SignedIn | SignInFailed | SignedOut;

/** What an account is made of; the rest of its stream is what was done with it. */
export const ACCOUNT_EVENT_TYPES = ['UserCreated', 'UserChanged', 'UserDisabled', 'UserEnabled'] as const;

export function userStream(email: string): string {
  return `user-${email}`;
}

/** Failed sign-ins without an account: one stream, so that guesses don't make streams at will. */
export const UNKNOWN_USERS_STREAM = 'sign-ins-without-account';
