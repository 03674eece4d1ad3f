import { describe, expect, it } from 'vitest';
import { blockMs, judgeAttempt, networkOf, takeBack, type ThrottleState } from './sign-in-throttle.js';

const NOON = new Date('2025-11-03T12:00:00Z');
const after = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);

/** The state after failures at the given seconds; every one must have been allowed. */
function failAt(...seconds: number[]): ThrottleState | null {
  return seconds.reduce<ThrottleState | null>((state, second) => {
    const verdict = judgeAttempt(state, 5, after(second));
    expect(verdict.allowed).toBe(true);
    return verdict.next;
  }, null);
}

describe('the throttle of sign-ins', () => {
  it('blocks 30 s from the fifth failure on, doubling to 15 min and no further', () => {
    expect([4, 5, 6, 7, 8, 9, 10, 11, 500].map((failures) => blockMs(failures, 5) / 1000)).toEqual([
      0, 30, 60, 120, 240, 480, 900, 900, 900,
    ]);
  });

  it('refuses until the block is over and says how long that is', () => {
    const blocked = failAt(0, 1, 2, 3, 4);
    expect(judgeAttempt(blocked, 5, after(4))).toMatchObject({ allowed: false, retryAfterSeconds: 30 });
    expect(judgeAttempt(blocked, 5, after(33.5))).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
    expect(judgeAttempt(blocked, 5, after(34))).toMatchObject({ allowed: true, next: { failures: 6, blockedUntil: after(94) } });
  });

  it('does not lengthen a block by the attempts it refuses, but counts them', () => {
    const refused = judgeAttempt(failAt(0, 1, 2, 3, 4), 5, after(10));
    expect(refused.next).toMatchObject({ failures: 5, refusals: 1, blockedUntil: after(34) });
    expect(judgeAttempt(refused.next, 5, after(11)).next.refusals).toBe(2);
    expect(judgeAttempt(refused.next, 5, after(40)).next.refusals).toBe(0);
  });

  it('counts attempts of one moment each', () => {
    expect(judgeAttempt(failAt(0, 0, 0, 0, 0), 5, after(0)).allowed).toBe(false);
  });

  it('forgets after an hour of quiet', () => {
    expect(judgeAttempt(failAt(0, 1, 2, 3), 5, after(3602)).next.failures).toBe(5);
    expect(judgeAttempt(failAt(0, 1, 2, 3), 5, after(3603)).next.failures).toBe(1);
  });

  it('takes back the one attempt that succeeded', () => {
    const state = failAt(0, 1, 2, 3, 4);
    expect(state && takeBack(state)).toMatchObject({ failures: 4, blockedUntil: null });
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('counts %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
