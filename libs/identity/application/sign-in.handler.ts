import { Inject, Injectable } from '@nestjs/common';
import type { AppendResult, EventMetadata } from '#event-store';
import { CLOCK, type Clock, DomainError, isEmailAddress } from '#kernel';
import { APP_CONFIG, type AppConfig, type ConfigUser } from '#platform';
import { passwordFindings } from '../domain/password-policy.js';
import type { Role } from '../domain/role.js';
import { SignInThrottled } from '../domain/sign-in-throttle.js';
import type { User } from '../domain/user.js';
import type { SignInFailure, UserEvent } from '../domain/user.events.js';
import { type Credential, CredentialsRepository } from '../infra/credentials.repository.js';
import { PasswordHasher } from '../infra/password-hasher.js';
import { type AttemptSubjects, SignInThrottleRepository } from '../infra/sign-in-throttle.repository.js';
import { UserRepository } from '../infra/user.repository.js';
import { emailOfLogin, recoveryUser } from './config-users.js';

/** What a session knows about the person it belongs to. */
export interface SessionUser {
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
  readonly mustChangePassword: boolean;
  /** The session ends when the account's number moves on. */
  readonly epoch: number;
}

export interface SignInResult extends AppendResult {
  readonly user: SessionUser;
}

interface Attempt {
  readonly email: string;
  readonly password: string;
  readonly recovery: ConfigUser | undefined;
}

/** Signs people in and out; every outcome is in the log. */
@Injectable()
export class SignInHandler {
  constructor(
    private readonly users: UserRepository,
    private readonly credentials: CredentialsRepository,
    private readonly hasher: PasswordHasher,
    private readonly throttle: SignInThrottleRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * @param login email address, or the name of a user of the configuration file.
   * @param metadata of the request; its actor is who was signed in before, if anybody.
   * @throws DomainError `sign-in.refused` whatever the reason, {@link SignInThrottled} after too many failures.
   */
  async signIn(login: string, password: string, metadata: EventMetadata): Promise<SignInResult> {
    const email = emailOfLogin(login, this.config);
    const recovery = recoveryUser(email, this.config);
    const subjects: AttemptSubjects = {
      ...(recovery === undefined && { email }),
      ...(metadata.requestIp !== undefined && { requestIp: metadata.requestIp }),
    };
    const verdict = await this.throttle.attempt(subjects);
    if (!verdict.allowed) {
      if (verdict.isFirst) await this.recordFailure(email, 'locked', metadata);
      throw new SignInThrottled(verdict.retryAfterSeconds);
    }
    const attempt: Attempt = { email, password, recovery };
    const user = await this.users.load(email);
    const credential = await this.credentials.ofUser(email);
    const failure = await this.failureOf(attempt, user, credential);
    const result = failure === null ? await this.recordSuccess(attempt, credential, metadata) : null;
    if (result === null) {
      await this.recordFailure(email, failure ?? 'wrong-password', metadata);
      throw new DomainError('sign-in.refused', 'unauthenticated', 'The email address or the password is wrong.');
    }
    await this.throttle.succeeded(subjects);
    return result;
  }

  async signOut(email: string, metadata: EventMetadata): Promise<AppendResult> {
    return this.users.transaction(async (tx) => {
      await this.users.lock(tx, email);
      return this.users.append(tx, email, [{ type: 'SignedOut', data: { email } }], metadata);
    });
  }

  private async failureOf(
    { password, recovery }: Attempt,
    user: User | null,
    credential: Credential | null,
  ): Promise<SignInFailure | null> {
    const hash = recovery?.passwordHash ?? credential?.hash;
    const matches = await (hash === undefined ? this.hasher.verifyNothing(password) : this.hasher.verify(hash, password));
    if (recovery !== undefined) return matches ? null : 'wrong-password';
    if (user === null) return 'unknown-user';
    if (!matches) return 'wrong-password';
    return user.enabled ? null : 'disabled';
  }

  /** Null if the account was disabled or got another password while this one was being checked. */
  private async recordSuccess(
    { email, password, recovery }: Attempt,
    checked: Credential | null,
    metadata: EventMetadata,
  ): Promise<SignInResult | null> {
    const upgraded =
      checked !== null && recovery === undefined && this.hasher.isOutdated(checked.hash) ? await this.hasher.hash(password) : null;
    return this.users.transaction(async (tx) => {
      const user = await this.users.lock(tx, email);
      const events: UserEvent[] = [];
      if (recovery !== undefined) {
        if (user === null) {
          events.push({ type: 'UserCreated', data: { email, displayName: recovery.displayName, role: recovery.role } });
          await this.credentials.setPassword(tx, email, recovery.passwordHash, this.clock.now());
        }
      } else {
        const current = await this.credentials.ofUser(email, tx);
        if (user?.enabled !== true || current?.hash !== checked?.hash) return null;
        if (upgraded !== null) await this.credentials.setPassword(tx, email, upgraded, this.clock.now());
      }
      // A password of the file is changed in the file, so the program can't insist on it.
      const mustChangePassword = recovery === undefined && passwordFindings(password, this.config.web.passwordRequirements).length > 0;
      events.push({ type: 'SignedIn', data: { email, mustChangePassword, recovery: recovery !== undefined } });
      const appended = await this.users.append(tx, email, events, { ...metadata, actor: { kind: 'user', id: email } });
      const credential = await this.credentials.ofUser(email, tx);
      const { displayName, role } = recovery ?? user ?? { displayName: email, role: 'viewer' as const };
      return { ...appended, user: { email, displayName, role, mustChangePassword, epoch: credential?.sessionEpoch ?? 0 } };
    });
  }

  private async recordFailure(email: string, reason: SignInFailure, metadata: EventMetadata): Promise<void> {
    const attempt: UserEvent = { type: 'SignInFailed', data: { email: isEmailAddress(email) ? email : '', reason } };
    await this.users.transaction(async (tx) => {
      if ((await this.users.lock(tx, email)) === null) await this.users.appendWithoutAccount(tx, [attempt], metadata);
      else await this.users.append(tx, email, [attempt], metadata);
    });
  }
}
