import { foldIdentifier } from '#kernel';
import type { AppConfig, ConfigUser } from '#platform';

/** A user of the older program may have a name only; such a one signs in by it. */
export function emailOfConfigUser(user: ConfigUser): string {
  return foldIdentifier(user.email) || `${foldIdentifier(user.username).replace(/[^a-z0-9._-]/g, '-')}@openchargeback.local`;
}

/** The email meant by what was typed as such: users of the configuration file may also sign in by their name there. */
export function emailOfLogin(login: string, config: AppConfig): string {
  const typed = foldIdentifier(login);
  const named = config.web.users.find((user) => foldIdentifier(user.username) === typed);
  return named === undefined ? typed : emailOfConfigUser(named);
}

/** The entry of a user who always signs in against the file (domain.md §9). */
export function recoveryUser(email: string, config: AppConfig): ConfigUser | undefined {
  return config.web.users.find((user) => user.recovery && emailOfConfigUser(user) === email);
}
