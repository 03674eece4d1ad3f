import { Injectable } from '@nestjs/common';
import { DomainError } from '#kernel';
import { Database } from '#platform';
import type { Scope } from '../domain/api-key.events.js';
import type { Role } from '../domain/role.js';

export interface UserRow {
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
  readonly enabled: boolean;
  readonly mustChangePassword: boolean;
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
}

export interface ApiKeyRow {
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Null: any source. */
  readonly sources: readonly string[] | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
}

const USER_COLUMNS = `email, display_name as "displayName", role, enabled, must_change_password as "mustChangePassword",
  created_at as "createdAt", last_sign_in_at as "lastSignInAt"`;
const KEY_COLUMNS = `key_id as "keyId", name, scopes, sources, expires_at as "expiresAt", revoked_at as "revokedAt",
  created_by as "createdBy", created_at as "createdAt"`;

/** Reads the lists of users and API keys. */
@Injectable()
export class IdentityQueries {
  constructor(private readonly database: Database) {}

  async users(): Promise<UserRow[]> {
    return this.database.query<UserRow>(`select ${USER_COLUMNS} from users order by email`);
  }

  /** @throws DomainError `user.unknown`. */
  async user(email: string): Promise<UserRow> {
    const [row] = await this.database.query<UserRow>(`select ${USER_COLUMNS} from users where email = $1`, [email]);
    if (row === undefined) throw new DomainError('user.unknown', 'not-found', `There is no user ${email}.`);
    return row;
  }

  async apiKeys(): Promise<ApiKeyRow[]> {
    return this.database.query<ApiKeyRow>(`select ${KEY_COLUMNS} from api_keys order by created_at, key_id`);
  }

  /** @throws DomainError `key.unknown`. */
  async apiKey(keyId: string): Promise<ApiKeyRow> {
    const [row] = await this.database.query<ApiKeyRow>(`select ${KEY_COLUMNS} from api_keys where key_id = $1`, [keyId]);
    if (row === undefined) throw new DomainError('key.unknown', 'not-found', `There is no API key ${keyId}.`);
    return row;
  }
}
