import { Injectable } from '@nestjs/common';
import { ChartOfFunds } from '#funds';
import { CompiledRules, ReviewRules } from '#review-rules';
import type { IsFundOrgAllowed } from '../domain/review.decide.js';

/** Which fund/orgs charges may go to, by the patterns of the review and the chart of funds. */
@Injectable()
export class AllowedFundOrgs {
  constructor(
    private readonly rules: ReviewRules,
    private readonly funds: ChartOfFunds,
  ) {}

  /** As of this moment. */
  async snapshot(): Promise<IsFundOrgAllowed> {
    const [rules, chart] = [new CompiledRules(await this.rules.current()), await this.funds.snapshot()];
    return (fundOrg, day) => rules.takes(fundOrg) && chart.problemOf(fundOrg, day) === null;
  }
}
