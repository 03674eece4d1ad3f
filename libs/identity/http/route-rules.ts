import { type INestApplicationContext, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { AccessRule } from '../domain/access.js';
import { accessRuleOf } from './access-rules.js';

export interface RouteRule {
  /** `POST`; `ALL` for every method. */
  readonly method: string;
  /** As declared, with parameters (`/users/:email`), without a global prefix. */
  readonly path: string;
  /** `UsersController.create`. */
  readonly handler: string;
  readonly rule: AccessRule | null;
}

/** Every route of an application with the rule that guards it. The application must import Nest's DiscoveryModule. */
export function routeRules(app: INestApplicationContext): RouteRule[] {
  const scanner = new MetadataScanner();
  const routes: RouteRule[] = [];
  for (const { metatype, instance } of app.get(DiscoveryService, { strict: false }).getControllers()) {
    if (typeof metatype !== 'function') continue;
    const controller = metatype as Type;
    const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name];
      if (typeof handler !== 'function') continue;
      const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (method === undefined) continue;
      for (const base of pathsOf(controller)) {
        for (const path of pathsOf(handler)) {
          routes.push({
            method: RequestMethod[method],
            path: `/${[base, path]
              .map((part) => part.replace(/^\/+|\/+$/g, ''))
              .filter(Boolean)
              .join('/')}`,
            handler: `${controller.name}.${name}`,
            rule: accessRuleOf(handler, controller),
          });
        }
      }
    }
  }
  return routes;
}

/**
 * For the start of the API: a route that nobody thought about must not go live.
 * @throws Error naming the routes without a rule.
 */
export function assertEveryRouteHasARule(app: INestApplicationContext): void {
  const offenders = routeRules(app).filter(({ rule }) => rule === null);
  if (offenders.length === 0) return;
  const list = offenders.map(({ method, path, handler }) => `${method} ${path} (${handler})`).join(', ');
  throw new Error(`these routes declare nobody who may use them: ${list}; add @RequireRole, @RequireScope, @AllowSignedIn or @Public`);
}

function pathsOf(subject: object): string[] {
  const declared = Reflect.getMetadata(PATH_METADATA, subject) as string | string[] | undefined;
  return Array.isArray(declared) ? declared : [declared ?? ''];
}
