import type { UseQueryResult } from '@tanstack/react-query';
import { given } from '../../api/given.js';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type Invoice = Schema<'InvoiceInfo'>;
export type InvoiceList = Schema<'InvoiceList'>;
export type InvoiceState = Invoice['state'];
export type InvoiceDetail = Schema<'InvoiceDetailAnswer'>;
export type ExpectedInvoice = Schema<'ExpectedInvoiceInfo'>;
export type SourceTotal = Schema<'InvoiceSourceTotal'>;
export type InvoiceImport = Schema<'InvoiceImportAnswer'>;

export interface InvoiceFilter {
  readonly source: string;
  readonly state: InvoiceState | '';
  readonly text: string;
}

/** Which invoice: an empty id is that of lines without one. */
export interface InvoicePlace {
  readonly source: string;
  readonly period: string;
  readonly invoiceId: string;
}

/** A file, and of which source its invoices are; empty if each row says so. */
export interface InvoiceUpload {
  readonly file: File;
  readonly source: string;
}

export function useInvoices(period: string | null, filter: InvoiceFilter, page: number, pageSize: number): UseQueryResult<InvoiceList> {
  const { source, state, text } = filter;
  return useRead(
    ['invoices', period, filter, page],
    () => {
      const asked = { ...given({ source, text }), ...(state === '' ? {} : { state: [state] }) };
      const query = { period: period ?? '', ...asked, limit: pageSize, offset: page * pageSize };
      return answerOf(sdk.GET('/api/v1/invoices', { params: { query } }));
    },
    { enabled: period !== null, keepLast: true },
  );
}

export function useInvoice(place: InvoicePlace | null): UseQueryResult<InvoiceDetail> {
  return useRead(
    ['invoices', 'one', place],
    () => answerOf(sdk.GET('/api/v1/invoices/details', { params: { query: place ?? { source: '', period: '' } } })),
    { enabled: place !== null },
  );
}

export function putInvoice(body: Schema<'PutInvoiceBody'>): Promise<Schema<'PutInvoiceAnswer'>> {
  return answerOf(sdk.PUT('/api/v1/invoices', { body }));
}

export function withdrawInvoice(body: Schema<'WithdrawInvoiceBody'>): Promise<Schema<'WithdrawInvoiceAnswer'>> {
  return answerOf(sdk.POST('/api/v1/invoices/withdraw', { body }));
}

export function acceptDifference(body: Schema<'AcceptDifferenceBody'>): Promise<Schema<'DifferenceAnswer'>> {
  return answerOf(sdk.POST('/api/v1/invoices/accept', { body }));
}

export function reopenDifference(body: Schema<'ReopenDifferenceBody'>): Promise<Schema<'DifferenceAnswer'>> {
  return answerOf(sdk.POST('/api/v1/invoices/reopen', { body }));
}

export function demandInvoices(body: Schema<'DemandInvoicesBody'>): Promise<Schema<'DemandInvoicesAnswer'>> {
  return answerOf(sdk.PUT('/api/v1/invoices/demands', { body }));
}

export function importInvoices({ file, source }: InvoiceUpload, dryRun: boolean): Promise<InvoiceImport> {
  return answerOf(
    sdk.POST('/api/v1/invoices/import', {
      params: { query: { dryRun, ...given({ source }) } },
      body: { file: '' },
      bodySerializer: () => {
        const form = new FormData();
        form.append('file', file, file.name);
        return form;
      },
    }),
  );
}

/** What a file would do; read once for each choice, because the file goes to the server for it. */
export function useInvoicePreview(upload: InvoiceUpload | null, key: number): UseQueryResult<InvoiceImport> {
  return useRead(
    ['invoices', 'preview', key, upload?.source],
    () => (upload === null ? Promise.reject(new Error('no file is chosen')) : importInvoices(upload, true)),
    { enabled: upload !== null, isPast: true },
  );
}
