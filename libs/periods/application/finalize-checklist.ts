import { Injectable } from '@nestjs/common';
import type { BillingPeriod } from '#kernel';
import type { ChecklistFinding } from '../domain/period.decide.js';

/** One question of the finalize checklist; answers what is missing, or null. Other areas bring theirs. */
interface FinalizeCheck {
  readonly name: string;
  readonly overridable: boolean;
  /** What to tell when nothing is missing: `no charge waits for review`. */
  readonly inOrder: string;
  /** Whether the question is asked of that period at all; without it, it always is. */
  applies?(period: BillingPeriod): Promise<boolean>;
  missing(period: BillingPeriod): Promise<string | null>;
}

/** A question with its answer. */
export interface ChecklistItem {
  readonly check: string;
  readonly done: boolean;
  /** What is missing, or that nothing is. */
  readonly text: string;
  readonly overridable: boolean;
}

/** What must be in order before a period is made permanent (domain.md §4). */
@Injectable()
export class FinalizeChecklist {
  private readonly checks: FinalizeCheck[] = [];

  add(check: FinalizeCheck): void {
    this.checks.push(check);
  }

  /** Every question that is asked of the period, in order or not. */
  async items(period: BillingPeriod): Promise<ChecklistItem[]> {
    const items: ChecklistItem[] = [];
    for (const check of this.checks) {
      if (check.applies !== undefined && !(await check.applies(period))) continue;
      const found = await check.missing(period);
      items.push({ check: check.name, done: found === null, text: found ?? check.inOrder, overridable: check.overridable });
    }
    return items;
  }

  async findings(period: BillingPeriod): Promise<ChecklistFinding[]> {
    return findingsOf(await this.items(period));
  }
}

export function findingsOf(items: readonly ChecklistItem[]): ChecklistFinding[] {
  return items.flatMap(({ check, done, text, overridable }) => (done ? [] : [{ check, missing: text, overridable }]));
}
