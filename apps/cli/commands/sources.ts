import { type DeliveryMode, type SourceInput, SourceQueries, SourceRegistry } from '#sources';
import { table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';

export interface AddSourceOptions {
  readonly displayName?: string;
  readonly type?: string;
  readonly pattern?: string;
  readonly fundOrg?: string;
  readonly accountCode?: string;
  readonly mode?: DeliveryMode;
  readonly costBasis?: 'billed' | 'effective';
  readonly dateFormat?: string;
  readonly lineIdColumn?: string;
}

export async function listSources(session: Session): Promise<CommandResult> {
  const sources = await (await session.program()).get(SourceQueries).list();
  if (sources.length === 0) return { data: { sources }, text: 'There are no sources yet; the first import of one registers it.' };
  const titles = ['NAME', 'DISPLAY NAME', 'FILE NAMES', 'FUND/ORG', 'ACCOUNT', 'MODE', 'COST', ''];
  const rows = sources.map((source) => [
    source.name,
    source.displayName,
    source.pattern,
    source.fundOrg || '–',
    source.accountCode || '–',
    source.deliveryMode,
    source.costBasis,
    source.enabled ? '' : 'disabled',
  ]);
  return {
    data: { sources },
    text: table(
      titles.map((title) => ({ title })),
      rows,
    ),
  };
}

export async function addSource(session: Session, name: string, options: AddSourceOptions): Promise<CommandResult> {
  if (options.type !== undefined) session.terminal.note('note: --type has no use here: every source is imported from files.');
  const program = await session.program();
  const input: SourceInput = {
    ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
    ...(options.pattern === undefined ? {} : { pattern: options.pattern }),
    ...(options.fundOrg === undefined ? {} : { fundOrg: options.fundOrg }),
    ...(options.accountCode === undefined ? {} : { accountCode: options.accountCode }),
    ...(options.mode === undefined ? {} : { deliveryMode: options.mode }),
    ...(options.costBasis === undefined ? {} : { costBasis: options.costBasis }),
    ...(options.dateFormat === undefined ? {} : { dateFormat: options.dateFormat }),
    ...(options.lineIdColumn === undefined ? {} : { lineIdColumn: options.lineIdColumn }),
  };
  await program.get(SourceRegistry).register(name, input, program.metadata);
  await program.settle();
  const source = await program.get(SourceRegistry).find(name);
  const title = source?.displayName ?? name;
  return { data: { source }, text: `Source ${title} is registered.` };
}

export async function showSyncStatus(session: Session): Promise<CommandResult> {
  const sources = await (await session.program()).get(SourceQueries).statuses();
  if (sources.length === 0) return { data: { sources }, text: 'There are no sources yet; the first import of one registers it.' };
  const rows = sources.map((source) => [
    source.name,
    source.lastImportAt?.toISOString().slice(0, 19).replace('T', ' ') ?? 'never',
    source.lastImportId === null ? '' : String(source.lastImportId),
    source.lastState ?? '',
  ]);
  return {
    data: { sources },
    text: table([{ title: 'SOURCE' }, { title: 'LAST IMPORT (UTC)' }, { title: 'IMPORT', align: 'right' }, { title: 'STATE' }], rows),
  };
}
