import { type PeriodQuality, type SourceQuality, SourceQualityQueries, SourceRegistry } from '#sources';
import { table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';

export interface QualityOptions {
  readonly periods: number;
  readonly imports?: boolean;
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  piEmail: 'PI',
  projectId: 'project',
  fundOrg: 'fund/org',
  costCenter: 'cost centre',
  accountCode: 'account',
};

export async function showSourceQuality(session: Session, name: string, options: QualityOptions): Promise<CommandResult> {
  const program = await session.program();
  const source = await program.get(SourceRegistry).get(name);
  const quality = await program.get(SourceQualityQueries).of(source.name, options.periods);
  const data = { source: source.name, periods: quality.periods, imports: quality.imports };
  if (quality.imports.length === 0) return { data, text: `Nothing was imported from ${source.displayName} yet.` };
  const parts = [periodTable(quality), ...quality.periods.slice(0, 1).flatMap(describeNewest), ...notesOn(quality.periods)];
  if (options.imports === true) parts.push(importTable(quality));
  return { data, text: parts.join('\n\n') };
}

function periodTable({ periods }: SourceQuality): string {
  const fields = Object.entries(FIELD_WORDS);
  const titles = [
    'IMPORTS',
    'LINES',
    'FLAGGED',
    'ROWS REFUSED',
    ...fields.map(([, word]) => `NO ${word.toUpperCase()}`),
    'COLUMNS MISSING',
  ];
  const rows = periods.map((period) => [
    period.period,
    String(period.importCount),
    period.lineCount.toLocaleString('en'),
    percent(period.flagged.share),
    percent(period.refused.share),
    ...fields.map(([field]) => percent(period.unattributed?.find((found) => found.field === field)?.share)),
    period.missingColumns === null ? '–' : String(period.missingColumns.length),
  ]);
  return table([{ title: 'PERIOD' }, ...titles.map((title) => ({ title, align: 'right' as const }))], rows);
}

function describeNewest(newest: PeriodQuality): string[] {
  const parts: string[] = [];
  if (newest.flags.length > 0) {
    const rows = newest.flags.map(({ flag, lineCount, share }) => [flag, lineCount.toLocaleString('en'), percent(share)]);
    parts.push(table([{ title: `FLAGS ${newest.period}` }, { title: 'LINES', align: 'right' }, { title: 'SHARE', align: 'right' }], rows));
  }
  for (const level of ['Mandatory', 'Conditional', 'Recommended']) {
    const missing = (newest.missingColumns ?? []).filter((column) => column.level === level);
    if (missing.length > 0) parts.push(`${level} columns missing in ${newest.period}: ${missing.map(({ column }) => column).join(', ')}`);
  }
  return parts;
}

function notesOn(periods: readonly PeriodQuality[]): string[] {
  const notes: string[] = [];
  const total = (count: (period: PeriodQuality) => number): number => periods.reduce((sum, period) => sum + count(period), 0);
  if (total((period) => period.unmeasuredImportCount) > 0) {
    notes.push('–: imports older than the figures on attribution and columns.');
  }
  if (total((period) => period.sharedImportCount) > 0) {
    notes.push('A file with lines of several periods counts as a whole in each of them.');
  }
  if (total((period) => period.refusedImportCount + period.withdrawnImportCount) > 0) {
    notes.push('Refused and withdrawn imports are left out; --imports lists them.');
  }
  return notes.length === 0 ? [] : [notes.join('\n')];
}

function importTable({ imports }: SourceQuality): string {
  const rows = imports.map((file) => [
    String(file.importId),
    file.state,
    file.periods.join(' '),
    file.focusVersion ?? '–',
    file.lineCount.toLocaleString('en'),
    file.flaggedLineCount.toLocaleString('en'),
    file.refusedRowCount.toLocaleString('en'),
    file.missingColumns === null ? '–' : String(file.missingColumns.length),
    file.fileName,
  ]);
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
  const counts = ['LINES', 'FLAGGED', 'ROWS REFUSED', 'COLUMNS MISSING'].map(right);
  return table([right('IMPORT'), { title: 'STATE' }, { title: 'PERIODS' }, { title: 'FOCUS' }, ...counts, { title: 'FILE' }], rows);
}

/** `1.3 %`; a share too small to print is not shown as none. */
function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return '–';
  if (share > 0 && share < 0.001) return '< 0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}
