import { Module, type OnModuleInit } from '@nestjs/common';
import { ChargesModule } from '#charges';
import { ProjectionRunner } from '#event-store';
import { PeriodsModule } from '#periods';
import { SplitsModule } from '#splits';
import { AttributionRules } from './application/attribution-rules.js';
import { RuleEffects } from './application/rule-effects.js';
import { AttributionRuleQueries } from './infra/attribution-rule.queries.js';
import { ChargesUnderRules } from './infra/charges-under-rules.js';
import { AttributionRulesProjection } from './projections/attribution-rules.projection.js';

@Module({
  imports: [ChargesModule, PeriodsModule, SplitsModule],
  providers: [AttributionRulesProjection, AttributionRuleQueries, ChargesUnderRules, AttributionRules, RuleEffects],
  exports: [AttributionRules, AttributionRuleQueries, RuleEffects],
})
export class AttributionRulesModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: AttributionRulesProjection,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
  }
}
