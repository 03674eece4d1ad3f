import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Actor, EventMetadata } from '#event-store';
import type { Principal } from '../domain/access.js';

const CORRELATION_ID_PATTERN = /^[\w.:-]{1,128}$/;
const NOBODY: Actor = { kind: 'system', id: 'anonymous' };

// Kept beside the request rather than on it: nothing that parses a request can put a principal there.
const principals = new WeakMap<object, Principal>();
const correlationIds = new WeakMap<object, string>();

/** Who the access guard found to be asking; undefined on a public route without session. */
export function principalOf(request: object): Principal | undefined {
  return principals.get(request);
}

export function setPrincipal(request: object, principal: Principal): void {
  principals.set(request, principal);
}

/** The caller's `X-Request-Id` if it is a harmless word, else one made up; the same for the whole request. */
export function correlationIdOf(request: Pick<Request, 'headers'>): string {
  const known = correlationIds.get(request);
  if (known !== undefined) return known;
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && CORRELATION_ID_PATTERN.test(given) ? given : randomUUID();
  correlationIds.set(request, id);
  return id;
}

/** Who, in which request, from where: what every event of the request is recorded with. */
export function metadataOf(request: Request): EventMetadata {
  const principal = principalOf(request);
  return {
    actor: principal === undefined ? NOBODY : { kind: principal.kind, id: principal.id },
    correlationId: correlationIdOf(request),
    ...(request.ip !== undefined && { requestIp: request.ip }),
  };
}

/** Hands the {@link Principal} to a handler; undefined on a public route without session. */
export const CurrentActor = createParamDecorator((_data: undefined, context: ExecutionContext) =>
  principalOf(context.switchToHttp().getRequest<Request>()),
);
