import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { defer, type Observable, switchMap } from 'rxjs';
import { EventStore, ProjectionRunner } from '#event-store';
import { principalOf } from '#identity';
import { DomainError } from '#kernel';
import { invalidRequest } from './request-pipes.js';

/** A command's answer waits this long for the read models; whoever needs longer asks with `?wait=`. */
const SETTLE_TIMEOUT_MS = 5_000;
const WAIT_TIMEOUT_MS = 30_000;

/** Lets clients read what they have just written. */
@Injectable()
export class ReadModels {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly store: EventStore,
  ) {}

  /** After a command: waits a moment for its events to be readable, and answers all the same if that takes longer. */
  async settle(position: number): Promise<void> {
    try {
      await this.projections.waitFor(position, undefined, SETTLE_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'projection.behind')) throw error;
    }
  }

  /** Before a read. @throws DomainError `projection.behind` after 30 s, `position.unknown` for one the log has not reached. */
  async reach(position: number): Promise<void> {
    const last = await this.store.lastPosition();
    if (position > last) {
      throw new DomainError('position.unknown', 'invalid', `The log ends at position ${last}; there is no ${position} to wait for.`);
    }
    await this.projections.waitFor(position, undefined, WAIT_TIMEOUT_MS);
  }
}

/** `?wait=<position>` of every reading route: the answer is made from read models that have seen that position. */
@Injectable()
export class ReadAtPosition implements NestInterceptor {
  constructor(private readonly readModels: ReadModels) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const wait = request.query['wait'];
    if (request.method !== 'GET' || wait === undefined || principalOf(request) === undefined) return next.handle();
    if (typeof wait !== 'string' || !/^\d{1,15}$/.test(wait)) {
      throw invalidRequest([{ where: 'wait', what: 'wait must be a position of the log, as a command answered it' }]);
    }
    return defer(() => this.readModels.reach(Number(wait))).pipe(switchMap(() => next.handle()));
  }
}
