import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiExtension, ApiForbiddenResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { RequireRole, RequireScope, type Role, type Scope } from '#identity';

/** Names of the ways to authenticate in the OpenAPI document. */
export const SESSION_AUTH = 'session';
export const KEY_AUTH = 'key';

/** Who may use a route: people from this role on, and API keys with this scope if one is named. Says so in the OpenAPI document too. */
export function Access(role: Role, scope?: Scope): MethodDecorator {
  return applyDecorators(
    RequireRole(role),
    ApiCookieAuth(SESSION_AUTH),
    ...(scope === undefined ? [] : [RequireScope(scope), ApiBearerAuth(KEY_AUTH)]),
    ApiExtension('x-access', scope === undefined ? { role } : { role, scope }),
    ApiUnauthorizedResponse({ description: 'session.required or key.*: nobody is signed in, or the API key is not accepted.' }),
    ApiForbiddenResponse({ description: 'access.*, csrf.* or password.must-change: the caller may not do this.' }),
  );
}
