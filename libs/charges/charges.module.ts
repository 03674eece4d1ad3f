import { Module, type OnModuleInit } from '@nestjs/common';
import { ProjectionRunner } from '#event-store';
import { FundsModule } from '#funds';
import { LedgerModule } from '#ledger';
import { FinalizeChecklist, PeriodsModule } from '#periods';
import { ReviewRulesModule } from '#review-rules';
import { AllowedFundOrgs } from './application/allowed-fund-orgs.js';
import { ChosenCharges } from './application/chosen-charges.js';
import { ChargeStories } from './application/charge-stories.js';
import { LedgerHistory } from './application/ledger-history.js';
import { ReviewChargesHandler } from './application/review-charges.handler.js';
import { RuleSweeps } from './application/rule-sweeps.js';
import { ChargeQueries } from './infra/charge.queries.js';
import { ChargeStoryQueries } from './infra/charge-story.queries.js';
import { LedgerEventQueries } from './infra/ledger-events.queries.js';
import { ChargesProjection } from './projections/charges.projection.js';

@Module({
  imports: [FundsModule, LedgerModule, PeriodsModule, ReviewRulesModule],
  providers: [
    ChargesProjection,
    ChargeQueries,
    ChargeStoryQueries,
    AllowedFundOrgs,
    ChargeStories,
    ChosenCharges,
    LedgerEventQueries,
    LedgerHistory,
    ReviewChargesHandler,
    RuleSweeps,
  ],
  exports: [AllowedFundOrgs, ChargeQueries, ChargeStories, ChosenCharges, LedgerHistory, ReviewChargesHandler, RuleSweeps],
})
export class ChargesModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: ChargesProjection,
    private readonly checklist: FinalizeChecklist,
    private readonly charges: ChargeQueries,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
    this.checklist.add({
      name: 'review',
      overridable: false,
      inOrder: 'no charge waits for review',
      missing: async (period) => {
        const waiting = await this.charges.countWaiting(period);
        return waiting === 0 ? null : `${waiting} ${waiting === 1 ? 'charge waits' : 'charges wait'} for review`;
      },
    });
  }
}
