import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Patch, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { AttributionRuleQueries, AttributionRules, type RuleEffect, RuleEffects, type SavedRule } from '#attribution-rules';
import { EventStore } from '#event-store';
import { metadataOf } from '#identity';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import type { Plain } from '../http/written.dto.js';
import {
  AddRuleBody,
  AppliedRuleAnswer,
  ApplyRuleBody,
  AttributionRuleDetail,
  AttributionRuleList,
  ChangeRuleBody,
  DisableRuleBody,
  MoveRuleBody,
  PreviewRuleBody,
  RuleEffectInfo,
  SavedRuleAnswer,
} from './attribution-rules.dto.js';

@ApiTags('attribution rules')
@Controller('api/v1/attribution-rules')
export class AttributionRulesController {
  constructor(
    private readonly rules: AttributionRules,
    private readonly effects: RuleEffects,
    private readonly queries: AttributionRuleQueries,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ operationId: 'listAttributionRules', summary: 'The attribution rules in their order' })
  @ApiOkResponse({ type: AttributionRuleList })
  async list(): Promise<Plain<AttributionRuleList>> {
    return { rules: await this.queries.list() };
  }

  @Post()
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'addAttributionRule',
    summary: 'Add an attribution rule',
    description: 'It attributes charges from the next import on. Those that are there stay as they are until it is applied to them.',
  })
  @ApiOkResponse({ type: SavedRuleAnswer })
  @Fails(400)
  async add(@Body() { place, ...input }: AddRuleBody, @Req() request: Request): Promise<Plain<SavedRuleAnswer>> {
    return this.saved(await this.rules.add(input, place, metadataOf(request)));
  }

  @Post('preview')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'previewAttributionRule',
    summary: 'What a rule would make of the charges of open periods, before it is saved',
    description: 'Rules that come before it count, as in an import. Nothing is changed.',
  })
  @ApiOkResponse({ type: RuleEffectInfo })
  @Fails(400, 404, 409)
  async preview(@Body() body: PreviewRuleBody): Promise<Plain<RuleEffectInfo>> {
    const { ruleId, place, period, withReattributed, ...input } = body;
    return effectInfo(await this.effects.preview({ ruleId: ruleId ?? null, input, place }, { period, withReattributed }));
  }

  @Get(':ruleId')
  @Access('viewer')
  @ApiOperation({ operationId: 'getAttributionRule', summary: 'An attribution rule, and every version of it' })
  @ApiOkResponse({ type: AttributionRuleDetail })
  @Fails(400, 404)
  async get(@Param('ruleId', ParseIntPipe) ruleId: number): Promise<Plain<AttributionRuleDetail>> {
    const rule = await this.queries.get(ruleId);
    return { ...rule, versions: await this.queries.versions(ruleId) };
  }

  @Patch(':ruleId')
  @Access('reviewer')
  @ApiOperation({
    operationId: 'changeAttributionRule',
    summary: 'Change an attribution rule; what is left out stays',
    description: 'Charges that it attributed keep what an earlier version said.',
  })
  @ApiOkResponse({ type: SavedRuleAnswer })
  @Fails(400, 404)
  async change(
    @Param('ruleId', ParseIntPipe) ruleId: number,
    @Body() body: ChangeRuleBody,
    @Req() request: Request,
  ): Promise<Plain<SavedRuleAnswer>> {
    return this.saved(await this.rules.change(ruleId, body, metadataOf(request)));
  }

  @Post(':ruleId/move')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'moveAttributionRule',
    summary: 'Give an attribution rule another place: the first one that matches counts',
  })
  @ApiOkResponse({ type: SavedRuleAnswer })
  @Fails(400, 404)
  async move(
    @Param('ruleId', ParseIntPipe) ruleId: number,
    @Body() { place }: MoveRuleBody,
    @Req() request: Request,
  ): Promise<Plain<SavedRuleAnswer>> {
    return this.saved(await this.rules.move(ruleId, place, metadataOf(request)));
  }

  @Post(':ruleId/disable')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'disableAttributionRule', summary: 'Let a rule attribute no charge any more' })
  @ApiOkResponse({ type: SavedRuleAnswer })
  @Fails(400, 404, 409)
  async disable(
    @Param('ruleId', ParseIntPipe) ruleId: number,
    @Body() { reason }: DisableRuleBody,
    @Req() request: Request,
  ): Promise<Plain<SavedRuleAnswer>> {
    return this.saved(await this.rules.disable(ruleId, reason ?? null, metadataOf(request)));
  }

  @Post(':ruleId/enable')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'enableAttributionRule', summary: 'Let a rule that was disabled attribute charges again' })
  @ApiOkResponse({ type: SavedRuleAnswer })
  @Fails(400, 404, 409)
  async enable(@Param('ruleId', ParseIntPipe) ruleId: number, @Req() request: Request): Promise<Plain<SavedRuleAnswer>> {
    return this.saved(await this.rules.enable(ruleId, metadataOf(request)));
  }

  @Post(':ruleId/apply')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'applyAttributionRule',
    summary: 'Reattribute the charges of open periods that a rule attributes otherwise',
    description:
      'A reattribution as a reviewer makes it, with the rule in its note; the preview shows what it changes. Period by period: one that is refused stops it, and ' +
      'applying the rule again goes on.',
  })
  @ApiOkResponse({ type: AppliedRuleAnswer })
  @Fails(400, 404, 409)
  async apply(
    @Param('ruleId', ParseIntPipe) ruleId: number,
    @Body() { note, ...scope }: ApplyRuleBody,
    @Req() request: Request,
  ): Promise<Plain<AppliedRuleAnswer>> {
    const { count, amounts, periods, position } = await this.effects.apply(ruleId, { ...scope, note: note ?? null }, metadataOf(request));
    if (position !== null) await this.readModels.settle(position);
    return { count, amounts, periods, position: position ?? (await this.store.lastPosition()) };
  }

  private async saved({ rule, appended }: SavedRule): Promise<Plain<SavedRuleAnswer>> {
    const position = appended?.position ?? (await this.store.lastPosition());
    if (appended !== null) await this.readModels.settle(position);
    return { rule, changed: appended !== null, position };
  }
}

function effectInfo({ samples, ...effect }: RuleEffect): Plain<RuleEffectInfo> {
  return {
    ...effect,
    samples: samples.map(({ charge, after, parts }) => {
      const { id, period, day, source, service, resourceId, resourceName, currency, amount, payer } = charge;
      return { id, period, day, source, service, resourceId, resourceName, currency, amount, before: payer, after, parts };
    }),
  };
}
