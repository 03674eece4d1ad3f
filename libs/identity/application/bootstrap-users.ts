import { Inject, Injectable } from '@nestjs/common';
import type { EventMetadata } from '#event-store';
import { CLOCK, type Clock } from '#kernel';
import { APP_CONFIG, type AppConfig, type ConfigUser } from '#platform';
import { generatePassword } from '../domain/password-policy.js';
import { decideCreateUser, userEmail } from '../domain/user.decide.js';
import { CredentialsRepository } from '../infra/credentials.repository.js';
import { PasswordHasher } from '../infra/password-hasher.js';
import { RANDOM_SOURCE, type RandomSource } from '../infra/random-source.js';
import { UserRepository } from '../infra/user.repository.js';
import { emailOfConfigUser } from './config-users.js';

const FROM_CONFIG: EventMetadata = { actor: { kind: 'system', id: 'config' }, correlationId: 'config' };
const FROM_FIRST_START: EventMetadata = { actor: { kind: 'system', id: 'first-start' }, correlationId: 'first-start' };
const FIRST_ADMIN_EMAIL = 'admin@openchargeback.local';

/** What the process prints once, and nothing keeps. */
export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
}

/** The accounts that must be there before anybody can sign in. */
@Injectable()
export class BootstrapUsers {
  constructor(
    private readonly users: UserRepository,
    private readonly credentials: CredentialsRepository,
    private readonly hasher: PasswordHasher,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(RANDOM_SOURCE) private readonly random: RandomSource,
  ) {}

  /** Creates the users of `web.users` that have no account yet. An account that is there stays as it is: the file only begins it. */
  async syncFromConfig(): Promise<void> {
    for (const user of this.config.web.users) await this.createFromConfig(user);
  }

  /**
   * Creates an administrator with a random password if there is none, and answers him for the process to print. Call it after
   * {@link syncFromConfig}. Answers null if somebody can administer already.
   */
  async ensureFirstAdmin(): Promise<FirstAdmin | null> {
    const password = generatePassword((count) => this.random.bytes(count), this.config.web.passwordRequirements);
    return this.users.transaction(async (tx) => {
      await this.users.lockAdmins(tx);
      if ((await this.users.enabledAdmins(tx)).length > 0) return null;
      const email = FIRST_ADMIN_EMAIL;
      const events = decideCreateUser(await this.users.lock(tx, email), { email, displayName: 'Administrator', role: 'admin' });
      await this.credentials.setPassword(tx, email, await this.hasher.hash(password), this.clock.now());
      await this.users.append(tx, email, events, FROM_FIRST_START);
      return { email, password };
    });
  }

  private async createFromConfig(configured: ConfigUser): Promise<void> {
    const email = userEmail(emailOfConfigUser(configured));
    await this.users.transaction(async (tx) => {
      const existing = await this.users.lock(tx, email);
      if (existing !== null) return;
      const events = decideCreateUser(existing, { email, displayName: configured.displayName, role: configured.role });
      await this.credentials.setPassword(tx, email, configured.passwordHash, this.clock.now());
      await this.users.append(tx, email, events, FROM_CONFIG);
    });
  }
}
