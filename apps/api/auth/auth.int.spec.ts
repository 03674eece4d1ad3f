import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, Post } from '@nestjs/common';
import { hash as bcrypt } from 'bcryptjs';
import type { Agent, Test } from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProjectionRunner } from '#event-store';
import { assertEveryRouteHasARule, BootstrapUsers, CurrentActor, type Principal, RequireRole, RequireScope, routeRules } from '#identity';
import { type AppConfig, loadConfig } from '#platform';
import { TestClock } from '#testing';
import { codeOf as code, csrfTokenOf, IdentityApp } from '../../../libs/identity/testing/identity-app.js';
import { AuthModule } from './auth.module.js';

const ADMIN = { email: 'ada@x.edu', password: 'Correct-horse-1' };
const BOB = { email: 'bob@x.edu', displayName: 'Bob', role: 'reviewer', password: 'Battery-staple-2' };

@Controller('probe')
class ProbeController {
  @Post('import')
  @RequireRole('reviewer')
  @RequireScope('imports:write')
  take(@CurrentActor() actor: Principal): Principal {
    return actor;
  }

  @Get('forgotten')
  forgotten(): string {
    return 'nobody may see this';
  }
}

describe('signing in, accounts and keys', () => {
  const clock = new TestClock();
  let folder: string;
  let config: AppConfig;
  let app: IdentityApp;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'identity-'));
    await writeFile(
      join(folder, 'config.yaml'),
      `data_dir: ${folder}
dev_mode: false
web:
  password_requirements: { min_length: 10, require_numbers: true }
  users:
    ada: { email: Ada@x.edu, display_name: Ada, role: admin, password_hash: "${await bcrypt(ADMIN.password, 4)}" }
    weak: { email: weak@x.edu, role: viewer, password_hash: "${await bcrypt('short1', 4)}" }
    rescue: { email: rescue@x.edu, role: admin, recovery: true, password_hash: "${await bcrypt('rescue', 4)}" }
`,
    );
    config = loadConfig({ path: 'config.yaml', cwd: folder, env: {} });
    app = await IdentityApp.start(AuthModule, [ProbeController], config, clock);
    await app.nest.get(BootstrapUsers).syncFromConfig();
  });

  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true });
  });

  beforeEach(() => {
    app.move();
    // Long enough for every block of an earlier test to be over and forgotten.
    clock.advance(2 * 3_600_000);
  });

  const browser = (): Agent => app.browser();
  const signIn = (agent: Agent, email: string, password: string): Test => app.signIn(agent, email, password);
  const signedIn = (email = ADMIN.email, password = ADMIN.password): Promise<Agent> => app.signedIn(email, password);
  const newUser = async (name: string): Promise<{ email: string; password: string }> => {
    const email = `${name}@x.edu`;
    await (
      await signedIn()
    )
      .post('/api/v1/users')
      .send({ ...BOB, email })
      .expect(201);
    return { email, password: BOB.password };
  };

  it('signs in, tells who it is, and signs out', async () => {
    const agent = browser();
    expect((await agent.get('/api/v1/session').expect(200)).body).toEqual({ signedIn: false });
    const answer = await signIn(agent, ' ADA@x.edu', ADMIN.password).set('X-Request-Id', 'req-1').expect(200);
    const csrfToken = csrfTokenOf(answer);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^openchargeback\.sid=.+; Path=\/; Expires=.+; HttpOnly; SameSite=Lax$/);
    expect((await agent.get('/api/v1/session')).body).toEqual({
      signedIn: true,
      user: { email: 'ada@x.edu', displayName: 'Ada', role: 'admin' },
      csrfToken,
      mustChangePassword: false,
    });
    await agent.delete('/api/v1/session').set('x-csrf-token', csrfToken).expect(204);
    expect((await agent.get('/api/v1/session')).body).toEqual({ signedIn: false });
    const events = await app.eventsOf('user-ada@x.edu');
    expect(events.slice(-2)).toMatchObject([
      {
        type: 'SignedIn',
        metadata: { actor: { kind: 'user', id: 'ada@x.edu' }, correlationId: 'req-1', requestIp: app.address },
      },
      { type: 'SignedOut', metadata: { actor: { kind: 'user', id: 'ada@x.edu' } } },
    ]);
  });

  it('sends the cookie over https only where the request came by https', async () => {
    const answer = await signIn(browser(), ADMIN.email, ADMIN.password).set('X-Forwarded-Proto', 'https').expect(200);
    expect(answer.headers['set-cookie']?.[0]).toContain('; Secure');
    expect((await stat(join(folder, 'session-secret'))).mode & 0o777).toBe(0o600);
  });

  it('begins every session under a new id, so that a planted one stays worthless', async () => {
    const agent = browser();
    const sids = [];
    for (let n = 0; n < 2; n += 1) {
      const answer = await signIn(agent, ADMIN.email, ADMIN.password).expect(200);
      sids.push(answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '');
    }
    expect(sids[0]).not.toBe(sids[1]);
    const statesOf = async (cookie = ''): Promise<unknown> => (await browser().get('/api/v1/session').set('Cookie', cookie)).body;
    expect(await statesOf(sids[0])).toEqual({ signedIn: false });
    expect(await statesOf(sids[1])).toMatchObject({ signedIn: true });
  });

  it('takes a bcrypt hash, makes it argon2id, and the password still works', async () => {
    await signedIn();
    const [row] = await app.database.query<{ hash: string }>(`select hash from credentials where subject = 'user:ada@x.edu'`);
    expect(row?.hash).toMatch(/^\$argon2id\$/);
    await signedIn();
  });

  it('answers a wrong password, an unknown and a disabled account alike, and logs which it was', async () => {
    const { email, password } = await newUser('disabled');
    await (await signedIn()).patch(`/api/v1/users/${email}`).send({ enabled: false }).expect(200);
    const answers = [
      await signIn(browser(), ADMIN.email, 'wrong'),
      await signIn(browser(), 'ghost@x.edu', 'wrong'),
      await signIn(browser(), 'my-pass-phrase', 'wrong'),
      await signIn(browser(), email, password),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body])))).toHaveLength(1);
    expect(answers.map(code)[0]).toEqual([401, 'sign-in.refused']);
    expect((await app.eventsOf('user-ada@x.edu')).at(-1)).toMatchObject({
      data: { reason: 'wrong-password' },
      metadata: { actor: { id: 'anonymous' } },
    });
    expect((await app.eventsOf(`user-${email}`)).at(-1)).toMatchObject({ data: { reason: 'disabled' } });
    expect((await app.eventsOf('sign-ins-without-account')).slice(-2)).toMatchObject([
      { data: { email: 'ghost@x.edu', reason: 'unknown-user' } },
      { data: { email: '', reason: 'unknown-user' } },
    ]);
  });

  it('locks an account out after five failures, known or not, even for the right password', async () => {
    const { email, password } = await newUser('locked');
    for (const login of [email, 'unknown@x.edu']) {
      const attempts = await Promise.all([1, 2, 3, 4, 5, 6].map(() => signIn(browser(), login, 'wrong')));
      expect(attempts.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429]);
      const refused = await signIn(browser(), login, password);
      expect(code(refused)).toEqual([429, 'sign-in.throttled']);
      expect(refused.headers['retry-after']).toBe('30');
    }
    const reasons = (await app.eventsOf(`user-${email}`)).filter(({ data }) => 'reason' in data && data.reason === 'locked');
    expect(reasons).toHaveLength(1);
    clock.advance(30_000);
    await signedIn(email, password);
    await signIn(browser(), email, 'wrong').expect(401);
  });

  it('slows one address down that tries many accounts, and a success of its own does not wash that off', async () => {
    for (let n = 0; n < 19; n += 1) await signIn(browser(), `guess-${n}@x.edu`, 'wrong').expect(401);
    await signedIn();
    await signIn(browser(), 'guess-19@x.edu', 'wrong').expect(401);
    expect(code(await signIn(browser(), ADMIN.email, ADMIN.password))).toEqual([429, 'sign-in.throttled']);
    app.move();
    await signedIn();
  });

  it('lets a recovery user in against the file, disabled and locked or not', async () => {
    await (await signedIn()).patch('/api/v1/users/rescue@x.edu').send({ enabled: false }).expect(200);
    for (let n = 0; n < 6; n += 1) await signIn(browser(), 'rescue', 'wrong').expect(401);
    const agent = await signedIn('rescue', 'rescue');
    await agent.get('/api/v1/users').expect(200);
    expect(code(await agent.post('/api/v1/session/password').send({ current: 'rescue', new: 'Long-enough-9' }))).toEqual([
      409,
      'password.in-file',
    ]);
  });

  it('opens nothing but the change to somebody whose password is too weak by now', async () => {
    const agent = await signedIn('weak@x.edu', 'short1');
    expect((await agent.get('/api/v1/session')).body).toMatchObject({ mustChangePassword: true });
    expect(code(await agent.post('/probe/import'))).toEqual([403, 'password.must-change']);
    const change = (current: string, next: string): Test => agent.post('/api/v1/session/password').send({ current, new: next });
    expect(code(await change('guess', 'Long-enough-9'))).toEqual([400, 'password.wrong']);
    expect(code(await change('short1', 'short2'))).toEqual([400, 'password.weak']);
    expect(code(await change('short1', 'short1'))).toEqual([400, 'password.same']);
    const answer = await change('short1', 'Long-enough-9').expect(200);
    expect(answer.body).toMatchObject({ mustChangePassword: false });
    agent.set('x-csrf-token', csrfTokenOf(answer));
    expect(code(await agent.post('/probe/import'))).toEqual([403, 'access.role']);
  });

  it('refuses a change without the token of the session, or from another site', async () => {
    const agent = await signedIn();
    expect(code(await agent.post('/probe/import').set('x-csrf-token', 'x'))).toEqual([403, 'csrf.token']);
    expect(code(await agent.post('/probe/import').set('Sec-Fetch-Site', 'cross-site'))).toEqual([403, 'csrf.cross-site']);
    expect(code(await signIn(browser(), ADMIN.email, ADMIN.password).set('Sec-Fetch-Site', 'cross-site'))).toEqual([
      403,
      'csrf.cross-site',
    ]);
    await agent.post('/probe/import').set('Sec-Fetch-Site', 'same-origin').expect(201);
  });

  it('ends the sessions of whoever is disabled, demoted or gets a new password, at once', async () => {
    const { email, password } = await newUser('ended');
    const admin = await signedIn();
    for (const change of [{ role: 'viewer' }, { password: 'Another-one-3' }, { enabled: false }]) {
      const agent = await signedIn(email, 'password' in change || 'role' in change ? password : 'Another-one-3');
      await admin.patch(`/api/v1/users/${email}`).send({ displayName: 'Renamed' }).expect(200);
      expect((await agent.get('/api/v1/session')).body).toMatchObject({ signedIn: true });
      // What a request under way would write back after the row is gone.
      const [row] = await app.database.query<{ sid: string; sess: object; expire: Date }>(
        `select * from sessions where sess -> 'user' ->> 'email' = $1`,
        [email],
      );
      await admin.patch(`/api/v1/users/${email}`).send(change).expect(200);
      await app.database.query('insert into sessions (sid, sess, expire) values ($1, $2, $3)', [row?.sid, row?.sess, row?.expire]);
      expect((await agent.get('/api/v1/session')).body).toEqual({ signedIn: false });
      expect(code(await agent.post('/probe/import'))).toEqual([401, 'session.required']);
      await app.database.query('delete from sessions where sid = $1', [row?.sid]);
    }
  });

  it('ends the other sessions of somebody who changes the own password, and goes on with this one', async () => {
    const { email, password } = await newUser('mover');
    const [here, there] = [await signedIn(email, password), await signedIn(email, password)];
    await here.post('/api/v1/session/password').send({ current: password, new: 'Brand-new-pass-4' }).expect(200);
    expect((await here.get('/api/v1/session')).body).toMatchObject({ signedIn: true });
    expect((await there.get('/api/v1/session')).body).toEqual({ signedIn: false });
    await signIn(browser(), email, password).expect(401);
    await signedIn(email, 'Brand-new-pass-4');
  });

  it('keeps one administrator, whatever two of them do to each other at once', async () => {
    const { email, password } = await newUser('second');
    const ada = await signedIn();
    await ada.patch('/api/v1/users/rescue@x.edu').send({ role: 'viewer' }).expect(200);
    await ada.patch(`/api/v1/users/${email}`).send({ role: 'admin' }).expect(200);
    const second = await signedIn(email, password);
    const answers = await Promise.all([
      ada.patch(`/api/v1/users/${email}`).send({ role: 'viewer' }),
      second.patch('/api/v1/users/ada@x.edu').send({ enabled: false }),
    ]);
    // The slower one is the last administrator's enemy, or is none any more himself.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await app.database.transaction(async (tx) => {
      const [row] = await tx.query<{ count: string }>(`select count(*) from users where role = 'admin' and enabled`);
      expect(row?.count).toBe('1');
    });
    // Back to where other tests begin.
    if (answers[1].status === 200) await second.patch('/api/v1/users/ada@x.edu').send({ enabled: true }).expect(200);
    expect(await app.nest.get(BootstrapUsers).ensureFirstAdmin()).toBeNull();
  });

  it('lists accounts without anything secret, for administrators only', async () => {
    const { email, password } = await newUser('reader');
    expect(code(await (await signedIn(email, password)).get('/api/v1/users'))).toEqual([403, 'access.role']);
    expect(code(await browser().get('/api/v1/users'))).toEqual([401, 'session.required']);
    const { users } = (await (await signedIn()).get('/api/v1/users').expect(200)).body as { users: object[] };
    expect(users).toContainEqual({
      email,
      displayName: 'Bob',
      role: 'reviewer',
      enabled: true,
      mustChangePassword: false,
      createdAt: clock.now().toISOString(),
      lastSignInAt: clock.now().toISOString(),
    });
  });

  it('issues a key that works until it is revoked, within its scopes, without token or cookie', async () => {
    const admin = await signedIn();
    const issued = (
      await admin
        .post('/api/v1/keys')
        .send({ name: 'HPC', scopes: ['imports:write'], sources: ['HPC'] })
        .expect(201)
    ).body as {
      keyId: string;
      token: string;
    };
    expect(issued).toMatchObject({ scopes: ['imports:write'], sources: ['hpc'], createdBy: 'ada@x.edu', revokedAt: null });
    const use = (token = issued.token): Test => browser().post('/probe/import').set('Authorization', `Bearer ${token}`);
    expect((await use().expect(201)).body).toEqual({
      kind: 'key',
      id: issued.keyId,
      role: null,
      scopes: ['imports:write'],
      sources: ['hpc'],
    });
    expect(code(await use(`${issued.token.slice(0, -1)}${issued.token.endsWith('A') ? 'E' : 'A'}`))).toEqual([401, 'key.refused']);
    expect(code(await browser().get('/api/v1/users').set('Authorization', `Bearer ${issued.token}`))).toEqual([403, 'access.people-only']);
    expect(JSON.stringify((await admin.get('/api/v1/keys')).body)).not.toContain(issued.token.split('_')[2]);
    await admin.delete(`/api/v1/keys/${issued.keyId}`).expect(204);
    expect(code(await use())).toEqual([401, 'key.refused']);
    expect(code(await admin.delete('/api/v1/keys/0000'))).toEqual([404, 'key.unknown']);
  });

  it('refuses a key after its time', async () => {
    const expiresAt = new Date(clock.now().getTime() + 60_000).toISOString();
    const body = { name: 'Short', scopes: ['imports:write'], expiresAt };
    const { token } = (await (await signedIn()).post('/api/v1/keys').send(body).expect(201)).body as { token: string };
    clock.advance(59_999);
    await browser().post('/probe/import').set('Authorization', `Bearer ${token}`).expect(201);
    clock.advance(1);
    expect(code(await browser().post('/probe/import').set('Authorization', `Bearer ${token}`))).toEqual([401, 'key.expired']);
  });

  it('has no password, secret or hash in the log', async () => {
    await newUser('quiet');
    const [row] = await app.database.query<{ log: string }>(`select string_agg(data::text || metadata::text, ' ') as log from events`);
    for (const secret of ['$argon2id$', '$2b$', 'ocb_', ADMIN.password, BOB.password]) expect(row?.log).not.toContain(secret);
  });

  it('gives the same lists when they are made anew from the log', async () => {
    const lists = (): Promise<unknown[]> =>
      Promise.all([app.database.query('select * from users order by email'), app.database.query('select * from api_keys order by key_id')]);
    const before = await lists();
    await app.nest.get(ProjectionRunner).rebuild('identity');
    expect(await lists()).toEqual(before);
  });

  it('denies a route that declares nobody, and names it at the start', async () => {
    expect(code(await (await signedIn()).get('/probe/forgotten'))).toEqual([403, 'access.undeclared']);
    expect(() => assertEveryRouteHasARule(app.nest)).toThrow('GET /probe/forgotten (ProbeController.forgotten)');
    expect(routeRules(app.nest)).toContainEqual({
      method: 'POST',
      path: '/probe/import',
      handler: 'ProbeController.take',
      rule: { audience: 'restricted', role: 'reviewer', scope: 'imports:write' },
    });
    const undeclared = routeRules(app.nest).filter(({ rule }) => rule === null);
    expect(undeclared.map(({ handler }) => handler)).toEqual(['ProbeController.forgotten']);
  });

  it('makes a first administrator where there is none, once, and prints what lets him in', async () => {
    const fresh = await IdentityApp.start(AuthModule, [], { ...config, web: { ...config.web, users: [] } }, clock);
    try {
      const bootstrap = fresh.nest.get(BootstrapUsers);
      const admins = await Promise.all([bootstrap.ensureFirstAdmin(), bootstrap.ensureFirstAdmin()]);
      expect(admins).toContain(null);
      const admin = admins.find((made) => made !== null);
      expect(admin?.password).toMatch(/^[\w-]{24}$/);
      const agent = await fresh.signedIn(admin?.email ?? '', admin?.password ?? '');
      await agent.get('/api/v1/users').expect(200);
    } finally {
      await fresh.stop();
    }
  });
});
