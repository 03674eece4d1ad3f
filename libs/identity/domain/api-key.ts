import type { Event } from '#event-store';
import type { ApiKeyEvent, ApiKeyGrant } from './api-key.events.js';

export interface ApiKey extends ApiKeyGrant {
  readonly revoked: boolean;
}

/** The key after one more event; null before it is issued. */
export function evolveApiKey(key: ApiKey | null, event: Event): ApiKey | null {
  const { type, data } = event as ApiKeyEvent;
  return type === 'ApiKeyIssued' ? { ...data, revoked: false } : key && { ...key, revoked: true };
}

export function isExpired(key: ApiKeyGrant, now: Date): boolean {
  return key.expiresAt !== null && new Date(key.expiresAt) <= now;
}

const TOKEN_PATTERN = /^ocb_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** What its holder is shown, once: `ocb_<16 hex digits>_<256 bits as base64url>`. */
export function writeToken(keyId: string, secret: string): string {
  return `ocb_${keyId}_${secret}`;
}

/** The parts of a token; null for text that is none. */
export function parseToken(text: string): { readonly keyId: string; readonly secret: string } | null {
  const [, keyId, secret] = TOKEN_PATTERN.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? null : { keyId, secret };
}
