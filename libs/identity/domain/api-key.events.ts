import type { Event } from '#event-store';

/** What an API key may be allowed to do (domain.md §9). */
export const SCOPES = ['imports:write', 'charges:read', 'journals:read', 'metrics:read'] as const;

export type Scope = (typeof SCOPES)[number];

export interface ApiKeyGrant {
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Names of the sources it is bound to; null: any. */
  readonly sources: readonly string[] | null;
  /** ISO instant; null: never. */
  readonly expiresAt: string | null;
}

/** A key for programs was made. The secret is in no event, nor is its hash. */
export type ApiKeyIssued = Event<'ApiKeyIssued', ApiKeyGrant>;
/** The key opens nothing any more. */
export type ApiKeyRevoked = Event<'ApiKeyRevoked', { readonly keyId: string }>;
export type ApiKeyEvent = ApiKeyIssued | ApiKeyRevoked;

export function keyStream(keyId: string): string {
  return `key-${keyId}`;
}
