import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { DeliveryQueries, MessageViews, type QueuedDeliveries, SendStatementsHandler } from '#deliveries';
import { metadataOf } from '#identity';
import type { BillingPeriod } from '#kernel';
import { Access } from '../http/access.js';
import { download } from '../http/download.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import { PeriodPipe } from '../http/request-pipes.js';
import { PeriodPages } from '../periods/period-pages.js';
import {
  Delivery,
  DeliveryList,
  DeliveryMessage,
  DeliveryQuery,
  MessagePreview,
  PreviewQuery,
  QueuedMessages,
  SendStatements,
} from './deliveries.dto.js';

@ApiTags('deliveries')
@Controller('api/v1')
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveryQueries,
    private readonly sending: SendStatementsHandler,
    private readonly views: MessageViews,
    private readonly periods: PeriodPages,
    private readonly readModels: ReadModels,
  ) {}

  @Get('deliveries')
  @Access('viewer')
  @ApiOperation({ operationId: 'listDeliveries', summary: 'The email log, newest first' })
  @ApiOkResponse({ type: DeliveryList })
  @Fails(400)
  async list(@Query() { limit, offset, ...filter }: DeliveryQuery): Promise<DeliveryList> {
    const { status, ...others } = filter;
    const [deliveries, byStatus] = await Promise.all([this.deliveries.list(filter, { limit, offset }), this.deliveries.counts(others)]);
    const count = byStatus.filter((each) => status === undefined || each.status === status).reduce((sum, each) => sum + each.count, 0);
    return { deliveries, count, byStatus };
  }

  @Get('deliveries/:id')
  @Access('viewer')
  @ApiOperation({ operationId: 'getDelivery', summary: 'One message of the email log' })
  @ApiOkResponse({ type: Delivery })
  @Fails(404)
  async get(@Param('id') deliveryId: string): Promise<Delivery> {
    return this.deliveries.get(deliveryId);
  }

  @Get('deliveries/:id/message')
  @Access('viewer')
  @ApiOperation({ operationId: 'getDeliveryMessage', summary: 'What a message of the log says' })
  @ApiOkResponse({ type: DeliveryMessage })
  @Fails(404)
  async message(@Param('id') deliveryId: string): Promise<DeliveryMessage> {
    return this.views.ofDelivery(deliveryId);
  }

  @Get('deliveries/:id/message.eml')
  @Access('viewer')
  @ApiOperation({ operationId: 'downloadDeliveryMessage', summary: 'A message as it was written in dev_mode, for a mail program' })
  @ApiProduces('message/rfc822')
  @Fails(404)
  async eml(@Param('id') deliveryId: string): Promise<StreamableFile> {
    const { fileName, content } = await this.views.eml(deliveryId);
    return download(Readable.from([content]), { fileName, type: 'message/rfc822', bytes: content.length });
  }

  @Post('deliveries/:id/resend')
  @HttpCode(202)
  @Access('reviewer')
  @ApiOperation({ operationId: 'resendDelivery', summary: 'Send a PI the current statements once more' })
  @ApiAcceptedResponse({ type: QueuedMessages })
  @Fails(404, 409)
  async resend(@Param('id') deliveryId: string, @Req() request: Request): Promise<QueuedMessages> {
    return this.queued(await this.sending.resend(deliveryId, metadataOf(request)));
  }

  @Post('periods/:period/deliveries')
  @HttpCode(202)
  @Access('reviewer')
  @ApiOperation({ operationId: 'sendStatements', summary: 'Send each PI the current statements, unless they were sent before' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiAcceptedResponse({ type: QueuedMessages })
  @Fails(400, 404)
  async send(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Body() { piEmail }: SendStatements,
    @Req() request: Request,
  ): Promise<QueuedMessages> {
    return this.queued(await this.sending.send(period, piEmail === undefined ? {} : { piEmail }, metadataOf(request)));
  }

  @Post('periods/:period/deliveries/resend-failed')
  @HttpCode(202)
  @Access('reviewer')
  @ApiOperation({ operationId: 'resendFailedDeliveries', summary: 'Try every failed message of a period again' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiAcceptedResponse({ type: QueuedMessages })
  @Fails(400, 404)
  async resendFailed(@Param('period', PeriodPipe) period: BillingPeriod, @Req() request: Request): Promise<QueuedMessages> {
    await this.periods.find(period);
    return this.queued(await this.sending.resendFailed(period, metadataOf(request)));
  }

  @Get('periods/:period/message-preview')
  @Access('viewer')
  @ApiOperation({ operationId: 'previewMessage', summary: 'The message that a PI would get now' })
  @ApiParam({ name: 'period', example: '2026-01' })
  @ApiOkResponse({ type: MessagePreview })
  @Fails(400, 404)
  async preview(
    @Param('period', PeriodPipe) period: BillingPeriod,
    @Query() { piEmail, recipient }: PreviewQuery,
  ): Promise<MessagePreview> {
    return this.views.preview(period, piEmail, recipient);
  }

  private async queued({ position, queued, alreadySent }: QueuedDeliveries): Promise<QueuedMessages> {
    await this.readModels.settle(position);
    return { position, queued, alreadySent };
  }
}
