import { DomainError } from '#kernel';
import { sourceName } from '#sources';
import type { ApiKey } from './api-key.js';
import type { ApiKeyIssued, ApiKeyRevoked, Scope } from './api-key.events.js';

const MAX_NAME = 100;
/** The last that ISO 8601 writes with four digits, as every other program reads it. */
const LAST_YEAR = 9999;

export interface ApiKeyInput {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Left out or null: any source. */
  readonly sources?: readonly string[] | null;
  /** Left out or null: never. */
  readonly expiresAt?: Date | null;
}

/** @throws DomainError `key.malformed-name`, `key.no-scope`, `key.no-source`, `key.expiry`, `source.malformed-name`. */
export function decideIssueKey(keyId: string, input: ApiKeyInput, now: Date): [ApiKeyIssued] {
  const name = input.name.trim();
  if (name === '' || name.length > MAX_NAME || /\p{Cc}/u.test(name)) {
    throw new DomainError('key.malformed-name', 'invalid', `A key needs a name of 1 to ${MAX_NAME} characters that says who uses it.`);
  }
  if (input.scopes.length === 0) throw new DomainError('key.no-scope', 'invalid', 'A key without a scope could do nothing; give it one.');
  if (input.sources?.length === 0) {
    throw new DomainError('key.no-source', 'invalid', 'The list of sources is empty; name at least one, or leave it out for any source.');
  }
  const expiresAt = input.expiresAt ?? null;
  if (expiresAt !== null && !(expiresAt > now && expiresAt.getUTCFullYear() <= LAST_YEAR)) {
    throw new DomainError(
      'key.expiry',
      'invalid',
      `The time at which the key expires must be a valid one in the future, before the year ${LAST_YEAR + 1}.`,
    );
  }
  const sources = input.sources ? [...new Set(input.sources.map(sourceName))].sort() : null;
  const scopes = [...new Set(input.scopes)].sort();
  return [{ type: 'ApiKeyIssued', data: { keyId, name, scopes, sources, expiresAt: expiresAt?.toISOString() ?? null } }];
}

/** No event for a key that is revoked already. @throws DomainError `key.unknown`. */
export function decideRevokeKey(key: ApiKey | null, keyId: string): ApiKeyRevoked[] {
  if (key === null) throw new DomainError('key.unknown', 'not-found', `There is no API key ${keyId}.`);
  return key.revoked ? [] : [{ type: 'ApiKeyRevoked', data: { keyId } }];
}
