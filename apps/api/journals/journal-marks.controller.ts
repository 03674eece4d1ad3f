import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { metadataOf } from '#identity';
import { JournalQueries, MarkJournalHandler } from '#journals';
import type { BillingPeriod } from '#kernel';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { NumberPipe, PeriodPipe } from '../http/request-pipes.js';
import { MarkedJournal, PostJournal, UnmarkJournal, VoidJournal } from './journals.dto.js';

/** What became of journals in accounting. */
@ApiTags('journals')
@Controller('api/v1/periods/:period/journals/:number')
export class JournalMarksController {
  constructor(
    private readonly marking: MarkJournalHandler,
    private readonly journals: JournalQueries,
    private readonly readModels: ReadModels,
  ) {}

  @Post('posted')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'postJournal', summary: 'Record that accounting has booked a journal' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: MarkedJournal })
  @Fails(400, 404, 409)
  async posted(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Param('number', NumberPipe) number: number,
    @Body() { documentNumber, postedOn, note }: PostJournal,
    @Req() request: Request,
  ): Promise<MarkedJournal> {
    const { position } = await this.marking.post({ period, number, documentNumber, postedOn, note: note ?? null }, metadataOf(request));
    return this.marked(period, number, position);
  }

  @Post('void')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'voidJournal',
    summary: 'Record that a journal is not booked, or that accounting has reversed it',
    description: 'Its file stays; what is to be booked is told without it.',
  })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: MarkedJournal })
  @Fails(400, 404, 409)
  async void(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Param('number', NumberPipe) number: number,
    @Body() { reason }: VoidJournal,
    @Req() request: Request,
  ): Promise<MarkedJournal> {
    const { position } = await this.marking.void({ period, number, reason }, metadataOf(request));
    return this.marked(period, number, position);
  }

  @Post('unmark')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'unmarkJournal',
    summary: 'Take the last mark of a journal back, which was a mistake',
    description: 'It stands as it did before that mark.',
  })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: MarkedJournal })
  @Fails(400, 404, 409)
  async unmark(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Param('number', NumberPipe) number: number,
    @Body() { reason, mark }: UnmarkJournal,
    @Req() request: Request,
  ): Promise<MarkedJournal> {
    const { position } = await this.marking.withdraw({ period, number, reason, mark }, metadataOf(request));
    return this.marked(period, number, position);
  }

  private async marked(period: BillingPeriod, number: number, position: number): Promise<MarkedJournal> {
    await this.readModels.settle(position);
    return { ...(await this.journals.get(period, number)), position };
  }
}
