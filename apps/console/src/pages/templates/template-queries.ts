import type { UseQueryResult } from '@tanstack/react-query';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type Template = Schema<'TemplateListing'>;
export type TemplateArea = Template['area'];
export type TemplateOrigin = Schema<'TemplateOrigin'>;
export type TemplateVersion = Schema<'TemplateVersionInfo'>;
export type TemplatePreview = Schema<'TemplatePreviewInfo'>;

export interface TemplateKey {
  readonly area: TemplateArea;
  readonly name: string;
}

/** Which text of a template: as it counts, of a version, or of a file. */
export type Wanted = 'current' | { readonly version: number } | { readonly file: 'folder' | 'shipped' };

export function useTemplates(): UseQueryResult<readonly Template[]> {
  return useRead(['templates'], async () => (await answerOf(sdk.GET('/api/v1/templates'))).templates);
}

export function readTemplate({ area, name }: TemplateKey, wanted: Wanted): Promise<Schema<'TemplateText'>> {
  const query = wanted === 'current' ? {} : wanted;
  return answerOf(sdk.GET('/api/v1/templates/{area}/{name}', { params: { path: { area, name }, query } }));
}

export function useTemplateText(key: TemplateKey, wanted: Wanted, enabled = true): UseQueryResult<Schema<'TemplateText'>> {
  return useRead(['templates', key.area, key.name, wanted], () => readTemplate(key, wanted), { enabled });
}

export function useTemplateVersions({ area, name }: TemplateKey): UseQueryResult<readonly TemplateVersion[]> {
  return useRead(
    ['templates', area, name, 'versions'],
    async () => (await answerOf(sdk.GET('/api/v1/templates/{area}/{name}/versions', { params: { path: { area, name } } }))).versions,
  );
}

/** @param text null: as it counts now; @param period null: with sample entries */
export function useTemplatePreview(
  key: TemplateKey,
  text: string | null,
  period: string | null,
  enabled: boolean,
): UseQueryResult<TemplatePreview> {
  return useRead(
    ['templates', key.area, key.name, 'preview', period, text],
    () =>
      answerOf(
        sdk.POST('/api/v1/templates/preview', {
          body: { ...key, ...(text === null ? {} : { text }), ...(period === null ? {} : { period }) },
        }),
      ),
    { enabled, keepLast: true },
  );
}

export function saveTemplate({ area, name }: TemplateKey, body: Schema<'SaveTemplateBody'>): Promise<Schema<'ChangedTemplateInfo'>> {
  return answerOf(sdk.PUT('/api/v1/templates/{area}/{name}', { params: { path: { area, name } }, body }));
}

export function removeTemplate({ area, name }: TemplateKey, body: Schema<'RemoveTemplateBody'>): Promise<Schema<'ChangedTemplateInfo'>> {
  return answerOf(sdk.POST('/api/v1/templates/{area}/{name}/remove', { params: { path: { area, name } }, body }));
}

export function restoreTemplate({ area, name }: TemplateKey, body: Schema<'RestoreTemplateBody'>): Promise<Schema<'ChangedTemplateInfo'>> {
  return answerOf(sdk.POST('/api/v1/templates/{area}/{name}/restore', { params: { path: { area, name } }, body }));
}
