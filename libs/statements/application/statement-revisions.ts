import { Injectable } from '@nestjs/common';
import { EventStore } from '#event-store';
import { type BillingPeriod, DomainError } from '#kernel';
import { type StatementScope, statementStream } from '../domain/statement.events.js';
import { type ChargeDifference, type ContentDifference, StatementContents } from '../infra/statement-contents.js';
import { revisionsIn } from './make-statement.js';

/** What made a revision differ from the one before. */
export interface RevisionDifference extends StatementScope, ContentDifference {
  readonly period: BillingPeriod;
  readonly revision: number;
  /** The revision before. */
  readonly since: number;
  /** Those that differ most; there may be more. */
  readonly charges: readonly ChargeDifference[];
}

/** Compares the revisions of a statement by what the log says each of them holds. */
@Injectable()
export class StatementRevisions {
  constructor(
    private readonly store: EventStore,
    private readonly contents: StatementContents,
  ) {}

  /**
   * @param revision undefined: the newest
   * @param limit charges named
   * @throws DomainError `statement.unknown`, `statement.first-revision`, `statement.contents-unknown`.
   */
  async difference(
    period: BillingPeriod,
    scope: StatementScope,
    { revision, limit }: { revision: number | undefined; limit: number },
  ): Promise<RevisionDifference> {
    const issued = revisionsIn(await this.store.readStream(statementStream(period, scope)));
    const after = revision === undefined ? issued.at(-1) : issued[revision - 1];
    const what = `the statement of ${scope.piEmail} for ${scope.projectId} in ${period}`;
    if (after === undefined) {
      const wanted = revision === undefined ? '' : ` with revision ${revision}`;
      throw new DomainError(
        'statement.unknown',
        'not-found',
        `There is no statement of ${scope.piEmail} for ${scope.projectId} in ${period}${wanted}.`,
      );
    }
    const before = issued[after.revision - 2];
    if (before === undefined) {
      throw new DomainError(
        'statement.first-revision',
        'not-found',
        `Revision 1 of ${what} is the first: there is nothing to compare it with.`,
      );
    }
    const unknown = [before, after].find(({ contents }) => contents === null);
    if (before.contents === null || after.contents === null) {
      throw new DomainError(
        'statement.contents-unknown',
        'not-found',
        `Revision ${unknown?.revision ?? before.revision} of ${what} was made by a release that did not write down which charges a statement holds; compare the two PDFs.`,
      );
    }
    return {
      period,
      piEmail: scope.piEmail,
      projectId: scope.projectId,
      revision: after.revision,
      since: before.revision,
      ...(await this.contents.difference(before.contents, after.contents)),
      charges: await this.contents.charges(before.contents, after.contents, limit),
    };
  }
}
