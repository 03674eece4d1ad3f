import { Module, type OnModuleInit } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ProjectionRunner } from '#event-store';
import { ApiKeysHandler } from './application/api-keys.handler.js';
import { BootstrapUsers } from './application/bootstrap-users.js';
import { ChangeOwnPasswordHandler } from './application/change-own-password.handler.js';
import { ManageUsersHandler } from './application/manage-users.handler.js';
import { SignInHandler } from './application/sign-in.handler.js';
import { AccessGuard } from './http/access.guard.js';
import { CredentialsRepository } from './infra/credentials.repository.js';
import { IdentityQueries } from './infra/identity.queries.js';
import { PasswordHasher } from './infra/password-hasher.js';
import { RANDOM_SOURCE, systemRandom } from './infra/random-source.js';
import { SignInThrottleRepository } from './infra/sign-in-throttle.repository.js';
import { UserRepository } from './infra/user.repository.js';
import { IdentityProjection } from './projections/identity.projection.js';

const DOORS = [ManageUsersHandler, SignInHandler, ChangeOwnPasswordHandler, BootstrapUsers, ApiKeysHandler, IdentityQueries];

@Module({
  imports: [DiscoveryModule],
  providers: [
    ...DOORS,
    AccessGuard,
    CredentialsRepository,
    PasswordHasher,
    SignInThrottleRepository,
    UserRepository,
    IdentityProjection,
    { provide: RANDOM_SOURCE, useValue: systemRandom },
  ],
  // CredentialsRepository and RANDOM_SOURCE for the guard and the session controller, which Nest makes in the importing module.
  exports: [...DOORS, AccessGuard, CredentialsRepository, RANDOM_SOURCE],
})
export class IdentityModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: IdentityProjection,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
  }
}
