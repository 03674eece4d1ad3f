import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { askedMoment, LedgerHistory, type LedgerScope } from '#charges';
import type { BillingPeriod } from '#kernel';
import { APP_CONFIG, type AppConfig } from '#platform';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { PeriodPipe } from '../http/request-pipes.js';
import { PeriodPages } from '../periods/period-pages.js';
import { ledgerDiffPage, ledgerPage } from './ledger-pages.js';
import { LedgerDiff, LedgerDiffQuery, LedgerMoments, LedgerQuery, PeriodLedger } from './ledger.dto.js';

@ApiTags('periods')
@Controller('api/v1/periods/:period')
export class LedgerController {
  constructor(
    private readonly history: LedgerHistory,
    private readonly pages: PeriodPages,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get('moments')
  @Access('viewer')
  @ApiOperation({ operationId: 'listLedgerMoments', summary: 'What changed the ledger of a period, or marks a step of its month' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: LedgerMoments })
  @Fails(400, 404)
  async moments(@Param('period', PeriodPipe) period: BillingPeriod): Promise<LedgerMoments> {
    const { state } = await this.pages.find(period);
    return { period, state, moments: await this.history.moments(period) };
  }

  @Get('ledger')
  @Access('viewer')
  @ApiOperation({ operationId: 'getLedger', summary: 'The ledger of a period as of any moment' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: PeriodLedger })
  @Fails(400, 404)
  async ledger(@Param('period', PeriodPipe) period: BillingPeriod, @Query() { asOf, ...scope }: LedgerQuery): Promise<PeriodLedger> {
    const ledger = await this.history.asOf(period, askedMoment(asOf ?? 'now'), given(scope));
    return ledgerPage(period, this.config.currency, ledger);
  }

  @Get('ledger/diff')
  @Access('viewer')
  @ApiOperation({ operationId: 'compareLedgers', summary: 'What changed in a ledger between two moments, by which event, by whom' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: LedgerDiff })
  @Fails(400, 404)
  async diff(@Param('period', PeriodPipe) period: BillingPeriod, @Query() { from, to, ...scope }: LedgerDiffQuery): Promise<LedgerDiff> {
    const difference = await this.history.difference(period, askedMoment(from), askedMoment(to ?? 'now'), given(scope));
    return ledgerDiffPage(period, this.config.currency, difference);
  }
}

/** A parameter left out is not there; one that is undefined would be. */
function given({ piEmail, projectId }: { piEmail?: string; projectId?: string }): LedgerScope {
  return { ...(piEmail !== undefined && { piEmail }), ...(projectId !== undefined && { projectId }) };
}
