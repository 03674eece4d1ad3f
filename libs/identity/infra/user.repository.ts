import { Injectable } from '@nestjs/common';
import { type AppendResult, type Event, type EventMetadata, EventStore } from '#event-store';
import { Database, type Tx } from '#platform';
import { evolveUser, type User } from '../domain/user.js';
import { ACCOUNT_EVENT_TYPES, UNKNOWN_USERS_STREAM, type UserEvent, userStream } from '../domain/user.events.js';

/** Accounts as the log has them. */
@Injectable()
export class UserRepository {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
  ) {}

  async load(email: string, tx?: Tx): Promise<User | null> {
    const events = await this.store.readStream(userStream(email), tx);
    return events.reduce<User | null>(evolveUser, null);
  }

  /** The account, and nobody else changes it until the transaction ends: sign-ins queue up instead of failing on each other. */
  async lock(tx: Tx, email: string): Promise<User | null> {
    await lockStream(tx, userStream(email));
    return this.load(email, tx);
  }

  /** Appends to the stream of a locked account. */
  async append(tx: Tx, email: string, events: readonly UserEvent[], metadata: EventMetadata): Promise<AppendResult> {
    return this.appendTo(tx, userStream(email), events, metadata);
  }

  /** For the log of guesses: `email` has no account. */
  async appendWithoutAccount(tx: Tx, events: readonly UserEvent[], metadata: EventMetadata): Promise<AppendResult> {
    await lockStream(tx, UNKNOWN_USERS_STREAM);
    return this.appendTo(tx, UNKNOWN_USERS_STREAM, events, metadata);
  }

  /** Whoever may take away or make the first administrator comes one after another. */
  async lockAdmins(tx: Tx): Promise<void> {
    await lockStream(tx, 'identity-admins');
  }

  /** Emails of the enabled administrators, from the log itself: a read model may be behind. */
  async enabledAdmins(tx: Tx): Promise<string[]> {
    const rows = await tx.query<Event & { stream: string }>(
      'select stream, type, data from events where type = any($1) order by stream, version',
      [ACCOUNT_EVENT_TYPES],
    );
    const users = new Map<string, User | null>();
    for (const row of rows) users.set(row.stream, evolveUser(users.get(row.stream) ?? null, row));
    return [...users.values()].filter((user) => user?.role === 'admin' && user.enabled).map((user) => user?.email ?? '');
  }

  async transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.database.transaction(work);
  }

  private async appendTo(tx: Tx, stream: string, events: readonly UserEvent[], metadata: EventMetadata): Promise<AppendResult> {
    const { version } = await this.store.head(stream, tx);
    return this.store.append(tx, stream, version, events, metadata);
  }
}

async function lockStream(tx: Tx, stream: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [stream]);
}
