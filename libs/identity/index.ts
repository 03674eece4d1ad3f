export { ApiKeysHandler, type IssuedKey } from './application/api-keys.handler.js';
export { BootstrapUsers, type FirstAdmin } from './application/bootstrap-users.js';
export { ChangeOwnPasswordHandler } from './application/change-own-password.handler.js';
export { type AccountChange, ManageUsersHandler, type NewUser } from './application/manage-users.handler.js';
export { type SessionUser, SignInHandler, type SignInResult } from './application/sign-in.handler.js';
export {
  type AccessRule,
  type Principal,
  requireAccess,
  requireAllSources,
  requireSourceAccess,
  sourceWithinReach,
} from './domain/access.js';
export type { ApiKeyInput } from './domain/api-key.decide.js';
export { type Scope, SCOPES } from './domain/api-key.events.js';
export { type Role, ROLES } from './domain/role.js';
export { SignInThrottled } from './domain/sign-in-throttle.js';
export { AllowSignedIn, Public, RequireRole, RequireScope } from './http/access-rules.js';
export { AccessGuard } from './http/access.guard.js';
export { correlationIdOf, CurrentActor, metadataOf, principalOf } from './http/request-context.js';
export { assertEveryRouteHasARule, type RouteRule, routeRules } from './http/route-rules.js';
export { beginSession, endSession, SESSION_COOKIE, sessionMiddleware } from './http/session.js';
export { IdentityModule } from './identity.module.js';
export { type ApiKeyRow, IdentityQueries, type UserRow } from './infra/identity.queries.js';
export { RANDOM_SOURCE, type RandomSource } from './infra/random-source.js';
export { IDENTITY_PROJECTION } from './projections/identity.projection.js';
