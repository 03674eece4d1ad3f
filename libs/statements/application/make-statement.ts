import { Inject, Injectable } from '@nestjs/common';
import { EventStore, type RecordedEvent } from '#event-store';
import { type BillingPeriod, DomainError, writeAmount } from '#kernel';
import { LedgerQueries } from '#ledger';
import { APP_CONFIG, type AppConfig } from '#platform';
import type { StatementDocument } from '../document/statement-document.js';
import { statementFileName } from '../document/statement-file-name.js';
import { type HeldCharges, type StatementIssued, type StatementScope, statementStream } from '../domain/statement.events.js';
import { type BilledMoney, StatementContents } from '../infra/statement-contents.js';
import { StatementNotRendered, StatementRenderer } from '../infra/statement-renderer.js';
import { ComposeStatement } from './compose-statement.js';

/** A statement, not recorded; it is drawn while its PDF is read. */
export interface MadeStatement extends StatementScope, BilledMoney {
  readonly revision: number;
  readonly fundOrgs: readonly string[];
  readonly lineCount: number;
  readonly ledgerDigest: string;
  readonly contents: readonly HeldCharges[];
  readonly fileName: string;
  /** Read once. @throws StatementNotRendered in between. */
  readonly pdf: AsyncIterable<Uint8Array>;
}

/** Makes one statement from the ledger: what it says, what changed since its last revision, and its PDF. */
@Injectable()
export class MakeStatement {
  constructor(
    private readonly store: EventStore,
    private readonly ledger: LedgerQueries,
    private readonly compose: ComposeStatement,
    private readonly contents: StatementContents,
    private readonly renderer: StatementRenderer,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * @param recorded the statement's stream: from the log and not the read model, because a revision number is given once
   * @throws DomainError `statement.ledger-moved` if its ledger changed while it was read; made again, it is whole.
   */
  async execute(
    period: BillingPeriod,
    scope: StatementScope,
    { recorded, isPreview = false }: { recorded: readonly RecordedEvent[]; isPreview?: boolean },
  ): Promise<MadeStatement> {
    const earlier = revisionsIn(recorded);
    const revision = earlier.length + 1;
    const { document, ledgerDigest } = await this.compose.execute(period, scope, revision);
    const contents = await this.contents.current(period, scope);
    if ((await this.ledger.digest(period, scope)) !== ledgerDigest) {
      throw new DomainError(
        'statement.ledger-moved',
        'unavailable',
        `The charges of ${scope.piEmail} for ${scope.projectId} changed while their statement was made; it is made again.`,
      );
    }
    const pdf = this.renderer.stream({
      ...document,
      changes: await this.changes(earlier.at(-1), contents),
      warnings: isPreview ? [{ kind: 'preview' }, ...document.warnings] : document.warnings,
    });
    const fileName = statementFileName({ period, ...scope, revision });
    return {
      ...scope,
      ...this.written(document),
      revision,
      fundOrgs: document.fundOrgs.map(({ fundOrg }) => fundOrg),
      lineCount: document.services.reduce((count, service) => count + service.lineCount, 0),
      ledgerDigest,
      contents,
      fileName: isPreview ? `preview_${fileName}` : fileName,
      pdf,
    };
  }

  /** The same for a statement whose stream is read first. */
  async preview(period: BillingPeriod, scope: StatementScope): Promise<MadeStatement> {
    return this.execute(period, scope, { recorded: await this.store.readStream(statementStream(period, scope)), isPreview: true });
  }

  private async changes(
    last: StatementIssued['data'] | undefined,
    contents: readonly HeldCharges[],
  ): Promise<StatementDocument['changes']> {
    if (last === undefined || last.contents === null) return null;
    const { before, after, services, ...counts } = await this.contents.difference(last.contents, contents);
    return {
      since: last.revision,
      ...counts,
      dueBefore: before.due,
      dueAfter: after.due,
      services: services
        .filter((service) => service.before.due !== service.after.due)
        .map(({ fundOrg, serviceName, ...money }) => ({
          fundOrg,
          serviceName,
          dueBefore: money.before.due,
          dueAfter: money.after.due,
        })),
    };
  }

  private written({ totals }: StatementDocument): BilledMoney {
    const { currency } = this.config;
    return {
      list: writeAmount(totals.list, currency),
      discount: writeAmount(totals.discount, currency),
      due: writeAmount(totals.due, currency),
    };
  }
}

/** Oldest first. */
export function revisionsIn(recorded: readonly RecordedEvent[]): StatementIssued['data'][] {
  return recorded.filter(({ type }) => type === 'StatementIssued').map(({ data }) => data as StatementIssued['data']);
}

/** What the statement's own content or settings cause; it would fail again wherever and whenever it is made. */
export function isAboutStatement(error: unknown): error is Error {
  if (error instanceof StatementNotRendered) return true;
  if (!(error instanceof DomainError)) return false;
  return error.kind !== 'unavailable' && error.code !== 'stream.conflict' && !error.code.startsWith('storage.');
}
