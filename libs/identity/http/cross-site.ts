import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '#kernel';

const READING_METHODS = ['GET', 'HEAD', 'OPTIONS'];

const CSRF_HEADER = 'x-csrf-token';

export function changesState(method: string): boolean {
  return !READING_METHODS.includes(method.toUpperCase());
}

/** @throws DomainError `csrf.cross-site` if the browser says that another site's page sent this. */
export function refuseCrossSite(headers: IncomingHttpHeaders): void {
  if (headers['sec-fetch-site'] === 'cross-site') {
    throw new DomainError(
      'csrf.cross-site',
      'forbidden',
      'A page of another site sent this request; changes are accepted from this site only.',
    );
  }
}

/** @throws DomainError `csrf.token` unless the header holds the session's token. */
export function requireCsrfToken(headers: IncomingHttpHeaders, token: string | undefined): void {
  const given = headers[CSRF_HEADER];
  if (token !== undefined && typeof given === 'string' && isSame(given, token)) return;
  throw new DomainError(
    'csrf.token',
    'forbidden',
    `A change needs the header ${CSRF_HEADER} with the session's token; GET /api/v1/session gives it (csrfToken).`,
  );
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
