import { Injectable } from '@nestjs/common';
import type { EventMetadata } from '#event-store';
import type { BillingPeriod } from '#kernel';
import type { PeriodState } from '#periods';
import type { Tx } from '#platform';
import type { DeliveryMode } from '#sources';
import { type AsAdjustments, requireSnapshot, type Restatement } from '../domain/restatement.js';

/** A file that restates a period, its lines laid ready in `restated_lines` under the number of its import. */
export interface RestatedFile {
  readonly importId: number;
  readonly source: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly adjustedPeriod: BillingPeriod;
  /** The source declares a column that identifies its lines. */
  readonly byLineId: boolean;
  readonly asked: AsAdjustments;
}

/** Who can book the difference between a file and a finalized period. */
export interface RestatementBooker {
  /** @returns what is asked for, as it will be kept. @throws DomainError `adjustment.reason`. */
  accept(asked: AsAdjustments): AsAdjustments;
  /**
   * Compares and books, in a transaction that holds the locks of both periods.
   * @param metadata null: a dry run, which appends no event and is rolled back
   * @throws DomainError `adjustment.period-not-finalized`, `period.wrong-state`
   */
  book(tx: Tx, file: RestatedFile, states: ReadonlyMap<BillingPeriod, PeriodState>, metadata: EventMetadata | null): Promise<Restatement>;
}

interface Asked {
  readonly asAdjustments?: AsAdjustments | null;
  readonly allowPartial: boolean;
}

/** Imports know that a file can be booked as adjustments; how, is told by the lib of the adjustments, which stands above this one. */
@Injectable()
export class Restatements {
  private booker: RestatementBooker | undefined;

  register(booker: RestatementBooker): void {
    this.booker = booker;
  }

  /** @returns what is asked for of a file, or null if it is imported. @throws DomainError `import.no-snapshot`, `adjustment.reason`. */
  accepted({ asAdjustments = null, allowPartial }: Asked, deliveryMode: DeliveryMode): AsAdjustments | null {
    if (asAdjustments === null) return null;
    requireSnapshot(deliveryMode, allowPartial);
    return this.registered().accept(asAdjustments);
  }

  book(...how: Parameters<RestatementBooker['book']>): Promise<Restatement> {
    return this.registered().book(...how);
  }

  private registered(): RestatementBooker {
    if (this.booker === undefined) throw new Error('nobody books restated periods: the module of the adjustments is missing');
    return this.booker;
  }
}
