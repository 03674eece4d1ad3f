import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '#kernel';
import { ApiKeysHandler } from '../application/api-keys.handler.js';
import type { SessionUser } from '../application/sign-in.handler.js';
import { type AccessRule, type Principal, requireAccess } from '../domain/access.js';
import { CredentialsRepository } from '../infra/credentials.repository.js';
import { accessRuleOf } from './access-rules.js';
import { changesState, refuseCrossSite, requireCsrfToken } from './cross-site.js';
import { setPrincipal } from './request-context.js';

const BEARER_PATTERN = /^Bearer +(\S+)$/i;

/** Lets through what a route's access rule allows, and nothing on a route without one. Meant as the global guard. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly apiKeys: ApiKeysHandler,
    private readonly credentials: CredentialsRepository,
  ) {}

  /** @throws DomainError of kind unauthenticated or forbidden (`access.*`, `session.required`, `key.*`, `csrf.*`, `password.must-change`). */
  async canActivate(context: ExecutionContext): Promise<true> {
    const rule = accessRuleOf(context.getHandler(), context.getClass());
    if (rule === null) throw new DomainError('access.undeclared', 'forbidden', 'This route declares nobody who may use it, so nobody may.');
    const request = context.switchToHttp().getRequest<Request>();
    const token = bearerTokenOf(request);
    const principal =
      token !== undefined && rule.audience !== 'public' ? await this.apiKeys.authenticate(token) : await this.fromSession(request, rule);
    if (principal !== undefined) {
      requireAccess(rule, principal);
      setPrincipal(request, principal);
    }
    return true;
  }

  private async fromSession(request: Request, rule: AccessRule): Promise<Principal | undefined> {
    const isChange = changesState(request.method);
    if (isChange) refuseCrossSite(request.headers);
    const user = await this.signedIn(request);
    if (rule.audience !== 'public') {
      if (user === undefined) throw new DomainError('session.required', 'unauthenticated', 'Sign in first; the session may have ended.');
      if (isChange) requireCsrfToken(request.headers, request.session.csrfToken);
      if (user.mustChangePassword && !(rule.audience === 'signed-in' && rule.evenIfPasswordMustChange)) {
        throw new DomainError(
          'password.must-change',
          'forbidden',
          'The password no longer satisfies the policy. Change it; then everything else opens.',
        );
      }
    }
    return user && { kind: 'user', id: user.email, role: user.role, scopes: [], sources: null };
  }

  /** The session's user unless the session was ended from outside. */
  private async signedIn(request: Request): Promise<SessionUser | undefined> {
    // Without the middleware (a route outside the API) there is no session at all.
    const user = (request as Partial<Request>).session?.user;
    if (user === undefined) return undefined;
    const credential = await this.credentials.ofUser(user.email);
    return credential?.sessionEpoch === user.epoch ? user : undefined;
  }
}

function bearerTokenOf(request: Request): string | undefined {
  return BEARER_PATTERN.exec(request.headers.authorization ?? '')?.[1];
}
