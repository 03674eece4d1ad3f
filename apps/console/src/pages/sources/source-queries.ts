import { useDebouncedValue } from '@mantine/hooks';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Schema } from '../../api/sdk-client.js';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type SourceDetail = Schema<'SourceDetail'>;
export type SourceChange = Schema<'SourceChange'>;
export type SourceQuality = Schema<'SourceQualityInfo'>;
export type PeriodQuality = Schema<'PeriodQualityInfo'>;
export type Settings = Required<Schema<'ChangeSource'>>;

/** Long enough not to ask at every key, short enough to answer before one looks up. */
const PAUSE_MS = 350;

export function useSource(name: string): UseQueryResult<SourceDetail> {
  return useRead(['sources', name], () => answerOf(sdk.GET('/api/v1/sources/{name}', { params: { path: { name } } })));
}

export function useSourceQuality(name: string): UseQueryResult<SourceQuality> {
  return useRead(['sources', name, 'quality'], () =>
    answerOf(sdk.GET('/api/v1/sources/{name}/quality', { params: { path: { name }, query: { periods: 12 } } })),
  );
}

export function changeSource(name: string, body: Partial<Settings>, dryRun: boolean): Promise<SourceChange> {
  return answerOf(sdk.PATCH('/api/v1/sources/{name}', { params: { path: { name }, query: { dryRun } }, body }));
}

interface Checked {
  /** Undefined until the server has said what it makes of these settings. */
  readonly check: UseQueryResult<SourceChange> | undefined;
}

/** What the server would do with settings that are not saved yet: its rules are the only ones. */
export function useCheckedChange(name: string, edited: Partial<Settings>): Checked {
  const written = JSON.stringify(edited);
  const [asked] = useDebouncedValue(written, PAUSE_MS);
  const isEmpty = asked === '{}';
  const check = useRead(['sources', name, 'check', asked], () => changeSource(name, JSON.parse(asked) as Partial<Settings>, true), {
    enabled: !isEmpty,
  });
  return { check: isEmpty || asked !== written ? undefined : check };
}

export function useGuess(fileName: string): { readonly asked: string; readonly guess: UseQueryResult<Schema<'FileNameGuessInfo'>> } {
  const [asked] = useDebouncedValue(fileName.trim(), PAUSE_MS);
  const guess = useRead(
    ['sources', 'guess', asked],
    () => answerOf(sdk.GET('/api/v1/imports/guess', { params: { query: { fileName: asked } } })),
    { enabled: asked !== '', keepLast: true },
  );
  return { asked, guess };
}
