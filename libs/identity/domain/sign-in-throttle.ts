import { DomainError } from '#kernel';

const FIRST_BLOCK_MS = 30_000;
const LONGEST_BLOCK_MS = 15 * 60_000;
/** Failures are forgotten after this long without an attempt. */
const MEMORY_MS = 60 * 60_000;

/** How many failures an account may have before it is blocked for a while. */
export const ACCOUNT_FAILURES = 5;
/** The same for a network address, behind which a whole department may sit. */
export const ADDRESS_FAILURES = 20;

/** What is remembered of the attempts to sign in to one account, or from one network. */
export interface ThrottleState {
  readonly failures: number;
  /** Attempts refused since the block began. */
  readonly refusals: number;
  readonly lastAttemptAt: Date;
  readonly blockedUntil: Date | null;
}

export type ThrottleVerdict =
  | { readonly allowed: true; readonly next: ThrottleState }
  | { readonly allowed: false; readonly retryAfterSeconds: number; readonly next: ThrottleState };

/** How long the next attempt has to wait after so many failures: 30 s, doubling up to 15 min. Milliseconds. */
export function blockMs(failures: number, freeFailures: number): number {
  if (failures < freeFailures) return 0;
  return Math.min(FIRST_BLOCK_MS * 2 ** Math.min(failures - freeFailures, 10), LONGEST_BLOCK_MS);
}

/**
 * Judges an attempt and counts it as failed at once; {@link takeBack} it if it succeeds. So a thousand attempts at the same moment
 * are a thousand failures, not one.
 */
export function judgeAttempt(state: ThrottleState | null, freeFailures: number, now: Date): ThrottleVerdict {
  if (state?.blockedUntil && state.blockedUntil > now) {
    const retryAfterSeconds = Math.ceil((state.blockedUntil.getTime() - now.getTime()) / 1000);
    return { allowed: false, retryAfterSeconds, next: { ...state, refusals: state.refusals + 1 } };
  }
  const remembered = state !== null && now.getTime() - state.lastAttemptAt.getTime() < MEMORY_MS ? state.failures : 0;
  const failures = remembered + 1;
  const block = blockMs(failures, freeFailures);
  return {
    allowed: true,
    next: { failures, refusals: 0, lastAttemptAt: now, blockedUntil: block === 0 ? null : new Date(now.getTime() + block) },
  };
}

/** The state without the one attempt that turned out well. */
export function takeBack(state: ThrottleState): ThrottleState {
  return { ...state, failures: Math.max(0, state.failures - 1), blockedUntil: null };
}

/** Too many attempts; says nothing about whether the account exists. HTTP answers carry `retryAfterSeconds` as Retry-After. */
export class SignInThrottled extends DomainError {
  constructor(readonly retryAfterSeconds: number) {
    super('sign-in.throttled', 'throttled', `Too many attempts to sign in failed. Try again in ${retryAfterSeconds} seconds.`);
    this.name = 'SignInThrottled';
  }
}

/**
 * The network an address belongs to, for counting: an IPv4 address itself, the /64 of an IPv6 one (whoever has one of those
 * addresses has them all). Text that is no address stays as it is.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [before = '', after] = (address.split('%')[0] ?? '').toLowerCase().split('::', 2);
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const groups = after === undefined ? head : [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail];
  const network = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
