import type { Type } from '@nestjs/common';
import type { AccessRule } from '../domain/access.js';
import type { Scope } from '../domain/api-key.events.js';
import type { Role } from '../domain/role.js';

const ACCESS_RULE = 'openchargeback:access-rule';

type AccessDecorator = ClassDecorator & MethodDecorator;

/** Open to everybody, signed in or not. */
export function Public(): AccessDecorator {
  return declare({ audience: 'public' });
}

/**
 * For every signed-in person, whatever the role; not for API keys.
 * @param evenIfPasswordMustChange also for somebody whose password no longer satisfies the policy.
 */
export function AllowSignedIn({ evenIfPasswordMustChange = false } = {}): AccessDecorator {
  return declare({ audience: 'signed-in', evenIfPasswordMustChange });
}

/** For people with this role or a higher one. Together with {@link RequireScope}: for them and for keys with that scope. */
export function RequireRole(role: Role): AccessDecorator {
  return declare({ audience: 'restricted', role });
}

/** For API keys with this scope. Together with {@link RequireRole}: for them and for people with that role. */
export function RequireScope(scope: Scope): AccessDecorator {
  return declare({ audience: 'restricted', scope });
}

/** The rule of a route: that of the handler, else that of its controller; null if neither declares one. */
export function accessRuleOf(handler: object, controller: Type): AccessRule | null {
  return ownRule(handler) ?? ownRule(controller) ?? null;
}

/** @throws Error on rules that exclude each other: a programming mistake that must not start. */
function declare(rule: AccessRule): AccessDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const subject = descriptor === undefined ? target : (descriptor.value as object);
    const declared = ownRule(subject);
    const both = declared?.audience === 'restricted' && rule.audience === 'restricted';
    if (declared !== undefined && !both) throw new Error('a route is public, for the signed-in, or restricted: one of them');
    Reflect.defineMetadata(ACCESS_RULE, { ...declared, ...rule }, subject);
  };
}

function ownRule(subject: object): AccessRule | undefined {
  return Reflect.getOwnMetadata(ACCESS_RULE, subject) as AccessRule | undefined;
}
