import { describe, expect, it } from 'vitest';
import { decideIssueKey, decideRevokeKey } from './api-key.decide.js';
import { isExpired, parseToken, writeToken } from './api-key.js';
import { type AccessRule, type Principal, requireAccess, requireAllSources, requireSourceAccess, sourceWithinReach } from './access.js';
import type { Role } from './role.js';

const NOW = new Date('2025-11-03T12:00:00Z');
const person = (role: Role): Principal => ({ kind: 'user', id: 'ada@x.edu', role, scopes: [], sources: null });
const key: Principal = { kind: 'key', id: 'k1', role: null, scopes: ['imports:write'], sources: ['hpc'] };

function refusal(rule: AccessRule, principal: Principal): string {
  try {
    requireAccess(rule, principal);
    return 'in';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('access', () => {
  it('orders the roles', () => {
    const matrix = (['viewer', 'reviewer', 'admin'] as const).map((needed) =>
      (['viewer', 'reviewer', 'admin'] as const).map((held) => refusal({ audience: 'restricted', role: needed }, person(held))),
    );
    expect(matrix).toEqual([
      ['in', 'in', 'in'],
      ['access.role', 'in', 'in'],
      ['access.role', 'access.role', 'in'],
    ]);
  });

  it('lets a key in by scope alone, and nowhere else', () => {
    expect(refusal({ audience: 'restricted', role: 'admin', scope: 'imports:write' }, key)).toBe('in');
    expect(refusal({ audience: 'restricted', role: 'viewer', scope: 'charges:read' }, key)).toBe('access.scope');
    expect(refusal({ audience: 'restricted', role: 'viewer' }, key)).toBe('access.people-only');
    expect(refusal({ audience: 'signed-in', evenIfPasswordMustChange: true }, key)).toBe('access.people-only');
  });

  it('keeps people out of what is for keys', () => {
    expect(refusal({ audience: 'restricted', scope: 'imports:write' }, person('admin'))).toBe('access.keys-only');
    expect(refusal({ audience: 'restricted', role: 'viewer', scope: 'imports:write' }, person('viewer'))).toBe('in');
  });

  it('binds a key to its sources', () => {
    expect(() => requireSourceAccess(key, 'hpc')).not.toThrow();
    expect(() => requireSourceAccess(key, 'aws')).toThrow(expect.objectContaining({ code: 'access.source' }));
    expect(() => requireSourceAccess({ ...key, sources: null }, 'aws')).not.toThrow();
  });
});

describe('a key that is bound to sources', () => {
  const two: Principal = { ...key, sources: ['hpc', 'aws'] };

  it('reads the charges of its only source without naming it, and of several only by name', () => {
    expect(sourceWithinReach(key, undefined)).toBe('hpc');
    expect(sourceWithinReach(two, 'aws')).toBe('aws');
    expect(() => sourceWithinReach(two, undefined)).toThrow(/hpc, aws; name one/);
    for (const asked of [key, two]) {
      expect(() => sourceWithinReach(asked, 'gcp')).toThrow(expect.objectContaining({ code: 'access.source', kind: 'forbidden' }));
    }
    expect(sourceWithinReach(person('viewer'), undefined)).toBeUndefined();
    expect(sourceWithinReach(person('viewer'), 'gcp')).toBe('gcp');
  });

  it('reads nothing that is of all sources', () => {
    expect(() => requireAllSources(two, 'journals')).toThrow(/journals hold the charges of all sources/);
    expect(() => requireAllSources({ ...key, sources: null }, 'journals')).not.toThrow();
  });
});

describe('API keys', () => {
  it('are issued with folded sources and each scope once', () => {
    const [issued] = decideIssueKey(
      'k1',
      {
        name: ' HPC ',
        scopes: ['journals:read', 'imports:write', 'journals:read'],
        sources: ['HPC ', 'hpc'],
        expiresAt: new Date('2026-01-01'),
      },
      NOW,
    );
    expect(issued.data).toEqual({
      keyId: 'k1',
      name: 'HPC',
      scopes: ['imports:write', 'journals:read'],
      sources: ['hpc'],
      expiresAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it.each([
    ['no name', { name: ' ' }, 'key.malformed-name'],
    ['no scope', { scopes: [] }, 'key.no-scope'],
    ['a list of no sources', { sources: [] }, 'key.no-source'],
    ['an expiry that is now', { expiresAt: NOW }, 'key.expiry'],
    ['an expiry that nobody can write', { expiresAt: new Date('+010000-01-01T00:00:00Z') }, 'key.expiry'],
    ['an expiry that is no time', { expiresAt: new Date('never') }, 'key.expiry'],
  ])('are not issued with %s', (_what, part, code) => {
    expect(() => decideIssueKey('k1', { name: 'HPC', scopes: ['imports:write'], ...part }, NOW)).toThrow(expect.objectContaining({ code }));
  });

  it('expire at their time, not before', () => {
    const [{ data }] = decideIssueKey('k1', { name: 'HPC', scopes: ['imports:write'], expiresAt: new Date(NOW.getTime() + 1000) }, NOW);
    expect([999, 1000].map((ms) => isExpired(data, new Date(NOW.getTime() + ms)))).toEqual([false, true]);
  });

  it('are revoked once', () => {
    const [{ data }] = decideIssueKey('k1', { name: 'HPC', scopes: ['imports:write'] }, NOW);
    expect(decideRevokeKey({ ...data, revoked: false }, 'k1')).toHaveLength(1);
    expect(decideRevokeKey({ ...data, revoked: true }, 'k1')).toEqual([]);
    expect(() => decideRevokeKey(null, 'k1')).toThrow(expect.objectContaining({ code: 'key.unknown' }));
  });

  it('read back from the token their holder has', () => {
    const secret = 'a-b_'.repeat(10) + 'xyz';
    expect(parseToken(writeToken('0123456789abcdef', secret))).toEqual({ keyId: '0123456789abcdef', secret });
    expect(parseToken(`ocb_0123456789abcdef_${secret}x`)).toBeNull();
    expect(parseToken('ocb_0123')).toBeNull();
  });
});
