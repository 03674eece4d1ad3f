import { describe, expect, it } from 'vitest';
import type { Actor } from '#event-store';
import { decideChangeUser, decideCreateUser, endsSessions, type UserChange } from './user.decide.js';
import { evolveUser, type User } from './user.js';

const ADA: User = { email: 'ada@x.edu', displayName: 'Ada', role: 'admin', enabled: true };
const BOB: User = { email: 'bob@x.edu', displayName: 'Bob', role: 'viewer', enabled: true };
const ADA_ACTS: Actor = { kind: 'user', id: 'ada@x.edu' };
const change = (
  user: User | null,
  wish: UserChange,
  actor = ADA_ACTS,
  enabledAdmins = ['ada@x.edu'],
): ReturnType<typeof decideChangeUser> => decideChangeUser(user, user?.email ?? 'nobody@x.edu', wish, { actor, enabledAdmins });

describe('creating a user', () => {
  it('folds the email and trims the name', () => {
    expect(decideCreateUser(null, { email: ' Ada@X.edu', displayName: ' Ada ', role: 'reviewer' })).toEqual([
      { type: 'UserCreated', data: { email: 'ada@x.edu', displayName: 'Ada', role: 'reviewer' } },
    ]);
  });

  it.each([
    ['an email that is taken, in any case', BOB, { email: 'BOB@x.edu', displayName: 'B' }, 'user.exists'],
    ['an email that is none', null, { email: 'bob', displayName: 'B' }, 'user.malformed-email'],
    ['a blank name', null, { email: 'b@x.edu', displayName: '  ' }, 'user.malformed-name'],
    ['a name of two lines', null, { email: 'b@x.edu', displayName: 'a\nb' }, 'user.malformed-name'],
  ])('refuses %s', (_what, existing, input, code) => {
    expect(() => decideCreateUser(existing, { ...input, role: 'viewer' })).toThrow(expect.objectContaining({ code }));
  });
});

describe('changing a user', () => {
  it('records before and after, and nothing for what is so already', () => {
    expect(change(BOB, { role: 'reviewer', displayName: 'Bob', enabled: true })).toEqual([
      {
        type: 'UserChanged',
        data: { email: 'bob@x.edu', before: { displayName: 'Bob', role: 'viewer' }, after: { displayName: 'Bob', role: 'reviewer' } },
      },
    ]);
    expect(change(BOB, { role: 'viewer', enabled: true })).toEqual([]);
  });

  it('gives events that lead to the wished account', () => {
    const events = change(BOB, { role: 'admin', displayName: 'Robert', enabled: false, newPassword: true });
    expect(events.map(({ type }) => type)).toEqual(['UserChanged', 'UserDisabled', 'PasswordChanged']);
    expect(events.reduce<User | null>(evolveUser, BOB)).toEqual({
      email: 'bob@x.edu',
      displayName: 'Robert',
      role: 'admin',
      enabled: false,
    });
  });

  it.each<[string, User | null, UserChange, Actor, string[], string]>([
    ['an account that is not there', null, { enabled: false }, ADA_ACTS, ['ada@x.edu'], 'user.unknown'],
    ['disabling oneself', ADA, { enabled: false }, ADA_ACTS, ['ada@x.edu', 'eve@x.edu'], 'user.own-account'],
    ['demoting oneself', ADA, { role: 'reviewer' }, ADA_ACTS, ['ada@x.edu', 'eve@x.edu'], 'user.own-account'],
    ['setting one’s own password without the current one', ADA, { newPassword: true }, ADA_ACTS, ['ada@x.edu'], 'user.own-account'],
    ['disabling the last administrator', ADA, { enabled: false }, { kind: 'cli', id: 'root' }, ['ada@x.edu'], 'user.last-admin'],
    ['demoting the last administrator', ADA, { role: 'viewer' }, { kind: 'cli', id: 'root' }, ['ada@x.edu'], 'user.last-admin'],
  ])('refuses %s', (_what, user, wish, actor, admins, code) => {
    expect(() => change(user, wish, actor, admins)).toThrow(expect.objectContaining({ code }));
  });

  it('lets an administrator demote another one while one remains', () => {
    expect(change(ADA, { role: 'viewer' }, { kind: 'user', id: 'eve@x.edu' }, ['ada@x.edu', 'eve@x.edu'])).toHaveLength(1);
  });

  it('ends sessions with a new role, a new password or a disabled account, not with a new name', () => {
    const ends = (wish: UserChange): boolean => change(BOB, wish).some(endsSessions);
    expect([{ role: 'admin' as const }, { newPassword: true }, { enabled: false }].map(ends)).toEqual([true, true, true]);
    expect(ends({ displayName: 'Robert' })).toBe(false);
  });
});
