import { Inject, Injectable } from '@nestjs/common';
import type { AppendResult, EventMetadata } from '#event-store';
import { CLOCK, type Clock, foldIdentifier } from '#kernel';
import { APP_CONFIG, type AppConfig } from '#platform';
import { requireStrongPassword } from '../domain/password-policy.js';
import type { Role } from '../domain/role.js';
import { decideChangeUser, decideCreateUser, endsSessions, type UserChange, userEmail } from '../domain/user.decide.js';
import { CredentialsRepository } from '../infra/credentials.repository.js';
import { PasswordHasher } from '../infra/password-hasher.js';
import { UserRepository } from '../infra/user.repository.js';

export interface NewUser {
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
  readonly password: string;
}

/** What an administrator may change of an account; what is left out stays. */
export type AccountChange = Omit<UserChange, 'newPassword'> & { readonly password?: string };

/** Creates, changes, disables and enables accounts. */
@Injectable()
export class ManageUsersHandler {
  constructor(
    private readonly users: UserRepository,
    private readonly credentials: CredentialsRepository,
    private readonly hasher: PasswordHasher,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError `password.weak`, `user.exists`, `user.malformed-email`, `user.malformed-name`. */
  async create(input: NewUser, metadata: EventMetadata): Promise<AppendResult> {
    const email = userEmail(input.email);
    requireStrongPassword(input.password, this.config.web.passwordRequirements);
    const hash = await this.hasher.hash(input.password);
    return this.users.transaction(async (tx) => {
      const events = decideCreateUser(await this.users.lock(tx, email), input);
      await this.credentials.setPassword(tx, email, hash, this.clock.now());
      return this.users.append(tx, email, events, metadata);
    });
  }

  /**
   * Applies a change whole or not at all, and ends the person's sessions if role, password or the right to sign in changed.
   * Answers null if nothing was to be done.
   * @throws DomainError `user.unknown`, `user.own-account`, `user.last-admin`, `password.weak`.
   */
  async change(emailAsGiven: string, { password, ...change }: AccountChange, metadata: EventMetadata): Promise<AppendResult | null> {
    const email = foldIdentifier(emailAsGiven);
    if (password !== undefined) requireStrongPassword(password, this.config.web.passwordRequirements);
    const hash = password === undefined ? null : await this.hasher.hash(password);
    return this.users.transaction(async (tx) => {
      await this.users.lockAdmins(tx);
      const user = await this.users.lock(tx, email);
      const enabledAdmins = await this.users.enabledAdmins(tx);
      const events = decideChangeUser(user, email, { ...change, newPassword: hash !== null }, { actor: metadata.actor, enabledAdmins });
      if (events.length === 0) return null;
      if (hash !== null) await this.credentials.setPassword(tx, email, hash, this.clock.now());
      if (events.some(endsSessions)) await this.credentials.endSessions(tx, email);
      return this.users.append(tx, email, events, metadata);
    });
  }
}
