import { Injectable } from '@nestjs/common';
import type { Projection, RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { ApiKeyEvent } from '../domain/api-key.events.js';
import type { UserEvent } from '../domain/user.events.js';

/** Name of the projection behind the lists of users and keys; wait for it after a change. */
export const IDENTITY_PROJECTION = 'identity';

/** The lists of users and of API keys. */
@Injectable()
export class IdentityProjection implements Projection {
  readonly name = IDENTITY_PROJECTION;
  readonly version = 1;
  readonly tables = ['users', 'api_keys'];
  readonly eventTypes = [
    'UserCreated',
    'UserChanged',
    'UserDisabled',
    'UserEnabled',
    'PasswordChanged',
    'SignedIn',
    'ApiKeyIssued',
    'ApiKeyRevoked',
  ];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) await applyOne(tx, event as RecordedEvent<UserEvent | ApiKeyEvent>);
  }
}

async function applyOne(tx: Tx, { metadata, recordedAt, ...recorded }: RecordedEvent<UserEvent | ApiKeyEvent>): Promise<void> {
  const event = recorded as UserEvent | ApiKeyEvent;
  switch (event.type) {
    case 'UserCreated':
      await tx.query(
        `insert into users (email, display_name, role, enabled, must_change_password, created_at) values ($1, $2, $3, true, false, $4)`,
        [event.data.email, event.data.displayName, event.data.role, recordedAt],
      );
      return;
    case 'UserChanged':
      await tx.query('update users set display_name = $2, role = $3 where email = $1', [
        event.data.email,
        event.data.after.displayName,
        event.data.after.role,
      ]);
      return;
    case 'UserDisabled':
    case 'UserEnabled':
      await tx.query('update users set enabled = $2 where email = $1', [event.data.email, event.type === 'UserEnabled']);
      return;
    case 'PasswordChanged':
      await tx.query('update users set must_change_password = false where email = $1', [event.data.email]);
      return;
    case 'SignedIn':
      await tx.query('update users set must_change_password = $2, last_sign_in_at = $3 where email = $1', [
        event.data.email,
        event.data.mustChangePassword,
        recordedAt,
      ]);
      return;
    case 'ApiKeyIssued':
      await tx.query(
        `insert into api_keys (key_id, name, scopes, sources, expires_at, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7)`,
        [event.data.keyId, event.data.name, event.data.scopes, event.data.sources, event.data.expiresAt, metadata.actor.id, recordedAt],
      );
      return;
    case 'ApiKeyRevoked':
      await tx.query('update api_keys set revoked_at = $2 where key_id = $1', [event.data.keyId, recordedAt]);
      return;
    case 'SignInFailed':
    case 'SignedOut':
      return;
  }
}
