import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#platform';

export interface Credential {
  readonly hash: string;
  /** Sessions made under a lower number have ended. */
  readonly sessionEpoch: number;
}

const COLUMNS = 'hash, session_epoch as "sessionEpoch"';

/** Hashes of passwords and keys: the one thing about people and keys that is not in the log. */
@Injectable()
export class CredentialsRepository {
  constructor(private readonly database: Database) {}

  async ofUser(email: string, tx?: Tx): Promise<Credential | null> {
    return this.find(`user:${email}`, tx);
  }

  async ofKey(keyId: string): Promise<Credential | null> {
    return this.find(`key:${keyId}`);
  }

  async setPassword(tx: Tx, email: string, hash: string, at: Date): Promise<void> {
    await this.put(tx, `user:${email}`, hash, at);
  }

  async setKey(tx: Tx, keyId: string, hash: string, at: Date): Promise<void> {
    await this.put(tx, `key:${keyId}`, hash, at);
  }

  async removeKey(tx: Tx, keyId: string): Promise<void> {
    await tx.query('delete from credentials where subject = $1', [`key:${keyId}`]);
  }

  /**
   * Ends every session of a user. The rows go as well, but it is the number that counts: a request under way could write its
   * session back after the row is gone.
   */
  async endSessions(tx: Tx, email: string): Promise<void> {
    await tx.query('update credentials set session_epoch = session_epoch + 1 where subject = $1', [`user:${email}`]);
    await tx.query(`delete from sessions where sess -> 'user' ->> 'email' = $1`, [email]);
  }

  private async find(subject: string, tx?: Tx): Promise<Credential | null> {
    const [row] = await (tx ?? this.database).query<Credential>(`select ${COLUMNS} from credentials where subject = $1`, [subject]);
    return row ?? null;
  }

  private async put(tx: Tx, subject: string, hash: string, at: Date): Promise<void> {
    await tx.query(
      `insert into credentials (subject, hash, changed_at) values ($1, $2, $3)
       on conflict (subject) do update set hash = excluded.hash, changed_at = excluded.changed_at`,
      [subject, hash, at],
    );
  }
}
