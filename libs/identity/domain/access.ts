import { DomainError } from '#kernel';
import type { Scope } from './api-key.events.js';
import { type Role, roleCovers } from './role.js';

/** Who asks: a signed-in person, or a program with an API key. */
export interface Principal {
  readonly kind: 'user' | 'key';
  /** Email of a user, id of a key. */
  readonly id: string;
  /** Null for a key. */
  readonly role: Role | null;
  /** Empty for a user. */
  readonly scopes: readonly Scope[];
  /** Sources a key is bound to; null: any. */
  readonly sources: readonly string[] | null;
}

/** Who may use a route. A role is asked of people, a scope of keys; a route that names only one is closed to the others. */
export type AccessRule =
  | { readonly audience: 'public' }
  | { readonly audience: 'signed-in'; readonly evenIfPasswordMustChange: boolean }
  | { readonly audience: 'restricted'; readonly role?: Role; readonly scope?: Scope };

/** @throws DomainError `access.role`, `access.scope` or `access.people-only`, unless the rule lets the principal through. */
export function requireAccess(rule: AccessRule, principal: Principal): void {
  if (rule.audience === 'public') return;
  if (principal.kind === 'key') {
    const scope = rule.audience === 'restricted' ? rule.scope : undefined;
    if (scope === undefined)
      throw new DomainError('access.people-only', 'forbidden', 'API keys are not accepted here; sign in with a user account.');
    if (!principal.scopes.includes(scope)) {
      throw new DomainError('access.scope', 'forbidden', `This needs an API key with the scope ${scope}; key ${principal.id} lacks it.`);
    }
    return;
  }
  if (rule.audience === 'signed-in') return;
  if (rule.role === undefined)
    throw new DomainError('access.keys-only', 'forbidden', 'This is for API keys; user accounts are not accepted here.');
  if (principal.role === null || !roleCovers(principal.role, rule.role)) {
    throw new DomainError(
      'access.role',
      'forbidden',
      `This needs the role ${rule.role}; ${principal.id} is ${principal.role ?? 'without a role'}.`,
    );
  }
}

/**
 * The source whose charges a principal may read.
 * @param source folded name that was asked for; undefined for all
 * @returns the source to restrict the answer to; undefined for none
 * @throws DomainError `access.source` if it is another one than the key is bound to, or if the key is bound to several and none was named.
 */
export function sourceWithinReach(principal: Principal, source: string | undefined): string | undefined {
  if (principal.sources === null) return source;
  if (source !== undefined) requireSourceAccess(principal, source);
  const [only, ...others] = source === undefined ? principal.sources : [source];
  if (only !== undefined && others.length === 0) return only;
  throw new DomainError(
    'access.source',
    'forbidden',
    `API key ${principal.id} is bound to ${principal.sources.join(', ')}; name one of these sources in the request.`,
  );
}

/** @throws DomainError `access.source` if the principal is a key that is bound to some sources, and what is asked for is of all of them. */
export function requireAllSources(principal: Principal, what: string): void {
  if (principal.sources === null) return;
  throw new DomainError(
    'access.source',
    'forbidden',
    `API key ${principal.id} is bound to ${principal.sources.join(', ')}, and ${what} hold the charges of all sources. Issue a key that is not bound to any.`,
  );
}

/** @throws DomainError `access.source` if the principal is a key that is bound to other sources. `source` is a folded name. */
export function requireSourceAccess(principal: Principal, source: string): void {
  if (principal.sources === null || principal.sources.includes(source)) return;
  throw new DomainError(
    'access.source',
    'forbidden',
    `API key ${principal.id} is bound to ${principal.sources.join(', ')} and may not touch the source ${source}.`,
  );
}
