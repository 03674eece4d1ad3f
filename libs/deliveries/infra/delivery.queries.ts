import { Injectable } from '@nestjs/common';
import { type BillingPeriod, DomainError } from '#kernel';
import { Database } from '#platform';
import { BATCH_POSITIONS, type DeliveryBatch } from '../domain/delivery-batch.js';
import { type DeliveredCopy, type DeliveredStatement, runDeliveriesStream } from '../domain/delivery.events.js';

export type DeliveryStatus = 'queued' | 'sent' | 'failed' | 'dev_mode' | 'suppressed';

export interface DeliveryRow {
  readonly deliveryId: string;
  readonly period: BillingPeriod;
  readonly piEmail: string;
  /** The PI, or a delegate of single projects. */
  readonly recipient: string;
  /** Delegates of the PI. */
  readonly cc: readonly string[];
  readonly subject: string;
  readonly status: DeliveryStatus;
  readonly statements: readonly DeliveredStatement[];
  readonly messageId: string;
  /** What the server answered last, or why it was not sent. */
  readonly response: string | null;
  /** What became of each copy, once it was sent. */
  readonly copies: readonly DeliveredCopy[];
  /** The PDFs went as links. */
  readonly byLink: boolean;
  /** Since it was queued last. */
  readonly attempts: number;
  readonly queuedBy: string;
  readonly queuedAt: Date;
  readonly endedAt: Date | null;
}

export interface RunDeliveries {
  readonly planned: boolean;
  readonly count: number;
  readonly waiting: number;
  readonly sent: number;
  readonly failed: number;
  readonly suppressed: number;
}

export interface DeliveryFilter {
  readonly period?: BillingPeriod;
  readonly status?: DeliveryStatus;
  readonly piEmail?: string;
  /** Part of the PI's or the addressee's address, in any case. */
  readonly search?: string;
}

const COLUMNS = `delivery_id as "deliveryId", period, pi_email as "piEmail", recipient, cc, subject, status, statements,
  message_id as "messageId", response, copies, by_link as "byLink", attempts, queued_by as "queuedBy", queued_at as "queuedAt", ended_at as "endedAt"`;

const FILTER = `($1::text is null or period = $1) and ($2::text is null or status = $2) and ($3::text is null or pi_email = $3)
  and ($4::text is null or position(lower($4) in lower(pi_email || ' ' || recipient)) > 0)`;

/** Reads the email log. */
@Injectable()
export class DeliveryQueries {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(filter: DeliveryFilter, page: { limit: number; offset: number }): Promise<DeliveryRow[]> {
    return this.database.query<DeliveryRow>(
      `select ${COLUMNS} from deliveries where ${FILTER} order by queued_at desc, delivery_id limit $5 offset $6`,
      [...parametersOf(filter), page.limit, page.offset],
    );
  }

  /** How many messages fit, by status; a status that no message has is left out. */
  async counts(filter: DeliveryFilter): Promise<{ status: DeliveryStatus; count: number }[]> {
    return this.database.query(
      `select status, count(*)::int as count from deliveries where ${FILTER} group by status order by status`,
      parametersOf(filter),
    );
  }

  /** @throws DomainError `delivery.unknown`. */
  async get(deliveryId: string): Promise<DeliveryRow> {
    const row = await this.find(deliveryId);
    if (row === undefined) throw new DomainError('delivery.unknown', 'not-found', `There is no delivery ${deliveryId}.`);
    return row;
  }

  async find(deliveryId: string): Promise<DeliveryRow | undefined> {
    const [row] = await this.database.query<DeliveryRow>(`select ${COLUMNS} from deliveries where delivery_id = $1`, [deliveryId]);
    return row;
  }

  /** The last delivery to each PI of a period; what delegates of single projects got is none. */
  async lastPerPi(period: BillingPeriod): Promise<DeliveryRow[]> {
    return this.database.query<DeliveryRow>(
      `select * from (select distinct on (pi_email) ${COLUMNS} from deliveries
         where period = $1 and recipient = pi_email order by pi_email, queued_at desc, delivery_id) newest
       order by "piEmail" collate "C"`,
      [period],
    );
  }

  /** The messages that a statement run queued, by status; `planned` is false until it has queued them. */
  async ofRun(runId: number): Promise<RunDeliveries> {
    const [row] = await this.database.query<RunDeliveries>(
      `select exists (select 1 from events where stream = $1) as planned, count(*)::int as count,
         (count(*) filter (where d.status = 'queued' or d.status is null))::int as waiting,
         (count(*) filter (where d.status in ('sent', 'dev_mode')))::int as sent,
         (count(*) filter (where d.status = 'failed'))::int as failed,
         (count(*) filter (where d.status = 'suppressed'))::int as suppressed
       from events q left join deliveries d on d.delivery_id = q.data ->> 'deliveryId'
       where q.type = 'DeliveryQueued' and q.metadata ->> 'correlationId' = $1`,
      [runDeliveriesStream(runId)],
    );
    return row ?? { planned: false, count: 0, waiting: 0, sent: 0, failed: 0, suppressed: 0 };
  }

  /** Where deliveries without an outcome were queued, straight from the log. */
  async unsettled(): Promise<{ readonly transactionId: string; readonly position: number }[]> {
    return this.database.query(
      `select q.transaction_id::text as "transactionId", q.position::float8 as position from events q
       where q.type = 'DeliveryQueued' and not exists (
         select 1 from events o where o.stream = q.stream and o.version > q.version and o.type <> 'DeliveryDeferred')`,
    );
  }

  /** The deliveries that a batch queued, straight from the log. */
  async ofBatch({ transactionId, batch }: DeliveryBatch): Promise<{ readonly deliveryId: string; readonly position: number }[]> {
    return this.database.query(
      `select data ->> 'deliveryId' as "deliveryId", position::float8 as position from events
       where transaction_id = $1::xid8 and position >= $2::bigint and position < $3::bigint and type = 'DeliveryQueued' order by position`,
      [transactionId, batch * BATCH_POSITIONS, (batch + 1) * BATCH_POSITIONS],
    );
  }

  /** Completed statement runs that were to send and have not queued their messages yet, straight from the log. */
  async runsToSend(): Promise<number[]> {
    const rows = await this.database.query<{ runId: number }>(
      `select (c.data ->> 'runId')::int as "runId" from events c
       where c.type = 'StatementRunCompleted' and (c.data ->> 'send')::boolean
         and not exists (select 1 from events q where q.stream = 'run-deliveries-' || (c.data ->> 'runId'))`,
    );
    return rows.map((row) => row.runId);
  }
}

function parametersOf({ period, status, piEmail, search }: DeliveryFilter): unknown[] {
  return [period ?? null, status ?? null, piEmail ?? null, search?.trim() || null];
}
