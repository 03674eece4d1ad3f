import { readFile, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { billingPeriod, DomainError } from '#kernel';
import {
  type ChangedTemplate,
  MOST_TEMPLATE_BYTES,
  SiteTemplates,
  type TemplateArea,
  TemplatePreviews,
  type TemplatePreview,
  TemplateQueries,
} from '#site-templates';
import { instant } from '../output/instant.js';
import { grouped, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';

interface AreaOptions {
  readonly area: TemplateArea;
}

export interface ShowTemplateOptions extends AreaOptions {
  readonly version?: number;
  readonly file?: 'folder' | 'shipped';
  readonly output?: string;
}

export interface SaveTemplateOptions extends AreaOptions {
  readonly name?: string;
  readonly note?: string;
  readonly expect?: number;
  readonly period?: string;
}

export interface PreviewTemplateOptions extends AreaOptions {
  readonly text?: string;
  readonly period?: string;
  readonly output?: string;
}

export interface RemoveTemplateOptions extends AreaOptions {
  readonly reason?: string;
  readonly expect?: number;
}

export interface RestoreTemplateOptions extends AreaOptions {
  readonly note?: string;
  readonly expect?: number;
}

const PLACES = { saved: 'saved here', folder: './templates', shipped: 'shipped' } as const;

export async function listTemplates(session: Session, { area }: { readonly area?: TemplateArea }): Promise<CommandResult> {
  const program = await session.program();
  const templates = (await program.get(TemplateQueries).list()).filter((row) => area === undefined || row.area === area);
  const rows = templates.map(({ area: of, name, origin, version, changedAt, changedBy, configuredAs }) => [
    ...[of, name, origin === null ? 'nowhere' : PLACES[origin], version === 0 ? '' : String(version)],
    ...[changedAt === null ? '' : instant(changedAt), changedBy ?? '', configuredAs.join(', ')],
  ]);
  const titles = [{ title: 'AREA' }, { title: 'NAME' }, { title: 'COUNTS' }, { title: 'VERSION', align: 'right' as const }];
  const more = ['CHANGED', 'BY', 'SETTING'].map((title) => ({ title }));
  return { data: { templates }, text: table([...titles, ...more], rows) };
}

export async function showTemplate(session: Session, name: string, options: ShowTemplateOptions): Promise<CommandResult> {
  const { area, version, file, output } = options;
  if (version !== undefined && file !== undefined) throw new UsageError('Give --version or --file, not both.');
  const program = await session.program();
  const templates = program.get(SiteTemplates);
  const text =
    version !== undefined
      ? await templates.textOf(area, name, version)
      : (await (file === undefined ? templates.current(area, name) : templates.file(area, name, file))).text;
  const row = await program.get(TemplateQueries).get(area, name);
  return { data: { ...row, text }, text: await shown(text, output) };
}

export async function templateVersions(session: Session, name: string, { area }: AreaOptions): Promise<CommandResult> {
  const program = await session.program();
  const versions = await program.get(TemplateQueries).versions(area, name);
  if (versions.length === 0) return { data: { versions }, text: `“${name}” was never saved here.` };
  const rows = versions.map(({ version, changedAt, action, bytes, changedBy, note }) => [
    ...[String(version), instant(changedAt), action, action === 'saved' ? grouped(String(bytes)) : '', changedBy, note ?? ''],
  ]);
  const titles = ['AT', '', 'BYTES', 'BY', 'NOTE'].map((title) => ({ title }));
  return { data: { versions }, text: table([{ title: 'VERSION', align: 'right' }, ...titles], rows) };
}

export async function saveTemplate(session: Session, file: string, options: SaveTemplateOptions): Promise<CommandResult> {
  const { area, name = basename(file), note = null, expect = null, period } = options;
  const text = await textOf(file);
  const program = await session.program();
  const input = { text, note, seenVersion: expect, period: period === undefined ? null : billingPeriod(period) };
  return changed(
    session,
    name,
    await program.get(SiteTemplates).save(area, name, input, program.metadata),
    'is saved, and counts from now on',
  );
}

export async function removeTemplate(
  session: Session,
  name: string,
  { area, reason, expect }: RemoveTemplateOptions,
): Promise<CommandResult> {
  const program = await session.program();
  const removal = { reason: reason ?? null, seenVersion: expect ?? null };
  const outcome = await program.get(SiteTemplates).remove(area, name, removal, program.metadata);
  await program.settle();
  const { origin } = await program.get(TemplateQueries).get(area, name);
  const now =
    origin === null
      ? 'there is none of that name now'
      : `the one ${origin === 'shipped' ? 'that is shipped' : 'in ./templates'} counts again`;
  return changed(session, name, outcome, `is removed; ${now}`);
}

export async function restoreTemplate(
  session: Session,
  name: string,
  version: number,
  { area, note, expect }: RestoreTemplateOptions,
): Promise<CommandResult> {
  const program = await session.program();
  const input = { version, note: note ?? null, seenVersion: expect ?? null };
  const outcome = await program.get(SiteTemplates).restore(area, name, input, program.metadata);
  return changed(session, name, outcome, `is version ${version} again`);
}

export async function previewTemplate(session: Session, name: string, options: PreviewTemplateOptions): Promise<CommandResult> {
  const { area, text: file, period, output } = options;
  const text = file === undefined ? null : await textOf(file);
  const program = await session.program();
  const preview = await program.get(TemplatePreviews).preview(area, name, text, period === undefined ? null : billingPeriod(period));
  const { failure, written } = preview;
  session.terminal.note(aboutTrial(preview, period));
  if (failure !== null || written === null) {
    const { template, line, expression, reason } = failure ?? { template: name, line: null, expression: null, reason: 'it wrote nothing' };
    const where = [template, ...(line === null ? [] : [`line ${line}`]), ...(expression === null ? [] : [`“${expression}”`])].join(', ');
    return { data: preview, text: `${where}: ${reason}`, failed: true };
  }
  if (written.isCapped) session.terminal.note(`note: this is the beginning of ${grouped(String(written.lineCount))} lines.`);
  return { data: preview, text: await shown(written.text, output) };
}

function aboutTrial({ period, about }: TemplatePreview, asked: string | undefined): string {
  const { entryCount, debits, credits, recipient, subject } = about;
  const lacking = entryCount === null ? 'No statement is made of' : 'Nothing is billed in';
  const sample = asked === undefined ? 'With samples' : `${lacking} ${asked}, so with samples`;
  const facts =
    entryCount === null
      ? `to ${recipient ?? '?'}, “${subject ?? ''}”`
      : `${entryCount} entries, debits ${debits ?? '?'}, credits ${credits ?? '?'}`;
  return `note: ${period ?? sample}: ${facts}.`;
}

async function changed(session: Session, name: string, { version, appended }: ChangedTemplate, what: string): Promise<CommandResult> {
  const program = await session.program();
  await program.settle();
  const text = appended === null ? `“${name}” is so already (version ${version}).` : `“${name}” ${what} (version ${version}).`;
  return { data: { name, version, changed: appended !== null }, text };
}

async function shown(text: string, output: string | undefined): Promise<string> {
  if (output !== undefined) {
    const file = resolve(output);
    await writeFile(file, text);
    return file;
  }
  // What would steer a terminal stays outside; line breaks and tabs are a template's own.
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '\ufffd');
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new UsageError(`There is no file ${file}.`);
    throw error;
  });
  if (bytes.length > MOST_TEMPLATE_BYTES + 3)
    throw new DomainError('template.invalid', 'invalid', `${file} has ${bytes.length} bytes, and a template up to ${MOST_TEMPLATE_BYTES}.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DomainError('template.invalid', 'invalid', `${file} is not written in UTF-8; save it so.`);
  }
}
