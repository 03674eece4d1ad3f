import type { UseQueryResult } from '@tanstack/react-query';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type User = Schema<'UserInfo'>;
export type ApiKey = Schema<'KeyInfo'>;
export type IssuedKey = Schema<'IssuedKeyInfo'>;
export type Scope = ApiKey['scopes'][number];

export function useUsers(): UseQueryResult<readonly User[]> {
  return useRead(['people', 'users'], async () => (await answerOf(sdk.GET('/api/v1/users'))).users);
}

export function useApiKeys(): UseQueryResult<readonly ApiKey[]> {
  return useRead(['people', 'keys'], async () => (await answerOf(sdk.GET('/api/v1/keys'))).keys);
}
