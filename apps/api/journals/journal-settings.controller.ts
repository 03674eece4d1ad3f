import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { JournalSettingsTest } from '#journals';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { TestedJournalSettings, TestJournalSettings } from './journal-settings.dto.js';

@ApiTags('journals')
@Controller('api/v1/journals/settings')
export class JournalSettingsController {
  constructor(private readonly settings: JournalSettingsTest) {}

  @Post('test')
  @HttpCode(200)
  @Access('viewer')
  @ApiOperation({
    operationId: 'testJournalSettings',
    summary: 'Try how the journal splits fund/orgs and checks accounts',
    description:
      'With the settings of the configuration or others, on codes in use or others. It changes nothing: the configuration file does.',
  })
  @ApiOkResponse({ type: TestedJournalSettings })
  @Fails(400, 404)
  async test(@Body() body: TestJournalSettings): Promise<TestedJournalSettings> {
    return this.settings.run(body);
  }
}
