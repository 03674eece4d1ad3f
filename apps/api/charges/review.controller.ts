import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ChargeQueries, type DispositionVerb, ReviewChargesHandler, type ReviewExtent, type ReviewOutcome } from '#charges';
import { EventStore } from '#event-store';
import { metadataOf } from '#identity';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { Reattribution, Review, Reviewed, ReviewLog, ReviewLogQuery, ReviewQuery } from './charges.dto.js';
import { selectionOf } from './selection.js';

@ApiTags('review')
@Controller('api/v1/review')
export class ReviewController {
  constructor(
    private readonly handler: ReviewChargesHandler,
    private readonly charges: ChargeQueries,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
  ) {}

  @Post('approve')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'approveCharges', summary: 'Approve flagged charges: they are billed' })
  @ApiOkResponse({ type: Reviewed })
  @Fails(400, 404, 409)
  async approve(@Query() query: ReviewQuery, @Body() body: Review, @Req() request: Request): Promise<Reviewed> {
    return this.dispose('approve', query, body, request);
  }

  @Post('reject')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'rejectCharges', summary: 'Reject flagged charges: they are not billed' })
  @ApiOkResponse({ type: Reviewed })
  @Fails(400, 404, 409)
  async reject(@Query() query: ReviewQuery, @Body() body: Review, @Req() request: Request): Promise<Reviewed> {
    return this.dispose('reject', query, body, request);
  }

  @Post('restore')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'restoreCharges', summary: 'Put rejected charges back to review' })
  @ApiOkResponse({ type: Reviewed })
  @Fails(400, 404, 409)
  async restore(@Query() query: ReviewQuery, @Body() body: Review, @Req() request: Request): Promise<Reviewed> {
    return this.dispose('restore', query, body, request);
  }

  @Post('reattribute')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'reattributeCharges', summary: 'Set PI, project, fund/org, cost centre or account of charges' })
  @ApiOkResponse({ type: Reviewed })
  @Fails(400, 404, 409)
  async reattribute(@Query() { dryRun }: ReviewQuery, @Body() body: Reattribution, @Req() request: Request): Promise<Reviewed> {
    const change = Object.fromEntries(Object.entries(body.set).filter(([, value]) => value !== undefined));
    const selection = selectionOf(body);
    if (dryRun === true) return this.tried(await this.handler.tryReattribute(change, selection));
    return this.reviewed(await this.handler.reattribute(change, selection, body.note ?? null, metadataOf(request)));
  }

  @Get('log')
  @Access('viewer')
  @ApiOperation({ operationId: 'getReviewLog', summary: 'Every decision, an entry per charge' })
  @ApiOkResponse({ type: ReviewLog })
  @Fails(400)
  async log(@Query() { period, limit, offset }: ReviewLogQuery): Promise<ReviewLog> {
    return { decisions: await this.charges.reviewLog(period ?? null, { limit, offset }) };
  }

  private async dispose(verb: DispositionVerb, { dryRun }: ReviewQuery, body: Review, request: Request): Promise<Reviewed> {
    const selection = selectionOf(body);
    if (dryRun === true) return this.tried(await this.handler.tryDispose(verb, selection));
    return this.reviewed(await this.handler.dispose(verb, selection, body.note ?? null, metadataOf(request)));
  }

  private async tried({ count, amounts }: ReviewExtent): Promise<Reviewed> {
    return { count, amounts, position: await this.store.lastPosition() };
  }

  private async reviewed({ count, amounts, position }: ReviewOutcome): Promise<Reviewed> {
    await this.readModels.settle(position);
    return { count, amounts, position };
  }
}
