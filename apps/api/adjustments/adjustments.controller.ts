import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { AdjustmentQueries, type AdjustmentTarget, BookAdjustmentsHandler, WithdrawAdjustmentsHandler } from '#adjustments';
import { parseChargeId } from '#charges';
import { EventStore } from '#event-store';
import { metadataOf } from '#identity';
import { Decimal } from '#kernel';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { invalidRequest } from '../http/request-pipes.js';
import type { Plain } from '../http/written.dto.js';
import {
  AdjustmentAnswer,
  AdjustmentInfo,
  AdjustmentList,
  AdjustmentListQuery,
  AdjustmentWithdrawn,
  BookAdjustmentsBody,
  BookAdjustmentsQuery,
  WithdrawAdjustmentBody,
} from './adjustments.dto.js';

@ApiTags('adjustments')
@Controller('api/v1/adjustments')
export class AdjustmentsController {
  constructor(
    private readonly handler: BookAdjustmentsHandler,
    private readonly withdrawal: WithdrawAdjustmentsHandler,
    private readonly queries: AdjustmentQueries,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ operationId: 'listAdjustments', summary: 'Corrections of finalized periods' })
  @ApiOkResponse({ type: AdjustmentList })
  @Fails(400)
  async list(@Query() { limit, offset, ...filter }: AdjustmentListQuery): Promise<Plain<AdjustmentList>> {
    return this.queries.list(filter, { limit, offset });
  }

  @Get(':id')
  @Access('viewer')
  @ApiOperation({ operationId: 'getAdjustment', summary: 'One correction; its charges are those of its number' })
  @ApiOkResponse({ type: AdjustmentInfo })
  @Fails(400, 404)
  async get(@Param('id', ParseIntPipe) id: number): Promise<Plain<AdjustmentInfo>> {
    return this.queries.get(id);
  }

  @Post()
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'bookAdjustments',
    summary: 'Credit a charge or a statement of a finalized period, or charge more for it',
    description:
      'New charge lines of category Adjustment in an open period, each with the reason and the charge that it corrects; list price and the others go with the amount. ' +
      'Without amount and percent, a credit takes back all that is left. A credit is never more than that (`adjustment.more-than-left`). ' +
      'Charges of periods that are not finalized are put right themselves, in review or by an import (`adjustment.period-not-finalized`).',
  })
  @ApiOkResponse({ type: AdjustmentAnswer })
  @Fails(400, 404, 409)
  async book(
    @Query() { dryRun }: BookAdjustmentsQuery,
    @Body() { period, kind = 'credit', amount, percent, reason, ...target }: BookAdjustmentsBody,
    @Req() request: Request,
  ): Promise<Plain<AdjustmentAnswer>> {
    const command = { target: targetOf(target), period, kind, amount: decimal(amount), percent: decimal(percent), reason };
    if (dryRun === true) return { ...(await this.handler.preview(command)), position: await this.store.lastPosition() };
    const { version: _version, repeated: _repeated, ...outcome } = await this.handler.execute(command, metadataOf(request));
    await this.readModels.settle(outcome.position);
    return outcome;
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'withdrawAdjustment', summary: 'Take a correction back while the period it is billed in is open' })
  @ApiOkResponse({ type: AdjustmentWithdrawn })
  @Fails(400, 404, 409)
  async withdraw(
    @Param('id', ParseIntPipe) adjustmentId: number,
    @Body() { reason }: WithdrawAdjustmentBody,
    @Req() request: Request,
  ): Promise<Plain<AdjustmentWithdrawn>> {
    const { position } = await this.withdrawal.execute(adjustmentId, reason, metadataOf(request));
    await this.readModels.settle(position);
    return { adjustmentId, position };
  }
}

function targetOf({ chargeId, statement }: Pick<BookAdjustmentsBody, 'chargeId' | 'statement'>): AdjustmentTarget {
  if (chargeId !== undefined && statement === undefined) return { chargeId: parseChargeId(chargeId) };
  if (chargeId === undefined && statement !== undefined) return { statement };
  throw invalidRequest([{ where: 'chargeId', what: 'name either a charge or a statement' }]);
}

function decimal(text: string | undefined): Decimal | null {
  return text === undefined ? null : Decimal.parse(text);
}
