import { Body, Controller, Get, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { EventStore } from '#event-store';
import { metadataOf } from '#identity';
import { type SourceEntity, type SourceInput, sourceName, SourceQueries, SourceRegistry } from '#sources';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import type { Plain } from '../http/written.dto.js';
import { ChangeSource, RegisterSource, SourceChange, SourceList } from './sources.dto.js';

@ApiTags('sources')
@Controller('api/v1/sources')
export class SourcesController {
  constructor(
    private readonly registry: SourceRegistry,
    private readonly queries: SourceQueries,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ operationId: 'listSources', summary: 'Where charges come from, and how up to date each source is' })
  @ApiOkResponse({ type: SourceList })
  async list(): Promise<SourceList> {
    const statuses = new Map((await this.queries.statuses()).map((status) => [status.name, status]));
    const never = { lastImportAt: null, lastImportId: null, lastState: null };
    const sources: readonly Plain<SourceEntity>[] = await this.queries.list();
    return { sources: sources.map((source) => ({ ...source, ...never, ...statuses.get(source.name) })) };
  }

  @Post()
  @Access('admin')
  @ApiOperation({ operationId: 'registerSource', summary: 'Register a source' })
  @ApiCreatedResponse({ type: SourceChange })
  @Fails(400, 409)
  async register(@Body() { name, ...input }: RegisterSource, @Req() request: Request): Promise<SourceChange> {
    const { position } = await this.registry.register(name, given(input), metadataOf(request));
    await this.readModels.settle(position);
    return { name: sourceName(name), position };
  }

  @Patch(':name')
  @Access('admin')
  @ApiOperation({ operationId: 'changeSource', summary: 'Change the settings of a source; what is left out stays' })
  @ApiOkResponse({ type: SourceChange })
  @Fails(400, 404)
  async change(@Param('name') name: string, @Body() body: ChangeSource, @Req() request: Request): Promise<SourceChange> {
    const changed = await this.registry.change(name, given(body), metadataOf(request));
    const position = changed?.position ?? (await this.store.lastPosition());
    await this.readModels.settle(position);
    return { name: sourceName(name), position };
  }
}

/** The fields that the caller sent: a field left out must not overwrite one. */
function given(input: ChangeSource): SourceInput {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
