import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What must not be in an event: hashes of passwords and keys, and the sessions of people who are signed in. */
export class SecretsAndSessions1700000000003 implements MigrationInterface {
  name = 'SecretsAndSessions1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table credentials (
        subject text primary key,
        hash text not null,
        changed_at timestamptz not null,
        -- Raised to end every session of a user: each session knows the number it was made under.
        session_epoch int not null default 0
      );
      create table sessions (
        sid text primary key,
        sess json not null,
        expire timestamptz not null
      );
      create index sessions_by_expiry on sessions (expire);
      create index sessions_by_user on sessions ((sess -> 'user' ->> 'email'));
      -- How often sign-in failed lately, per account and per network; losing it loses nothing but the wait.
      create table sign_in_throttle (
        subject text primary key,
        failures int not null,
        refusals int not null,
        last_attempt_at timestamptz not null,
        blocked_until timestamptz
      );
      create index sign_in_throttle_by_age on sign_in_throttle (last_attempt_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table credentials, sessions, sign_in_throttle');
  }
}
