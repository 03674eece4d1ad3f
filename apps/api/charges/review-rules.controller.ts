import { Body, Controller, Get, HttpCode, Post, Put, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { type ChargeTally, type RulesEffect, RuleSweeps } from '#charges';
import { EventStore } from '#event-store';
import { metadataOf } from '#identity';
import { ReviewRules } from '#review-rules';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { ReadModels } from '../http/read-models.js';
import type { Plain } from '../http/written.dto.js';
import { ReviewQuery } from './charges.dto.js';
import {
  Reflag,
  Reflagged,
  ReviewRulesInfo,
  RulesTrialInfo,
  SetReviewRules,
  SetReviewRulesAnswer,
  TestReviewRules,
} from './review-rules.dto.js';

@ApiTags('review')
@Controller('api/v1/review')
export class ReviewRulesController {
  constructor(
    private readonly rules: ReviewRules,
    private readonly sweeps: RuleSweeps,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
  ) {}

  @Get('rules')
  @Access('viewer')
  @ApiOperation({ operationId: 'getReviewRules', summary: 'The patterns by which charges are flagged' })
  @ApiOkResponse({ type: ReviewRulesInfo })
  async get(): Promise<Plain<ReviewRulesInfo>> {
    return this.rules.current();
  }

  @Put('rules')
  @Access('admin')
  @ApiOperation({
    operationId: 'setReviewRules',
    summary: 'Change the patterns by which charges are flagged',
    description:
      'They count for what is imported from then on; charges that are there keep their flags until their period is flagged again.',
  })
  @ApiOkResponse({ type: SetReviewRulesAnswer })
  @Fails(400, 409)
  async set(@Body() { version, ...input }: SetReviewRules, @Req() request: Request): Promise<Plain<SetReviewRulesAnswer>> {
    const { rules, appended } = await this.rules.change(said(input), version ?? null, metadataOf(request));
    return { rules, changed: appended !== null, position: appended?.position ?? (await this.store.lastPosition()) };
  }

  @Post('rules/test')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({ operationId: 'testReviewRules', summary: 'What patterns would flag in a period, before they are saved' })
  @ApiOkResponse({ type: RulesTrialInfo })
  @Fails(400, 404)
  async test(@Body() { period, ...input }: TestReviewRules): Promise<Plain<RulesTrialInfo>> {
    const { rules, effect } = await this.sweeps.try(period, said(input));
    const { flagPatterns, fundOrgPatterns } = rules;
    return { period, flagPatterns, fundOrgPatterns, effect: told(effect) };
  }

  @Post('reflag')
  @HttpCode(200)
  @Access('reviewer')
  @ApiOperation({
    operationId: 'reflagCharges',
    summary: 'Flag the charges of a period by the patterns and the chart of funds of now',
    description:
      'Clear charges with a reason wait for review; flagged ones without any are clear; approved and rejected ones are looked at again only for a reason ' +
      'that they did not have. Not in a finalized period.',
  })
  @ApiOkResponse({ type: Reflagged })
  @Fails(400, 404, 409)
  async reflag(
    @Query() { dryRun }: ReviewQuery,
    @Body() { period, note, seen }: Reflag,
    @Req() request: Request,
  ): Promise<Plain<Reflagged>> {
    if (dryRun === true) {
      const { rules, effect } = await this.sweeps.preview(period);
      return { recorded: false, rulesVersion: rules.version, effect: told(effect), position: await this.store.lastPosition() };
    }
    const { rules, effect, appended } = await this.sweeps.reflag(period, { note: note ?? null, seen }, metadataOf(request));
    if (appended !== null) await this.readModels.settle(appended.position);
    const position = appended?.position ?? (await this.store.lastPosition());
    return { recorded: appended !== null, rulesVersion: rules.version, effect: told(effect), position };
  }
}

function said<Input extends object>(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Input;
}

function told({ lookedAt, changed, toReview, toClear, reasons, fundOrgPatterns }: RulesEffect): Plain<Reflagged['effect']> {
  return {
    lookedAt,
    changed: tally(changed),
    toReview: tally(toReview),
    toClear: tally(toClear),
    reasons: reasons.map(({ flag, matching, added, removed }) => ({
      flag,
      matching: tally(matching),
      added: tally(added),
      removed: tally(removed),
    })),
    fundOrgPatterns: fundOrgPatterns.map(({ pattern, taken }) => ({ pattern, taken: tally(taken) })),
  };
}

function tally({ count, amounts, samples }: ChargeTally): Reflagged['effect']['changed'] {
  return {
    count,
    amounts,
    samples: samples.map(
      ({ importId, lineNumber, standing, serviceName, resourceId, resourceName, piEmail, fundOrg, currency, amount }) => ({
        id: `${importId}-${lineNumber}`,
        ...{ standing, serviceName, resourceId, resourceName, piEmail, fundOrg, currency, amount },
      }),
    ),
  };
}
