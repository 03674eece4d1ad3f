import { Inject, Injectable } from '@nestjs/common';
import type { AppendResult, EventMetadata } from '#event-store';
import { CLOCK, type Clock, DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig } from '#platform';
import { requireStrongPassword } from '../domain/password-policy.js';
import { SignInThrottled } from '../domain/sign-in-throttle.js';
import { CredentialsRepository } from '../infra/credentials.repository.js';
import { PasswordHasher } from '../infra/password-hasher.js';
import { SignInThrottleRepository } from '../infra/sign-in-throttle.repository.js';
import { UserRepository } from '../infra/user.repository.js';
import { recoveryUser } from './config-users.js';

/** Lets a signed-in person set a new password, given the current one. */
@Injectable()
export class ChangeOwnPasswordHandler {
  constructor(
    private readonly users: UserRepository,
    private readonly credentials: CredentialsRepository,
    private readonly hasher: PasswordHasher,
    private readonly throttle: SignInThrottleRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Ends all sessions of the account; `epoch` is what the caller's own must be made anew with.
   * @throws DomainError `password.in-file`, `password.wrong`, `password.same`, `password.weak`; {@link SignInThrottled}, for whoever
   * found an open session may not guess at the password behind it.
   */
  async change(email: string, current: string, next: string, metadata: EventMetadata): Promise<AppendResult & { readonly epoch: number }> {
    const recovery = recoveryUser(email, this.config);
    if (recovery !== undefined) {
      throw new DomainError(
        'password.in-file',
        'conflict',
        `This account signs in against the configuration file; change web.users.${recovery.username}.password_hash there and restart.`,
      );
    }
    const verdict = await this.throttle.attempt({ email });
    if (!verdict.allowed) throw new SignInThrottled(verdict.retryAfterSeconds);
    const checked = await this.credentials.ofUser(email);
    if (checked === null || !(await this.hasher.verify(checked.hash, current))) {
      throw new DomainError('password.wrong', 'invalid', 'The current password is wrong.', [{ where: 'current', what: 'is wrong' }]);
    }
    await this.throttle.succeeded({ email });
    if (next === current) {
      throw new DomainError('password.same', 'invalid', 'The new password is the current one; choose another.', [
        { where: 'new', what: 'is the current one' },
      ]);
    }
    requireStrongPassword(next, this.config.web.passwordRequirements);
    const hash = await this.hasher.hash(next);
    return this.users.transaction(async (tx) => {
      await this.users.lock(tx, email);
      const before = await this.credentials.ofUser(email, tx);
      if (before?.hash !== checked.hash) {
        throw new DomainError('password.wrong', 'conflict', 'The password was changed by somebody else meanwhile. Sign in again.');
      }
      await this.credentials.setPassword(tx, email, hash, this.clock.now());
      await this.credentials.endSessions(tx, email);
      const appended = await this.users.append(tx, email, [{ type: 'PasswordChanged', data: { email } }], metadata);
      return { ...appended, epoch: before.sessionEpoch + 1 };
    });
  }
}
