import { Injectable } from '@nestjs/common';
import type { BillingPeriod } from '#kernel';
import type { ChecklistFinding } from '../domain/period.decide.js';

/** One question of the finalize checklist; answers what is missing, or null. Other areas bring theirs. */
export interface FinalizeCheck {
  readonly name: string;
  readonly overridable: boolean;
  missing(period: BillingPeriod): Promise<string | null>;
}

/** What must be in order before a period is made permanent (domain.md §4). */
@Injectable()
export class FinalizeChecklist {
  private readonly checks: FinalizeCheck[] = [];

  add(check: FinalizeCheck): void {
    this.checks.push(check);
  }

  async findings(period: BillingPeriod): Promise<ChecklistFinding[]> {
    const findings: ChecklistFinding[] = [];
    for (const check of this.checks) {
      const missing = await check.missing(period);
      if (missing !== null) findings.push({ check: check.name, missing, overridable: check.overridable });
    }
    return findings;
  }
}
