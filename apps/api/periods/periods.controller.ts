import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { AppendResult } from '#event-store';
import { metadataOf } from '#identity';
import { type BillingPeriod, billingPeriod } from '#kernel';
import { ChangePeriodHandler } from '#periods';
import { APP_CONFIG, type AppConfig } from '#platform';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { PeriodPipe } from '../http/request-pipes.js';
import { PeriodPages } from './period-pages.js';
import { ClosePeriod, FinalizePeriod, OpenPeriod, PeriodChanged, PeriodDetail, PeriodList, ReopenPeriod } from './periods.dto.js';

@ApiTags('periods')
@Controller('api/v1/periods')
export class PeriodsController {
  constructor(
    private readonly handler: ChangePeriodHandler,
    private readonly pages: PeriodPages,
    private readonly readModels: ReadModels,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ operationId: 'listPeriods', summary: 'All billing periods with their totals' })
  @ApiOkResponse({ type: PeriodList })
  async list(): Promise<PeriodList> {
    return { currency: this.config.currency, periods: await this.pages.overviews() };
  }

  @Post()
  @Access('reviewer')
  @ApiOperation({ operationId: 'openPeriod', summary: 'Open a billing period' })
  @ApiCreatedResponse({ type: PeriodChanged })
  @Fails(400, 409)
  async open(@Body() body: OpenPeriod, @Req() request: Request): Promise<PeriodChanged> {
    const period = billingPeriod(body.period);
    return this.changed(period, await this.handler.open(period, metadataOf(request)));
  }

  @Get(':period')
  @Access('viewer')
  @ApiOperation({ operationId: 'getPeriod', summary: 'A billing period: totals, reasons for review, sums, checklist' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: PeriodDetail })
  @Fails(400, 404)
  async get(@Param('period', PeriodPipe) period: BillingPeriod): Promise<PeriodDetail> {
    return this.pages.detail(period);
  }

  @Post(':period/close')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'closePeriod', summary: 'Close a period: no more imports' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: PeriodChanged })
  @Fails(400, 404, 409)
  async close(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Body() body: ClosePeriod,
    @Req() request: Request,
  ): Promise<PeriodChanged> {
    return this.changed(period, await this.handler.close(period, body.notes ?? null, metadataOf(request)));
  }

  @Post(':period/reopen')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'reopenPeriod', summary: 'Reopen a closed period, with a reason' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: PeriodChanged })
  @Fails(400, 404, 409)
  async reopen(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Body() body: ReopenPeriod,
    @Req() request: Request,
  ): Promise<PeriodChanged> {
    return this.changed(period, await this.handler.reopen(period, body.reason, metadataOf(request)));
  }

  @Post(':period/finalize')
  @HttpCode(200)
  @Access('admin')
  @ApiOperation({ operationId: 'finalizePeriod', summary: 'Finalize a closed period, for ever' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: PeriodChanged })
  @Fails(400, 404, 409)
  async finalize(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Body() { notes, force }: FinalizePeriod,
    @Req() request: Request,
  ): Promise<PeriodChanged> {
    const reason = force === undefined ? null : { reason: force.reason };
    return this.changed(period, await this.handler.finalize(period, notes ?? null, reason, metadataOf(request)));
  }

  private async changed(period: BillingPeriod, { position }: AppendResult): Promise<PeriodChanged> {
    await this.readModels.settle(position);
    const { state } = await this.pages.find(period);
    return { period, state, position };
  }
}
