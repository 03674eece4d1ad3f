import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysHandler } from '#identity';
import { JobFailures } from '#jobs';
import { by } from '#testing/program';
import { TestApi } from '../../../test/support/test-api.js';

describe('the metrics', () => {
  let api: TestApi;
  let token: string;

  beforeAll(async () => {
    api = await TestApi.start();
    const issued = await api.app
      .get(ApiKeysHandler)
      .issue({ name: 'Prometheus', scopes: ['metrics:read'], sources: null, expiresAt: null }, by('test'));
    ({ token } = issued);
    await api.app
      .get(JobFailures)
      .exhausted({ id: 'import-99', name: 'imports.record', data: { importId: 99 }, attempts: 5, reason: 'disk full' });
    await api.own.services.projections.waitFor(await api.own.services.store.lastPosition());
  });

  afterAll(() => api.stop());

  it('are text that a scraper with a key of its own can read', async () => {
    const response = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4; charset=utf-8/);
    const lines = (await response.text()).split('\n');
    expect(lines).toContain('openchargeback_projection_lag_events{projection="imports"} 0');
    expect(lines).toContain('openchargeback_jobs{queue="imports",state="waiting"} 0');
    expect(lines).toContain('openchargeback_failed_work 1');
    expect(lines).toContain('openchargeback_failed_work_by_job{job="imports.record"} 1');
    expect(lines.find((line) => line.startsWith('process_resident_memory_bytes '))).toMatch(/ \d{7,}$/);
    expect(lines.filter((line) => line !== '' && !/^(#|[a-z_]+(\{.*\})? [-+\d.e]+$)/i.test(line))).toEqual([]);
  });

  it('are for nobody without a session or a key, though they lie outside of the API’s folder', async () => {
    const response = await fetch(`${api.url}/metrics`);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });
});
