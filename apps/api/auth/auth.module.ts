import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard, IdentityModule } from '#identity';
import { KeysController } from './keys.controller.js';
import { SessionController } from './session.controller.js';
import { UsersController } from './users.controller.js';

/** Signing in, accounts and API keys; guards every route of the application that imports it. */
@Module({
  imports: [IdentityModule],
  controllers: [SessionController, UsersController, KeysController],
  providers: [{ provide: APP_GUARD, useExisting: AccessGuard }],
})
export class AuthModule {}
