import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EventStore } from '#event-store';
import { billingPeriod } from '#kernel';
import { APP_CONFIG, type AppConfig } from '#platform';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { PeriodPages } from '../periods/period-pages.js';
import { activityOf } from './activity.js';
import { Dashboard, DashboardQuery } from './overview.dto.js';

const TREND_PERIODS = 12;
const TOP_PIS = 10;
const ACTIVITY_EVENTS = 20;
/** What people did, and what came of it; a statement run's hundreds of single steps would drown that. */
const ACTIVITY_TYPES = [
  'PeriodOpened',
  'PeriodClosed',
  'PeriodReopened',
  'PeriodFinalized',
  'SourceRegistered',
  'SourceChanged',
  'ImportReceived',
  'ImportRecorded',
  'ImportRefused',
  'ImportWithdrawn',
  'ImportCancelled',
  'ChargesApproved',
  'ChargesRejected',
  'ChargesRestored',
  'ChargesReattributed',
  'ChargesReflagged',
  'ChargesSplit',
  'SplitsUndone',
  'ReviewRulesChanged',
  'StatementRunCompleted',
  'StatementRunCancelled',
  'RunDeliveriesQueued',
  'DeliveryFailed',
  'JournalExported',
  'JournalPosted',
  'JournalVoided',
  'JournalMarkWithdrawn',
];

@ApiTags('overview')
@Controller('api/v1/dashboard')
export class DashboardController {
  constructor(
    private readonly pages: PeriodPages,
    private readonly store: EventStore,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ operationId: 'getDashboard', summary: 'A period at a glance, the last twelve, and what happened lately' })
  @ApiOkResponse({ type: Dashboard })
  @Fails(400, 404)
  async get(@Query() query: DashboardQuery): Promise<Dashboard> {
    const overviews = await this.pages.overviews();
    const chosen = query.period ?? overviews[0]?.period;
    const detail = chosen === undefined ? null : await this.pages.detail(billingPeriod(chosen));
    const events = await this.store.readLatest({ types: ACTIVITY_TYPES }, ACTIVITY_EVENTS);
    return {
      currency: this.config.currency,
      period: detail,
      trend: overviews
        .slice(0, TREND_PERIODS)
        .reverse()
        .map(({ period, state, list, billed }) => ({ period, state, list, billed })),
      topPis: detail?.byPi.slice(0, TOP_PIS) ?? [],
      activity: events.map(activityOf),
    };
  }
}
