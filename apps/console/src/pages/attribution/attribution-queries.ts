import type { UseQueryResult } from '@tanstack/react-query';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';
import type { DivisionDraft } from '../splits/division.js';

export type Rule = Schema<'AttributionRuleInfo'>;
export type RuleVersion = Schema<'AttributionRuleVersion'>;
export type RuleDetail = Schema<'AttributionRuleDetail'>;
export type RuleEffect = Schema<'RuleEffectInfo'>;
export type RuleInput = Schema<'ChangeRuleBody'>;
export type RulePreview = Schema<'PreviewRuleBody'>;
type Saved = Schema<'SavedRuleAnswer'>;

/** What an editor begins with: texts as they are typed. */
export interface RuleDraft {
  readonly name: string;
  readonly match: Required<Schema<'RuleMatchInput'>>;
  readonly set: Required<Schema<'RuleAttributionInput'>>;
  /** Null: one payer. */
  readonly division: DivisionDraft | null;
}

export function useRules(): UseQueryResult<readonly Rule[]> {
  return useRead(['attribution-rules'], async () => (await answerOf(sdk.GET('/api/v1/attribution-rules'))).rules);
}

export function useRule(ruleId: number | null): UseQueryResult<RuleDetail> {
  return useRead(
    ['attribution-rules', ruleId],
    () => answerOf(sdk.GET('/api/v1/attribution-rules/{ruleId}', { params: { path: { ruleId: ruleId ?? 0 } } })),
    { enabled: ruleId !== null },
  );
}

/** What a rule would make of the charges of open periods; null: nothing is asked. */
export function useEffectOf(asked: RulePreview | null): UseQueryResult<RuleEffect> {
  return useRead(
    ['attribution-rules', 'effect', asked],
    () => answerOf(sdk.POST('/api/v1/attribution-rules/preview', { body: asked ?? {} })),
    { enabled: asked !== null },
  );
}

export function saveRule(ruleId: number | null, body: RuleInput): Promise<Saved> {
  return ruleId === null
    ? answerOf(sdk.POST('/api/v1/attribution-rules', { body }))
    : answerOf(sdk.PATCH('/api/v1/attribution-rules/{ruleId}', { params: { path: { ruleId } }, body }));
}

export function moveRule(ruleId: number, place: number): Promise<Saved> {
  return answerOf(sdk.POST('/api/v1/attribution-rules/{ruleId}/move', { params: { path: { ruleId } }, body: { place } }));
}

export function disableRule(ruleId: number, reason: string): Promise<Saved> {
  const body = reason === '' ? {} : { reason };
  return answerOf(sdk.POST('/api/v1/attribution-rules/{ruleId}/disable', { params: { path: { ruleId } }, body }));
}

export function enableRule(ruleId: number): Promise<Saved> {
  return answerOf(sdk.POST('/api/v1/attribution-rules/{ruleId}/enable', { params: { path: { ruleId } } }));
}

/** Changes what the preview showed, or nothing. */
export function applyRule(
  ruleId: number,
  { count, amounts }: RuleEffect,
  options: { readonly withReattributed: boolean; readonly note: string },
): Promise<Schema<'AppliedRuleAnswer'>> {
  const { withReattributed, note } = options;
  const body = { withReattributed, seen: { count, amounts: [...amounts] }, ...(note === '' ? {} : { note }) };
  return answerOf(sdk.POST('/api/v1/attribution-rules/{ruleId}/apply', { params: { path: { ruleId } }, body }));
}
