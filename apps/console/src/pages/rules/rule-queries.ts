import type { UseQueryResult } from '@tanstack/react-query';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type Rules = Schema<'ReviewRulesInfo'>;
export type RulesEffect = Schema<'RulesEffectInfo'>;
export type ReasonEffect = Schema<'ReasonEffectInfo'>;
export type ChargeTally = Schema<'ChargeTallyInfo'>;
export type Reflagged = Schema<'Reflagged'>;
export type PatternList = 'flagPatterns' | 'fundOrgPatterns';
export type Patterns = Readonly<Record<PatternList, readonly string[]>>;

export function useRules(): UseQueryResult<Rules> {
  return useRead(['review-rules'], () => answerOf(sdk.GET('/api/v1/review/rules')));
}

/** What patterns that are not saved would do in a period. */
export function testRules(period: string, { flagPatterns, fundOrgPatterns }: Patterns): Promise<Schema<'RulesTrialInfo'>> {
  const body = { period, flagPatterns: [...flagPatterns], fundOrgPatterns: [...fundOrgPatterns] };
  return answerOf(sdk.POST('/api/v1/review/rules/test', { body }));
}

/** @param version of the rules that were edited: what somebody else saved meanwhile is not written over */
export function saveRules({ flagPatterns, fundOrgPatterns }: Patterns, version: number): Promise<Schema<'SetReviewRulesAnswer'>> {
  const body = { flagPatterns: [...flagPatterns], fundOrgPatterns: [...fundOrgPatterns], version };
  return answerOf(sdk.PUT('/api/v1/review/rules', { body }));
}

export function previewReflag(period: string): Promise<Reflagged> {
  return answerOf(sdk.POST('/api/v1/review/reflag', { params: { query: { dryRun: true } }, body: { period } }));
}

/** Does what the preview showed, or nothing. */
export function reflag(period: string, note: string, { count, amounts }: ChargeTally): Promise<Reflagged> {
  const body = { period, seen: { count, amounts: [...amounts] }, ...(note === '' ? {} : { note }) };
  return answerOf(sdk.POST('/api/v1/review/reflag', { body }));
}
