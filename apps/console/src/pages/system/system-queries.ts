import type { UseQueryResult } from '@tanstack/react-query';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type FailedJob = Schema<'FailedJobInfo'>;

const LOOK_MS = 5000;

export function useFailedJobs(): UseQueryResult<readonly FailedJob[]> {
  return useRead(['jobs'], async () => (await answerOf(sdk.GET('/api/v1/jobs'))).failed, { lookAgain: () => LOOK_MS });
}
