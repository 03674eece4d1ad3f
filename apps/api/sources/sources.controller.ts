import { Body, Controller, Get, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { EventStore } from '#event-store';
import { metadataOf } from '#identity';
import {
  type SourceEntity,
  type SourceInput,
  sourceName,
  SourceQualityQueries,
  SourceQueries,
  SourceRegistry,
  type SourceStatus,
} from '#sources';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import type { Plain } from '../http/written.dto.js';
import { SourceQualityInfo } from './source-quality.dto.js';
import {
  ChangeSource,
  ChangeSourceQuery,
  QualityQuery,
  RegisteredSource,
  RegisterSource,
  SourceChange,
  SourceDetail,
  SourceList,
} from './sources.dto.js';

@ApiTags('sources')
@Controller('api/v1/sources')
export class SourcesController {
  constructor(
    private readonly registry: SourceRegistry,
    private readonly queries: SourceQueries,
    private readonly qualities: SourceQualityQueries,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ operationId: 'listSources', summary: 'Where charges come from, and how up to date each source is' })
  @ApiOkResponse({ type: SourceList })
  async list(): Promise<SourceList> {
    const statuses = await this.statuses();
    const sources: readonly Plain<SourceEntity>[] = await this.queries.list();
    return { sources: sources.map((source) => ({ ...source, ...(statuses.get(source.name) ?? NEVER) })) };
  }

  @Get(':name')
  @Access('viewer')
  @ApiOperation({ operationId: 'getSource', summary: 'A source with all its settings' })
  @ApiOkResponse({ type: SourceDetail })
  @Fails(400, 404)
  async get(@Param('name') name: string): Promise<SourceDetail> {
    const settings = await this.registry.get(name);
    const status = (await this.statuses()).get(settings.name) ?? NEVER;
    return { ...settings, ...status, name: settings.name, statedInConfig: this.registry.statedInConfig(name) };
  }

  @Get(':name/quality')
  @Access('viewer')
  @ApiOperation({
    operationId: 'getSourceQuality',
    summary: 'How good the data of a source is, per billing period and per import',
    description:
      'Made from the reports of its imports. Refused and withdrawn imports are listed, and left out of the figures of the periods: no line of them counts.',
  })
  @ApiOkResponse({ type: SourceQualityInfo })
  @Fails(400, 404)
  async quality(@Param('name') name: string, @Query() { periods }: QualityQuery): Promise<SourceQualityInfo> {
    const source = await this.registry.get(name);
    return { name: source.name, ...(await this.qualities.of(source.name, periods)) };
  }

  @Post()
  @Access('admin')
  @ApiOperation({ operationId: 'registerSource', summary: 'Register a source' })
  @ApiCreatedResponse({ type: RegisteredSource })
  @Fails(400, 409)
  async register(@Body() { name, ...input }: RegisterSource, @Req() request: Request): Promise<RegisteredSource> {
    const { position } = await this.registry.register(name, given(input), metadataOf(request));
    await this.readModels.settle(position);
    return { name: sourceName(name), position };
  }

  @Patch(':name')
  @Access('admin')
  @ApiOperation({ operationId: 'changeSource', summary: 'Change the settings of a source, or try to; what is left out stays' })
  @ApiOkResponse({ type: SourceChange })
  @Fails(400, 404)
  async change(
    @Param('name') name: string,
    @Query() { dryRun }: ChangeSourceQuery,
    @Body() body: ChangeSource,
    @Req() request: Request,
  ): Promise<SourceChange> {
    const input = given(body);
    const { changes, appended } =
      dryRun === true ? await this.registry.tryChange(name, input) : await this.registry.change(name, input, metadataOf(request));
    const position = appended?.position ?? (await this.store.lastPosition());
    if (appended !== null) await this.readModels.settle(position);
    const written = changes.map(({ setting, before, after }) => ({ setting, before: String(before), after: String(after) }));
    return { name: sourceName(name), position, changes: written };
  }

  private async statuses(): Promise<Map<string, SourceStatus>> {
    return new Map((await this.queries.statuses()).map((status) => [status.name, status]));
  }
}

const NEVER = { lastImportAt: null, lastImportId: null, lastState: null };

/** The fields that the caller sent: a field left out must not overwrite one. */
function given(input: ChangeSource): SourceInput {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
