import {
  type CostBasis,
  type DeliveryMode,
  type SettingChange,
  type SourceInput,
  SourceQueries,
  SourceRegistry,
  type SourceSetting,
  type SourceSettings,
} from '#sources';
import { table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';

/** Settings as the options of `add` and `set` name them. */
export interface SettingOptions {
  readonly displayName?: string;
  readonly pattern?: string;
  readonly fundOrg?: string;
  readonly accountCode?: string;
  readonly mode?: DeliveryMode;
  readonly costBasis?: CostBasis;
  readonly dateFormat?: string;
  readonly lineIdColumn?: string;
  readonly inclusivePeriodEnds?: boolean;
}

export interface AddSourceOptions extends SettingOptions {
  readonly type?: string;
}

export interface SetSourceOptions extends SettingOptions {
  readonly dryRun?: boolean;
}

const TITLES: Readonly<Record<SourceSetting, string>> = {
  displayName: 'display name',
  pattern: 'file names',
  fundOrg: 'credit fund/org',
  accountCode: 'account',
  deliveryMode: 'delivery mode',
  costBasis: 'cost basis',
  dateFormat: 'date format',
  lineIdColumn: 'line id column',
  inclusivePeriodEnds: 'inclusive period ends',
  enabled: 'enabled',
};

export async function listSources(session: Session): Promise<CommandResult> {
  const sources = await (await session.program()).get(SourceQueries).list();
  if (sources.length === 0) return { data: { sources }, text: 'There are no sources yet; the first import of one registers it.' };
  const titles = ['NAME', 'DISPLAY NAME', 'FILE NAMES', 'FUND/ORG', 'ACCOUNT', 'MODE', 'COST', ''];
  const rows = sources.map((source) => [
    source.name,
    source.displayName,
    source.pattern || '–',
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

export async function showSource(session: Session, name: string): Promise<CommandResult> {
  const registry = (await session.program()).get(SourceRegistry);
  const source = await registry.get(name);
  const statedInConfig = registry.statedInConfig(name);
  const rows = (Object.keys(TITLES) as SourceSetting[]).map((setting) => [
    TITLES[setting],
    asText(source[setting]),
    statedInConfig.includes(setting) ? 'from the configuration file' : '',
  ]);
  return { data: { source, statedInConfig }, text: table([{ title: source.name }, { title: '' }, { title: '' }], rows) };
}

export async function addSource(session: Session, name: string, options: AddSourceOptions): Promise<CommandResult> {
  if (options.type !== undefined) session.terminal.note('note: --type has no use here: every source is imported from files.');
  const program = await session.program();
  await program.get(SourceRegistry).register(name, inputOf(options), program.metadata);
  await program.settle();
  const source: SourceSettings = await program.get(SourceRegistry).get(name);
  return { data: { source }, text: `Source ${source.displayName} is registered.` };
}

export async function setSource(session: Session, name: string, options: SetSourceOptions): Promise<CommandResult> {
  const input = inputOf(options);
  if (Object.keys(input).length === 0) {
    throw new UsageError(`Say what to change, such as --fund-org or --date-format; “sources show ${name}” shows how it is set.`);
  }
  return change(session, name, input, options.dryRun === true);
}

export async function enableSource(session: Session, name: string, enabled: boolean): Promise<CommandResult> {
  return change(session, name, { enabled }, false);
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

async function change(session: Session, name: string, input: SourceInput, isDryRun: boolean): Promise<CommandResult> {
  const program = await session.program();
  const registry = program.get(SourceRegistry);
  const { changes } = isDryRun ? await registry.tryChange(name, input) : await registry.change(name, input, program.metadata);
  await program.settle();
  const source = await registry.get(name);
  const passing = changes.filter(({ setting }) => registry.statedInConfig(name).includes(setting));
  if (passing.length > 0) {
    const which = passing.map(({ setting }) => TITLES[setting]).join(', ');
    session.terminal.note(`note: the configuration file sets ${which}, and what it says holds again at the next start; change it there.`);
  }
  return { data: { source, changes }, text: describeChanges(source, changes, isDryRun) };
}

function describeChanges(source: SourceSettings, changes: readonly SettingChange[], isDryRun: boolean): string {
  if (changes.length === 0) return `Source ${source.displayName} is set so already.`;
  const lines = changes.map(({ setting, before, after }) => `  ${TITLES[setting]}: ${asText(before)} → ${asText(after)}`);
  return [`Source ${source.displayName} ${isDryRun ? 'would be' : 'is'} changed:`, ...lines].join('\n');
}

function asText(value: string | boolean): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value || '–';
}

function inputOf({ mode, ...options }: AddSourceOptions & SetSourceOptions): SourceInput {
  const { displayName, pattern, fundOrg, accountCode, costBasis, dateFormat, lineIdColumn, inclusivePeriodEnds } = options;
  const input = {
    displayName,
    pattern,
    fundOrg,
    accountCode,
    deliveryMode: mode,
    costBasis,
    dateFormat,
    lineIdColumn,
    inclusivePeriodEnds,
  };
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
