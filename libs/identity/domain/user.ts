import type { Event } from '#event-store';
import type { UserEvent, UserProfile } from './user.events.js';

export interface User extends UserProfile {
  readonly email: string;
  readonly enabled: boolean;
}

/** The account after one more event; null before there is one. Events that are none of a user change nothing. */
export function evolveUser(user: User | null, event: Event): User | null {
  const { type, data } = event as UserEvent;
  switch (type) {
    case 'UserCreated':
      return { ...data, enabled: true };
    case 'UserChanged':
      return user && { ...user, ...data.after };
    case 'UserDisabled':
      return user && { ...user, enabled: false };
    case 'UserEnabled':
      return user && { ...user, enabled: true };
    default:
      return user;
  }
}
