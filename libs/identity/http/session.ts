import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { AppConfig, Database } from '#platform';
import type { SessionUser } from '../application/sign-in.handler.js';
import { type RandomSource, systemRandom } from '../infra/random-source.js';
import { sessionSecret } from '../infra/session-secret.js';

declare module 'express-session' {
  interface SessionData {
    user: SessionUser;
    csrfToken: string;
  }
}

export const SESSION_COOKIE = 'openchargeback.sid';

/** Told when expired sessions could not be swept away; a pino logger fits. */
export interface SessionLog {
  warn(details: object, message: string): void;
}

/**
 * Express middleware that keeps sessions in Postgres, for `app.use` before the routes of the API. A session lives as long as it is
 * used: `web.session_lifetime_hours` after the last request.
 *
 * Passport is left out on purpose: there is one way to sign in, its outcome needs the throttle, the log and the password policy, and
 * what would be left for a strategy to do is to copy a user into the session.
 */
export async function sessionMiddleware(database: Database, config: AppConfig, logger?: SessionLog): Promise<RequestHandler> {
  return session({
    name: SESSION_COOKIE,
    secret: await sessionSecret(config, systemRandom),
    store: new SparingStore({
      pool: database.pool,
      tableName: 'sessions',
      errorLog: (message: unknown, error: unknown) => logger?.warn({ err: error }, String(message)),
    }),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    unset: 'destroy',
    // A forged X-Forwarded-Proto can only make the cookie stricter than need be.
    proxy: true,
    cookie: {
      httpOnly: true,
      sameSite: 'lax',
      secure: config.devMode ? false : 'auto',
      maxAge: config.web.sessionLifetimeHours * 3_600_000,
      path: '/',
    },
  });
}

const PROLONG_AFTER_SECONDS = 60;
const MOST_REMEMBERED = 10_000;

/** Prolongs a session in the database once a minute instead of at every request, each of which would be a commit. */
class SparingStore extends connectPgSimple(session) {
  /** Session → when it was prolonged last, in seconds of this process. */
  private readonly prolonged = new Map<string, number>();

  override touch(sid: string, data: session.SessionData, done?: () => void): void {
    const now = process.uptime();
    if (now - (this.prolonged.get(sid) ?? -Infinity) < PROLONG_AFTER_SECONDS) {
      done?.();
      return;
    }
    if (this.prolonged.size >= MOST_REMEMBERED) this.prolonged.clear();
    this.prolonged.set(sid, now);
    super.touch(sid, data, done ?? ((): void => undefined));
  }
}

/** Begins a session under a new id, so that one planted before signing in is worth nothing. Answers its CSRF token. */
export async function beginSession(request: Request, user: SessionUser, random: RandomSource): Promise<string> {
  await settled((done) => request.session.regenerate(done));
  const csrfToken = random.bytes(32).toString('base64url');
  request.session.user = user;
  request.session.csrfToken = csrfToken;
  // Written before the answer: the next request may be faster than a write behind it.
  await settled((done) => request.session.save(done));
  return csrfToken;
}

export async function endSession(request: Request): Promise<void> {
  await settled((done) => request.session.destroy(done));
}

function settled(start: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error('the session store failed', { cause: error }));
    });
  });
}
