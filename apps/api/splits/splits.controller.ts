import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { formatChargeId } from '#charges';
import { EventStore } from '#event-store';
import { metadataOf } from '#identity';
import { SplitChargesHandler, SplitQueries } from '#splits';
import { ReviewQuery } from '../charges/charges.dto.js';
import { selectionOf } from '../charges/selection.js';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { invalidRequest } from '../http/request-pipes.js';
import type { Plain } from '../http/written.dto.js';
import { SplitAnswer, SplitBody, SplitDetail, SplitList, SplitListQuery, SplitsUndoneAnswer, UndoSplitsBody } from './splits.dto.js';

const LINES_SHOWN = 100;

@ApiTags('review')
@Controller('api/v1/splits')
export class SplitsController {
  constructor(
    private readonly handler: SplitChargesHandler,
    private readonly queries: SplitQueries,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ operationId: 'listSplits', summary: 'How charges were divided over several payers' })
  @ApiOkResponse({ type: SplitList })
  @Fails(400)
  async list(@Query() { period, limit, offset }: SplitListQuery): Promise<Plain<SplitList>> {
    return this.queries.list(period, { limit, offset });
  }

  @Get(':id')
  @Access('viewer')
  @ApiOperation({ operationId: 'getSplit', summary: 'One split; its parts are the charges of its number' })
  @ApiOkResponse({ type: SplitDetail })
  @Fails(400, 404)
  async get(@Param('id', ParseIntPipe) id: number): Promise<Plain<SplitDetail>> {
    return { ...(await this.queries.get(id)), lines: await this.queries.parts(id, LINES_SHOWN) };
  }

  @Post()
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'splitCharges',
    summary: 'Divide charges over several PIs, projects or fund/orgs',
    description:
      'By per cent, or by amounts with the rest. The parts add up to each charge exactly, in every price, and stand for it from then on: a charge each, with its own ' +
      'payer, on its statement and in the journal. Not for adjustments, parts, and charges that are rejected or past. Not in a finalized period.',
  })
  @ApiOkResponse({ type: SplitAnswer })
  @Fails(400, 404, 409)
  async split(@Query() { dryRun }: ReviewQuery, @Body() body: SplitBody, @Req() request: Request): Promise<Plain<SplitAnswer>> {
    const command = { selection: selectionOf(body), parts: body.parts, note: body.note ?? null };
    if (dryRun === true) return { ...(await this.handler.trySplit(command)), position: await this.store.lastPosition() };
    const { version: _version, repeated: _repeated, ...outcome } = await this.handler.split(command, metadataOf(request));
    await this.readModels.settle(outcome.position);
    return outcome;
  }

  @Post('undo')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'undoSplits',
    summary: 'Put divided charges together again',
    description: 'They stand as they did before; what was decided on their parts is undone with them. Not in a finalized period.',
  })
  @ApiOkResponse({ type: SplitsUndoneAnswer })
  @Fails(400, 404, 409)
  async undo(@Query() { dryRun }: ReviewQuery, @Body() body: UndoSplitsBody, @Req() request: Request): Promise<Plain<SplitsUndoneAnswer>> {
    const ids = await this.dividedBy(body);
    if (dryRun === true) return { ...(await this.handler.tryUndo(ids)), position: await this.store.lastPosition() };
    const { version: _version, repeated: _repeated, ...outcome } = await this.handler.undo(ids, body.note ?? null, metadataOf(request));
    await this.readModels.settle(outcome.position);
    return outcome;
  }

  private async dividedBy({ ids, splitId }: UndoSplitsBody): Promise<readonly string[]> {
    if (ids !== undefined && splitId === undefined) return ids;
    if (ids !== undefined || splitId === undefined)
      throw invalidRequest([{ where: 'ids', what: 'choose charges either by ids or by the split that divides them' }]);
    await this.queries.get(splitId);
    return (await this.queries.stillDivided(splitId)).map(formatChargeId);
  }
}
