import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { CLOCK, type Clock, DomainError } from '#kernel';
import { Database, type Tx } from '#platform';
import type { Principal } from '../domain/access.js';
import { type ApiKeyInput, decideIssueKey, decideRevokeKey } from '../domain/api-key.decide.js';
import { keyStream } from '../domain/api-key.events.js';
import { type ApiKey, evolveApiKey, isExpired, parseToken, writeToken } from '../domain/api-key.js';
import { CredentialsRepository } from '../infra/credentials.repository.js';
import { RANDOM_SOURCE, type RandomSource } from '../infra/random-source.js';

export interface IssuedKey extends AppendResult {
  readonly keyId: string;
  /** Shown once; only its hash is kept. */
  readonly token: string;
}

/** Issues, revokes and recognises the keys of upstream exporters (domain.md §9). */
@Injectable()
export class ApiKeysHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly credentials: CredentialsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM_SOURCE) private readonly random: RandomSource,
  ) {}

  /** @throws DomainError as `decideIssueKey` says, all of kind invalid. */
  async issue(input: ApiKeyInput, metadata: EventMetadata): Promise<IssuedKey> {
    const keyId = this.random.bytes(8).toString('hex');
    const secret = this.random.bytes(32).toString('base64url');
    const events = decideIssueKey(keyId, input, this.clock.now());
    const appended = await this.database.transaction(async (tx) => {
      await this.credentials.setKey(tx, keyId, hashOf(secret), this.clock.now());
      return this.store.append(tx, keyStream(keyId), 0, events, metadata);
    });
    return { ...appended, keyId, token: writeToken(keyId, secret) };
  }

  /** Null if the key is revoked already. @throws DomainError `key.unknown`. */
  async revoke(keyId: string, metadata: EventMetadata): Promise<AppendResult | null> {
    return this.database.transaction(async (tx) => {
      const { key, version } = await this.load(keyId, tx);
      const events = decideRevokeKey(key, keyId);
      if (events.length === 0) return null;
      await this.credentials.removeKey(tx, keyId);
      return this.store.append(tx, keyStream(keyId), version, events, metadata);
    });
  }

  /** @throws DomainError `key.refused` for a token that is none, unknown or revoked; `key.expired`. */
  async authenticate(token: string): Promise<Principal> {
    const parsed = parseToken(token);
    const credential = parsed === null ? null : await this.credentials.ofKey(parsed.keyId);
    if (parsed === null || credential === null || !isSame(credential.hash, hashOf(parsed.secret))) throw refused();
    // The log itself, two events at most: a key works at once and stops at once, however far the read models are.
    const { key } = await this.load(parsed.keyId);
    if (key === null || key.revoked) throw refused();
    if (isExpired(key, this.clock.now())) {
      throw new DomainError(
        'key.expired',
        'unauthenticated',
        `API key ${key.keyId} (${key.name}) expired; ask an administrator for a new one.`,
      );
    }
    return { kind: 'key', id: key.keyId, role: null, scopes: key.scopes, sources: key.sources };
  }

  private async load(keyId: string, tx?: Tx): Promise<{ key: ApiKey | null; version: number }> {
    const events = await this.store.readStream(keyStream(keyId), tx);
    return { key: events.reduce<ApiKey | null>(evolveApiKey, null), version: events.length };
  }
}

/** A plain hash will do: 256 random bits can't be guessed, unlike a password. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function refused(): DomainError {
  return new DomainError(
    'key.refused',
    'unauthenticated',
    'This API key is not known, or was revoked. Send it as “Authorization: Bearer ocb_…”.',
  );
}
