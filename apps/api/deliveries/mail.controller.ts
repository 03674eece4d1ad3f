import { Body, Controller, Get, HttpCode, Inject, Post, Put, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { MailAddressesHandler, MailAddressQueries, TestMailHandler } from '#deliveries';
import { metadataOf } from '#identity';
import { APP_CONFIG, type AppConfig } from '#platform';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import {
  ChangedAddress,
  ChangedDelegates,
  DelegatesList,
  DelegatesQuery,
  MailSettings,
  ReleaseAddress,
  SendTestMail,
  SetDelegates,
  SuppressAddress,
  SuppressionList,
  TestMailResult,
} from './mail.dto.js';

@ApiTags('deliveries')
@Controller('api/v1/mail')
export class MailController {
  constructor(
    private readonly addresses: MailAddressQueries,
    private readonly changes: MailAddressesHandler,
    private readonly tests: TestMailHandler,
    private readonly readModels: ReadModels,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ operationId: 'getMailSettings', summary: 'How messages are sent, by the configuration' })
  @ApiOkResponse({ type: MailSettings })
  settings(): MailSettings {
    const { devMode, email, output, smtp } = this.config;
    return {
      mode: devMode ? 'folder' : 'smtp',
      server: smtp.host === undefined ? null : `${smtp.host}:${smtp.port}`,
      folder: devMode ? output.emailDir : null,
      from: `${email.fromName} <${email.fromAddress}>`,
      replyTo: email.replyTo ?? null,
      htmlTemplate: email.htmlTemplate ?? null,
      textTemplate: email.textTemplate ?? null,
      attachmentLimitBytes: email.attachmentLimitBytes ?? null,
      linkDays: email.linkDays,
    };
  }

  @Post('test')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'sendTestMail', summary: 'Send a message without a statement, and tell what the mail server says' })
  @ApiOkResponse({ type: TestMailResult })
  @Fails(400, 409)
  async test(@Body() { to }: SendTestMail, @Req() request: Request): Promise<TestMailResult> {
    const metadata = metadataOf(request);
    const result = await this.tests.send(to ?? metadata.actor.id, metadata);
    await this.readModels.settle(result.position);
    return result;
  }

  @Get('suppressions')
  @Access('viewer')
  @ApiOperation({ operationId: 'listSuppressions', summary: 'Addresses that get no mail, and those that should perhaps get none' })
  @ApiOkResponse({ type: SuppressionList })
  async suppressions(): Promise<SuppressionList> {
    const [suppressed, proposed] = await Promise.all([this.addresses.suppressed(), this.addresses.proposed()]);
    return { suppressed, proposed };
  }

  @Post('suppressions')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'suppressAddress', summary: 'Send no more mail to an address' })
  @ApiOkResponse({ type: ChangedAddress })
  @Fails(400, 409)
  async suppress(@Body() { address, reason }: SuppressAddress, @Req() request: Request): Promise<ChangedAddress> {
    return this.changed(await this.changes.suppress(address, reason, metadataOf(request)));
  }

  @Post('suppressions/release')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'releaseAddress', summary: 'Send mail to an address again' })
  @ApiOkResponse({ type: ChangedAddress })
  @Fails(400, 404)
  async release(@Body() { address, reason }: ReleaseAddress, @Req() request: Request): Promise<ChangedAddress> {
    return this.changed(await this.changes.release(address, reason ?? null, metadataOf(request)));
  }

  @Get('delegates')
  @Access('viewer')
  @ApiOperation({ operationId: 'listDelegates', summary: 'Who gets copies of a PI’s messages, or statements of single projects' })
  @ApiOkResponse({ type: DelegatesList })
  @Fails(400)
  async delegates(@Query() { piEmail }: DelegatesQuery): Promise<DelegatesList> {
    return { delegates: await this.addresses.delegates(piEmail) };
  }

  @Put('delegates')
  @Access('admin')
  @ApiOperation({ operationId: 'setDelegates', summary: 'Set the delegates of a PI, or of one of their projects' })
  @ApiOkResponse({ type: ChangedDelegates })
  @Fails(400)
  async setDelegates(@Body() { piEmail, projectId, addresses }: SetDelegates, @Req() request: Request): Promise<ChangedDelegates> {
    const changed = await this.changes.setDelegates(piEmail, projectId ?? null, addresses, metadataOf(request));
    await this.readModels.settle(changed.position);
    return changed;
  }

  private async changed({ address, position }: { address: string; position: number }): Promise<ChangedAddress> {
    await this.readModels.settle(position);
    return { address, position };
  }
}
