import type { UseQueryResult } from '@tanstack/react-query';
import { type ImportUploadResult, uploadImport } from '#sdk';
import { given } from './given.js';
import { type Schema, answerOf, sdk } from './sdk-client.js';
import { useRead } from './use-read.js';

export type ImportEntry = Schema<'ImportEntry'>;
export type ImportDetail = Schema<'ImportDetail'>;
export type ImportReport = Schema<'ImportReportInfo'>;
export type Preview = Schema<'Preview'>;
export type Refusal = Schema<'Refusal'>;
export type Restatement = Schema<'RestatementInfo'>;
export type DeliveryMode = ImportReport['deliveryMode'];

/** The log tells when something ends; only how far a reading is has to be asked for. */
const WATCHING_MS = 1_000;

export interface ImportFilter {
  readonly state?: Schema<'ImportStateFilter'> | undefined;
  readonly source?: string | undefined;
}

function isBeingRead({ state, failure }: ImportEntry): boolean {
  return state === 'received' && failure === null;
}

/** Imports, newest first; looked at again and again while one of them is being read. */
export function useImports(asked: ImportFilter & { limit: number; offset: number }): UseQueryResult<Schema<'ImportList'>> {
  return useRead(['imports', asked], () => answerOf(sdk.GET('/api/v1/imports', { params: { query: given(asked) } })), {
    keepLast: true,
    lookAgain: (list) => (list?.imports.some(isBeingRead) === true ? WATCHING_MS : false),
  });
}

export function useImport(id: number, enabled = true): UseQueryResult<ImportDetail> {
  return useRead(['imports', id], () => answerOf(sdk.GET('/api/v1/imports/{id}', { params: { path: { id } } })), {
    enabled,
    lookAgain: (detail) => (detail !== undefined && isBeingRead(detail) ? WATCHING_MS : false),
  });
}

/** A dry run, until it has an outcome. */
export function usePreview(previewId: string | null): UseQueryResult<Preview> {
  return useRead(
    ['imports', 'preview', previewId],
    () => answerOf(sdk.GET('/api/v1/imports/previews/{previewId}', { params: { path: { previewId: previewId ?? '' } } })),
    {
      enabled: previewId !== null,
      // A job may count as completed a moment before its result can be read, so the outcome decides and not the state.
      lookAgain: (preview, error) => (error !== null || (preview?.outcome ?? null) !== null ? false : WATCHING_MS),
    },
  );
}

/** Where the difference to a finalized period is billed, and why. */
export interface AsAdjustments {
  readonly period: string;
  readonly reason: string;
}

export interface Upload {
  readonly file: File;
  /** Empty: guessed from the file name by the server. */
  readonly source: string;
  readonly period: string;
  readonly deliveryMode: DeliveryMode | '';
  readonly allowPartial: boolean;
  /** Null: it is imported. */
  readonly asAdjustments: AsAdjustments | null;
}

/** Hands in a file, for good or as a dry run. */
export function sendFile(
  { file, source, period, deliveryMode, allowPartial, asAdjustments }: Upload,
  dryRun: boolean,
): Promise<ImportUploadResult> {
  const booking = asAdjustments === null ? {} : { asAdjustments: asAdjustments.period, reason: asAdjustments.reason };
  const settings = { ...given({ source, period }), ...(deliveryMode === '' ? {} : { deliveryMode }), ...booking };
  return uploadImport(sdk, { file, fileName: file.name, ...settings, allowPartial, dryRun });
}

/** Ends a dry run, whatever it is doing; nobody wants its report any more. */
export function forgetPreview(previewId: string): Promise<unknown> {
  return answerOf(sdk.DELETE('/api/v1/imports/previews/{previewId}', { params: { path: { previewId } } }));
}

export async function guessOf(fileName: string): Promise<Schema<'FileNameGuessInfo'>> {
  return answerOf(sdk.GET('/api/v1/imports/guess', { params: { query: { fileName } } }));
}
