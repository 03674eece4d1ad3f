import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '#kernel';
import { Database, type Tx } from '#platform';
import { ACCOUNT_FAILURES, ADDRESS_FAILURES, judgeAttempt, networkOf, takeBack, type ThrottleState } from '../domain/sign-in-throttle.js';

/** Older rows are swept away; the throttle itself forgets sooner. */
const SWEEP_AFTER_MS = 24 * 60 * 60_000;

const COLUMNS = 'failures, refusals, last_attempt_at as "lastAttemptAt", blocked_until as "blockedUntil"';

/** What an attempt is counted against; a person who signs in against the configuration file is not locked out by account. */
export interface AttemptSubjects {
  readonly email?: string;
  readonly requestIp?: string;
}

export type AttemptVerdict =
  | { readonly allowed: true }
  /** `isFirst`: the first refusal since the block began, the one worth a line in the log. */
  | { readonly allowed: false; readonly retryAfterSeconds: number; readonly isFirst: boolean };

/** The throttle's memory, in Postgres, so that it holds over several processes. */
@Injectable()
export class SignInThrottleRepository {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Judges an attempt and, if it may go on, counts it as failed until {@link succeeded} says otherwise. */
  async attempt(subjects: AttemptSubjects): Promise<AttemptVerdict> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const verdicts = [];
      for (const [subject, freeFailures] of limitsOf(subjects)) {
        verdicts.push({ subject, verdict: judgeAttempt(await lockState(tx, subject, now), freeFailures, now) });
      }
      const refused = verdicts.filter(({ verdict }) => !verdict.allowed);
      // An attempt that one subject refuses never takes place, so it doesn't count against the other.
      for (const { subject, verdict } of refused.length > 0 ? refused : verdicts) await writeState(tx, subject, verdict.next);
      if (refused.length === 0) return { allowed: true };
      return {
        allowed: false,
        retryAfterSeconds: Math.max(...refused.map(({ verdict }) => (verdict.allowed ? 0 : verdict.retryAfterSeconds))),
        isFirst: refused.some(({ verdict }) => verdict.next.refusals === 1),
      };
    });
  }

  /** Clears the account, and takes the one attempt back from the address: an own account must not wash guesses at others clean. */
  async succeeded({ email, requestIp }: AttemptSubjects): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      if (email !== undefined) await tx.query('delete from sign_in_throttle where subject = $1', [accountSubject(email)]);
      for (const [subject] of limitsOf(requestIp === undefined ? {} : { requestIp })) {
        await writeState(tx, subject, takeBack(await lockState(tx, subject, now)));
      }
      // Skipping rows that somebody is judging just now: waiting for one here could be waiting in a circle.
      await tx.query(
        `delete from sign_in_throttle where subject in
           (select subject from sign_in_throttle where last_attempt_at < $1 for update skip locked)`,
        [new Date(now.getTime() - SWEEP_AFTER_MS)],
      );
    });
  }
}

/** Subjects with the failures they may have, always in the same order, so that two attempts never wait for each other. */
function limitsOf({ email, requestIp }: AttemptSubjects): [subject: string, freeFailures: number][] {
  const limits: [string, number][] = [];
  if (email !== undefined) limits.push([accountSubject(email), ACCOUNT_FAILURES]);
  if (requestIp !== undefined) limits.push([`address:${networkOf(requestIp)}`, ADDRESS_FAILURES]);
  return limits;
}

function accountSubject(email: string): string {
  return `account:${email}`;
}

async function lockState(tx: Tx, subject: string, now: Date): Promise<ThrottleState> {
  await tx.query(
    'insert into sign_in_throttle (subject, failures, refusals, last_attempt_at) values ($1, 0, 0, $2) on conflict do nothing',
    [subject, now],
  );
  const [state] = await tx.query<ThrottleState>(`select ${COLUMNS} from sign_in_throttle where subject = $1 for update`, [subject]);
  return state ?? { failures: 0, refusals: 0, lastAttemptAt: now, blockedUntil: null };
}

async function writeState(tx: Tx, subject: string, state: ThrottleState): Promise<void> {
  await tx.query('update sign_in_throttle set failures = $2, refusals = $3, last_attempt_at = $4, blocked_until = $5 where subject = $1', [
    subject,
    state.failures,
    state.refusals,
    state.lastAttemptAt,
    state.blockedUntil,
  ]);
}
