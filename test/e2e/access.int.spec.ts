import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessRule, ApiKeysHandler, ROLES, type RouteRule, routeRules, SCOPES } from '#identity';
import { by } from '#testing/program';
import { ApiClient, ApiProblem } from '../support/api-client.js';
import { TestApi } from '../support/test-api.js';

const FILLED_IN = {
  period: '2025-03',
  id: '1',
  number: '1',
  email: 'nobody@example.edu',
  name: 'hpc',
  previewId: '1',
  jobId: 'import-1',
  fundOrg: 'BIO-1',
  ruleId: '1',
  area: 'journal',
} as Readonly<Record<string, string>>;
/** Signing in and out are about the session itself; the stream never ends. */
const SELF_SERVING = ['/api/v1/session', '/api/v1/session/password', '/api/v1/stream'];

/** Nobody gets through a door that is not theirs, and no door is forgotten (design.md, invariant 7). */
describe('access to the API', () => {
  let api: TestApi;
  let routes: RouteRule[];

  beforeAll(async () => {
    api = await TestApi.start();
    routes = routeRules(api.app);
  });

  afterAll(async () => {
    await api.stop();
  });

  it('is as it was agreed on, route by route', async () => {
    const table = routes.map(({ method, path, rule }) => `${path} ${method}: ${describeRule(rule)}`).sort();
    await expect(`${table.join('\n')}\n`).toMatchFileSnapshot('access.txt');
  });

  it('is documented: every route is in the OpenAPI document, and nothing else is', async () => {
    const response = await fetch(`${api.url}/api/openapi.json`);
    const { paths } = (await response.json()) as { paths: Record<string, Record<string, unknown>> };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`).sort());
  });

  it('is refused to strangers, but for what is public', async () => {
    const stranger = new ApiClient(api.url);
    for (const route of guarded()) expect(await statusOf(stranger, route), nameOf(route)).toBe(401);
  });

  it.each(ROLES)('is given to a %s as far as the role reaches, and no further', async (role) => {
    const client = await api.signedIn(role);
    for (const route of guarded()) {
      const status = await statusOf(client, route);
      if (reaches(role, route.rule)) expect([401, 403], nameOf(route)).not.toContain(status);
      else expect(status, nameOf(route)).toBe(403);
    }
  });

  it.each(SCOPES)('is given to a key with the scope %s for just that', async (scope) => {
    const { token, position } = await api.app
      .get(ApiKeysHandler)
      .issue({ name: scope, scopes: [scope], sources: null, expiresAt: null }, by('test'));
    await api.own.services.projections.waitFor(position);
    const key = new ApiClient(api.url, token);
    for (const route of guarded()) {
      const status = await statusOf(key, route);
      const allowed = route.rule?.audience === 'restricted' && route.rule.scope === scope;
      if (allowed) expect([401, 403], nameOf(route)).not.toContain(status);
      else expect(status, nameOf(route)).toBe(403);
    }
  });

  it('is refused to a signed-in browser that does not know the session’s token', async () => {
    const email = 'reviewer@example.edu';
    const client = new ApiClient(api.url);
    await client.signIn(email, 'a perfectly long password');
    client.forgetCsrfToken();
    await expect(client.post('/periods', { period: '2025-03' })).rejects.toMatchObject({ status: 403 });
  });

  function guarded(): RouteRule[] {
    return routes.filter(({ path, rule }) => rule?.audience !== 'public' && !SELF_SERVING.includes(path));
  }
});

function reaches(role: (typeof ROLES)[number], rule: AccessRule | null): boolean {
  if (rule?.audience === 'signed-in') return true;
  return rule?.audience === 'restricted' && rule.role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(rule.role);
}

async function statusOf(client: ApiClient, { method, path }: RouteRule): Promise<number> {
  const url = path.replaceAll(/:(\w+)/g, (_, name: string) => FILLED_IN[name] ?? '1');
  try {
    await client.request(method, url);
    return 200;
  } catch (error) {
    if (error instanceof ApiProblem) return error.status;
    throw error;
  }
}

function describeRule(rule: AccessRule | null): string {
  if (rule === null) return 'NOBODY SAID';
  if (rule.audience !== 'restricted') return rule.audience;
  return [rule.role ?? 'no person', ...(rule.scope === undefined ? [] : [`or a key for ${rule.scope}`])].join(', ');
}

function nameOf({ method, path }: RouteRule): string {
  return `${method} ${path}`;
}
