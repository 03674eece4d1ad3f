import { Inject, Injectable } from '@nestjs/common';
import { type EventMetadata, EventStore, ProjectionRunner } from '#event-store';
import { type JobCatalogue, OnJob } from '#jobs';
import { type BillingPeriod, Decimal, DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig, Database, type Tx } from '#platform';
import { StatementQueries, type StatementRow } from '#statements';
import {
  type DeliveredStatement,
  type DeliveryEvent,
  deliveryId,
  deliveryStream,
  type RunDeliveriesQueued,
  runDeliveriesStream,
} from '../domain/delivery.events.js';
import { DeliveryQueries } from '../infra/delivery.queries.js';
import { composeStatementMessage } from '../message/compose-statement-message.js';
import type { StatementMessage } from '../message/statement-message.js';

const WORKER: EventMetadata['actor'] = { kind: 'system', id: 'deliveries' };

export interface QueuedDeliveries {
  readonly position: number;
  readonly queued: readonly string[];
  /** PIs whose current statements were all sent before. */
  readonly alreadySent: number;
}

/** Queues one message per PI with all current statements of a period. What was sent is not sent again without an explicit resend. */
@Injectable()
export class SendStatementsHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly projections: ProjectionRunner,
    private readonly statements: StatementQueries,
    private readonly deliveries: DeliveryQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError `statement.none` if the period has no statements. */
  async send(period: BillingPeriod, options: { piEmail?: string }, metadata: EventMetadata): Promise<QueuedDeliveries> {
    await this.projections.waitFor(await this.store.lastPosition(), ['statements', 'deliveries']);
    const current = await this.statements.current(period, options);
    if (current.length === 0) {
      throw new DomainError(
        'statement.none',
        'not-found',
        `There are no statements to send for ${options.piEmail ?? period}; generate them first.`,
      );
    }
    return this.database.transaction((tx) => this.queue(tx, period, current, metadata));
  }

  /** Sends a message once more, as a delivery of its own. @throws DomainError `delivery.unknown`, `delivery.in-flight`. */
  async resend(id: string, metadata: EventMetadata): Promise<QueuedDeliveries> {
    const earlier = await this.deliveries.get(id);
    if (earlier.status === 'queued')
      throw new DomainError('delivery.in-flight', 'conflict', `Delivery ${id} is being sent; wait for its outcome.`);
    await this.projections.waitFor(await this.store.lastPosition(), ['statements']);
    const current = await this.statements.current(earlier.period, { piEmail: earlier.piEmail });
    return this.database.transaction(async (tx) => {
      const statements = toDelivered(current);
      for (let repeat = 1; ; repeat += 1) {
        const next = deliveryId(earlier.period, earlier.piEmail, statements, repeat);
        if ((await this.store.head(deliveryStream(next), tx)).version > 0) continue;
        const position = await this.append(tx, next, 0, earlier.period, current, metadata);
        return { position, queued: [next], alreadySent: 0 };
      }
    });
  }

  /** Tries every failed message of a period again. */
  async resendFailed(period: BillingPeriod, metadata: EventMetadata): Promise<QueuedDeliveries> {
    const failed = await this.deliveries.list({ period, status: 'failed' }, { limit: 100_000, offset: 0 });
    const results: QueuedDeliveries[] = [];
    for (const row of failed) {
      const current = await this.statements.current(period, { piEmail: row.piEmail });
      results.push(await this.database.transaction((tx) => this.queue(tx, period, current, metadata)));
    }
    return {
      position: Math.max(0, ...results.map((result) => result.position)),
      queued: results.flatMap((result) => [...result.queued]),
      alreadySent: 0,
    };
  }

  @OnJob('deliveries.queue')
  async queueRun({ runId }: JobCatalogue['deliveries.queue']): Promise<void> {
    await this.projections.waitFor(await this.store.lastPosition(), ['statements', 'deliveries']);
    const { period } = await this.statements.run(runId);
    const current = await this.statements.ofPisInRun(runId);
    const metadata: EventMetadata = { actor: WORKER, correlationId: runDeliveriesStream(runId) };
    await this.database.transaction(async (tx) => {
      if ((await this.store.head(runDeliveriesStream(runId), tx)).version > 0) return;
      const { queued } = await this.queue(tx, period, current, metadata);
      const outcome: RunDeliveriesQueued = { type: 'RunDeliveriesQueued', data: { runId, period, count: queued.length } };
      await this.store.append(tx, runDeliveriesStream(runId), 0, [outcome], metadata);
    });
  }

  /** The message that a PI would get now. @throws DomainError `statement.none`. */
  async preview(period: BillingPeriod, piEmail: string): Promise<StatementMessage> {
    const current = await this.statements.current(period, { piEmail });
    if (current.length === 0)
      throw new DomainError('statement.none', 'not-found', `${piEmail} has no statement in ${period}; generate it first.`);
    return this.compose(period, piEmail, current);
  }

  compose(period: BillingPeriod, piEmail: string, statements: readonly StatementRow[]): StatementMessage {
    const { organization, email, statement, currency } = this.config;
    return composeStatementMessage({
      organization: organization.name,
      contact: organization.contact === '' ? null : organization.contact,
      period,
      piEmail,
      currency,
      locale: statement.locale,
      subjectTemplate: email.subjectTemplate,
      statements: statements.map((row) => ({
        projectId: row.projectId,
        fundOrgs: row.fundOrgs,
        list: Decimal.parse(row.list),
        discount: Decimal.parse(row.discount),
        due: Decimal.parse(row.due),
        revision: row.revision,
        fileName: row.fileName,
      })),
    });
  }

  private async queue(
    tx: Tx,
    period: BillingPeriod,
    statements: readonly StatementRow[],
    metadata: EventMetadata,
  ): Promise<QueuedDeliveries> {
    const queued: string[] = [];
    let alreadySent = 0;
    let position = 0;
    for (const piEmail of new Set(statements.map((row) => row.piEmail))) {
      const own = statements.filter((row) => row.piEmail === piEmail);
      const id = deliveryId(period, piEmail, toDelivered(own), 0);
      const recorded = (await this.store.readStream(deliveryStream(id), tx)) as unknown as DeliveryEvent[];
      const last = recorded.at(-1);
      // A message that failed is owed still; one that is queued or was sent is not.
      if (last !== undefined && last.type !== 'DeliveryFailed') {
        alreadySent += 1;
        continue;
      }
      position = await this.append(tx, id, recorded.length, period, own, metadata);
      queued.push(id);
    }
    return { position, queued, alreadySent };
  }

  private async append(
    tx: Tx,
    id: string,
    version: number,
    period: BillingPeriod,
    statements: readonly StatementRow[],
    metadata: EventMetadata,
  ): Promise<number> {
    const piEmail = statements[0]?.piEmail ?? '';
    const { subject } = this.compose(period, piEmail, statements);
    const data = {
      deliveryId: id,
      period,
      piEmail,
      recipient: piEmail,
      subject,
      statements: toDelivered(statements),
      messageId: `<${id}@${this.config.email.fromAddress.split('@').at(-1) ?? 'localhost'}>`,
    };
    const { position } = await this.store.append(tx, deliveryStream(id), version, [{ type: 'DeliveryQueued', data }], metadata);
    return position;
  }
}

function toDelivered(statements: readonly StatementRow[]): DeliveredStatement[] {
  return statements.map(({ projectId, revision }) => ({ projectId, revision }));
}
