import type { Actor } from '#event-store';
import { DomainError, foldIdentifier, isEmailAddress } from '#kernel';
import type { Role } from './role.js';
import type { User } from './user.js';
import type { UserCreated, UserEvent, UserProfile } from './user.events.js';

const MAX_DISPLAY_NAME = 200;

/** What an administrator may change; what is left out stays. */
export interface UserChange {
  readonly displayName?: string;
  readonly role?: Role;
  readonly enabled?: boolean;
  /** True if a new password comes with the change; the password itself is no matter of the log. */
  readonly newPassword?: boolean;
}

export interface ChangeContext {
  readonly actor: Actor;
  /** Emails of all enabled administrators as the log has them now. */
  readonly enabledAdmins: readonly string[];
}

/** The email by which a user is known. @throws DomainError `user.malformed-email`. */
export function userEmail(text: string): string {
  const email = foldIdentifier(text);
  if (!isEmailAddress(email)) {
    throw new DomainError('user.malformed-email', 'invalid', `“${text}” is not an email address such as ada@example.edu.`);
  }
  return email;
}

/** @throws DomainError `user.exists`, `user.malformed-email`, `user.malformed-name`. */
export function decideCreateUser(existing: User | null, input: UserProfile & { readonly email: string }): [UserCreated] {
  const email = userEmail(input.email);
  if (existing !== null) {
    throw new DomainError('user.exists', 'conflict', `There is a user ${email} already; change that one, or enable it if it is disabled.`);
  }
  return [{ type: 'UserCreated', data: { email, displayName: displayName(input.displayName), role: input.role } }];
}

/**
 * Changes an account; no event for what is so already.
 * @throws DomainError `user.unknown`, `user.own-account`, `user.last-admin`, `user.malformed-name`.
 */
export function decideChangeUser(user: User | null, email: string, change: UserChange, context: ChangeContext): UserEvent[] {
  if (user === null) throw new DomainError('user.unknown', 'not-found', `There is no user ${email}.`);
  const events: UserEvent[] = [];
  const before: UserProfile = { displayName: user.displayName, role: user.role };
  const after: UserProfile = {
    displayName: change.displayName === undefined ? user.displayName : displayName(change.displayName),
    role: change.role ?? user.role,
  };
  if (after.displayName !== before.displayName || after.role !== before.role) {
    events.push({ type: 'UserChanged', data: { email: user.email, before, after } });
  }
  if (change.enabled === true && !user.enabled) events.push({ type: 'UserEnabled', data: { email: user.email } });
  if (change.enabled === false && user.enabled) events.push({ type: 'UserDisabled', data: { email: user.email } });
  if (change.newPassword === true) events.push({ type: 'PasswordChanged', data: { email: user.email } });

  const isOwn = context.actor.kind === 'user' && context.actor.id === user.email;
  if (isOwn && change.newPassword === true) {
    throw new DomainError(
      'user.own-account',
      'conflict',
      'Your own password is changed with the current one: use “Change password”, or POST /api/v1/session/password.',
    );
  }
  const staysAdmin = after.role === 'admin' && change.enabled !== false;
  if (user.role === 'admin' && user.enabled && !staysAdmin) {
    if (isOwn) {
      throw new DomainError('user.own-account', 'conflict', 'You cannot disable or demote yourself; ask another administrator to do it.');
    }
    if (!context.enabledAdmins.some((admin) => admin !== user.email)) {
      throw new DomainError('user.last-admin', 'conflict', `${user.email} is the only enabled administrator; make another one first.`);
    }
  }
  return events;
}

/** True if whoever is signed in to the account has to sign in again after this. */
export function endsSessions(event: UserEvent): boolean {
  return (
    event.type === 'UserDisabled' ||
    event.type === 'PasswordChanged' ||
    (event.type === 'UserChanged' && event.data.before.role !== event.data.after.role)
  );
}

function displayName(text: string): string {
  const name = text.trim().normalize('NFC');
  if (name === '' || name.length > MAX_DISPLAY_NAME || /\p{Cc}/u.test(name)) {
    throw new DomainError('user.malformed-name', 'invalid', `A display name has 1 to ${MAX_DISPLAY_NAME} characters on one line.`);
  }
  return name;
}
