import type { UseQueryResult } from '@tanstack/react-query';
import { given } from '../../api/given.js';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type Delivery = Schema<'Delivery'>;
export type DeliveryList = Schema<'DeliveryList'>;
export type DeliveryStatus = Delivery['status'];
export type Message = Schema<'MessagePreview'>;
export type Delegates = Schema<'DelegatesInfo'>;
export type SuppressionList = Schema<'SuppressionList'>;
export type MailSettings = Schema<'MailSettings'>;

export interface LogFilter {
  readonly period: string;
  readonly status: DeliveryStatus | '';
  readonly search: string;
}

const WATCHING_MS = 900;

/** One page of the email log; watched while a message of it waits. */
export function useMailLog({ period, status, search }: LogFilter, page: number, limit: number): UseQueryResult<DeliveryList> {
  const query = { ...given({ period, search }), ...(status === '' ? {} : { status }), limit, offset: page * limit };
  return useRead(['deliveries', 'log', query], () => answerOf(sdk.GET('/api/v1/deliveries', { params: { query } })), {
    keepLast: true,
    lookAgain: (list) => (list?.deliveries.some((each) => each.status === 'queued') === true ? WATCHING_MS : false),
  });
}

export function useDelivery(id: string | null): UseQueryResult<Delivery> {
  return useRead(['deliveries', 'one', id], () => answerOf(sdk.GET('/api/v1/deliveries/{id}', { params: { path: { id: id ?? '' } } })), {
    enabled: id !== null,
    lookAgain: (delivery) => (delivery?.status === 'queued' ? WATCHING_MS : false),
  });
}

/** What a message of the log says. `state`: read anew when it changes. */
export function useDeliveryMessage(id: string, state: DeliveryStatus): UseQueryResult<Schema<'DeliveryMessage'>> {
  return useRead(['deliveries', 'message', id, state], () =>
    answerOf(sdk.GET('/api/v1/deliveries/{id}/message', { params: { path: { id } } })),
  );
}

export function emlAddress(id: string): string {
  return `/api/v1/deliveries/${encodeURIComponent(id)}/message.eml`;
}

export function useMailSettings(): UseQueryResult<MailSettings> {
  return useRead(['mail', 'settings'], () => answerOf(sdk.GET('/api/v1/mail')));
}

export function useSuppressions(): UseQueryResult<SuppressionList> {
  return useRead(['mail', 'suppressions'], () => answerOf(sdk.GET('/api/v1/mail/suppressions')));
}

export function useDelegates(): UseQueryResult<readonly Delegates[]> {
  return useRead(['mail', 'delegates'], async () => (await answerOf(sdk.GET('/api/v1/mail/delegates'))).delegates);
}

export function resend(id: string): Promise<Schema<'QueuedMessages'>> {
  return answerOf(sdk.POST('/api/v1/deliveries/{id}/resend', { params: { path: { id } } }));
}

export function resendFailed(period: string): Promise<Schema<'QueuedMessages'>> {
  return answerOf(sdk.POST('/api/v1/periods/{period}/deliveries/resend-failed', { params: { path: { period } } }));
}

export function suppress(address: string, reason: string): Promise<Schema<'ChangedAddress'>> {
  return answerOf(sdk.POST('/api/v1/mail/suppressions', { body: { address, reason } }));
}

export function release(address: string, reason: string): Promise<Schema<'ChangedAddress'>> {
  return answerOf(sdk.POST('/api/v1/mail/suppressions/release', { body: { address, ...given({ reason }) } }));
}

export function setDelegates(piEmail: string, projectId: string, addresses: readonly string[]): Promise<Schema<'ChangedDelegates'>> {
  return answerOf(sdk.PUT('/api/v1/mail/delegates', { body: { piEmail, ...given({ projectId }), addresses: [...addresses] } }));
}

export function sendTestMail(to: string): Promise<Schema<'TestMailResult'>> {
  return answerOf(sdk.POST('/api/v1/mail/test', { body: { to } }));
}
