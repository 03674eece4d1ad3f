import { Inject, Injectable } from '@nestjs/common';
import { DeliveryQueries, type DeliveryRow } from '#deliveries';
import { type BillingPeriod, Decimal, writeAmount } from '#kernel';
import { APP_CONFIG, type AppConfig } from '#platform';
import { StatementQueries, type StatementRow, type StatementScope } from '#statements';
import type { Plain } from '../http/written.dto.js';
import type { StatementDelivery, StatementList, StatementRevision } from './statements.dto.js';

/** Puts together what the page of a period's statements shows. */
@Injectable()
export class StatementPages {
  constructor(
    private readonly statements: StatementQueries,
    private readonly deliveries: DeliveryQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async list(period: BillingPeriod): Promise<StatementList> {
    const [current, { due }, deliveries] = await Promise.all([
      this.statements.current(period),
      this.statements.due(period),
      this.deliveries.lastPerPi(period),
    ]);
    const isDue = new Set(due.map(keyOf));
    const isIssued = new Set(current.map(keyOf));
    const deliveryTo = new Map(deliveries.map((delivery) => [delivery.piEmail, delivery]));
    return {
      statements: current.map((row) => ({
        ...revisionOf(row),
        outOfDate: isDue.has(keyOf(row)),
        delivery: deliveryOf(deliveryTo.get(row.piEmail), row),
      })),
      missing: due.filter((scope) => !isIssued.has(keyOf(scope))).map(({ piEmail, projectId }) => ({ piEmail, projectId })),
      dueCount: due.length,
      sum: this.sumOf(current),
    };
  }

  sumOf(rows: readonly StatementRow[]): StatementList['sum'] {
    return { list: this.sum(rows, 'list'), discount: this.sum(rows, 'discount'), due: this.sum(rows, 'due') };
  }

  private sum(rows: readonly StatementRow[], column: 'list' | 'discount' | 'due'): string {
    return writeAmount(Decimal.sum(rows.map((row) => Decimal.parse(row[column]))), this.config.currency);
  }
}

export function revisionOf({ sha256: _sha256, ...revision }: StatementRow): Plain<StatementRevision> {
  return revision;
}

function deliveryOf(delivery: DeliveryRow | undefined, row: StatementRow): StatementDelivery | null {
  if (delivery === undefined) return null;
  const { deliveryId, status, queuedAt, endedAt, statements } = delivery;
  const coversRevision = statements.some(({ projectId, revision }) => projectId === row.projectId && revision === row.revision);
  return { deliveryId, status, queuedAt, endedAt, coversRevision };
}

function keyOf(scope: StatementScope): string {
  return JSON.stringify([scope.piEmail, scope.projectId]);
}
