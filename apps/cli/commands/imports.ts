import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { CancelImportHandler, ImportFiles, type ImportFilter, ImportQueries, type ImportRow, WithdrawImportHandler } from '#imports';
import { billingPeriod, DomainError } from '#kernel';
import { table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import { refuseFileBesideJson, STANDARD_OUTPUT, writeOutput } from './copy-stored-file.js';

interface ListOptions {
  readonly period?: string;
  readonly source?: string;
  readonly state?: Exclude<ImportFilter['state'], undefined>;
  readonly limit: string;
}

/** What became of one import that was to be cancelled. */
interface Cancelled {
  readonly importId: number;
  readonly cancelled: boolean;
  /** Why not. */
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

export async function listImports(session: Session, options: ListOptions): Promise<CommandResult> {
  const limit = Number(options.limit);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError(`--limit takes a whole number from 1 on, not “${options.limit}”.`);
  const { period, source, state } = options;
  const filter: ImportFilter = {
    ...(period !== undefined && { period: billingPeriod(period) }),
    ...(source !== undefined && { source }),
    ...(state !== undefined && { state }),
  };
  const queries = (await session.program()).get(ImportQueries);
  const [rows, count] = [await queries.list(filter, { limit, offset: 0 }), await queries.count(filter)];
  const imports = rows.map(({ report: _report, ...row }) => row);
  if (count === 0) return { data: { imports, count }, text: 'There are no such imports.' };
  const columns = [
    { title: 'ID', align: 'right' as const },
    ...['SOURCE', 'FILE', 'STATE', 'PERIODS'].map((title) => ({ title })),
    { title: 'LINES', align: 'right' as const },
    ...['RECEIVED (UTC)', 'BY', 'WHY'].map((title) => ({ title })),
  ];
  const more = count > rows.length ? `\n${count - rows.length} more; --limit shows them.` : '';
  return { data: { imports, count }, text: `${table(columns, rows.map(cellsOf))}${more}` };
}

/** Cancels each for itself. What reads one stops within a second or two. */
export async function cancelImports(session: Session, ids: readonly string[], reason: string | null): Promise<CommandResult> {
  const importIds = ids.map(importIdOf);
  const program = await session.program();
  const imports: Cancelled[] = [];
  for (const importId of importIds) {
    try {
      await program.get(CancelImportHandler).execute(importId, reason, program.metadata);
      imports.push({ importId, cancelled: true, problem: null });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      imports.push({ importId, cancelled: false, problem: { code: error.code, detail: error.detail } });
    }
  }
  await program.settle();
  return {
    data: { imports },
    text: imports
      .map(({ importId, problem }) => problem?.detail ?? `Import ${importId} is cancelled; its file can be imported again.`)
      .join('\n'),
    failed: imports.some(({ cancelled }) => !cancelled),
  };
}

/** @throws DomainError `import.not-recorded`, `period.wrong-state`. */
export async function withdrawImport(session: Session, id: string, reason: string): Promise<CommandResult> {
  const importId = importIdOf(id);
  const program = await session.program();
  await program.get(WithdrawImportHandler).execute(importId, reason, program.metadata);
  await program.settle();
  return { data: { importId }, text: `Import ${importId} is withdrawn: none of its lines counts any more.` };
}

/**
 * Gives back the file of an import, byte for byte. Without `output` it goes under its own name into the folder at hand, where it replaces nothing.
 * @throws DomainError `import.unknown`, `import.file-lost`, `output.exists`, `output.not-writable`
 */
export async function copyImportFile(session: Session, id: string, { output }: { readonly output?: string }): Promise<CommandResult> {
  const importId = importIdOf(id);
  refuseFileBesideJson(output, session);
  const program = await session.program();
  const { source, fileName, sha256, bytes, state } = await program.get(ImportQueries).get(importId);
  const { mediaType, content } = await program.get(ImportFiles).open({ importId, fileName, sha256 });
  const data = { importId, source, fileName, sha256, bytes, state, mediaType };
  if (output === STANDARD_OUTPUT) {
    await session.terminal.bytes(content);
    return { data, text: '' };
  }
  const file = resolve(output ?? ownName(importId, fileName));
  if (output === undefined && existsSync(file)) {
    content.destroy();
    throw new DomainError(
      'output.exists',
      'conflict',
      `${file} is there already. Name another place with -o; -o with the same one replaces it.`,
    );
  }
  await writeOutput(content, file);
  return { data: { ...data, file }, text: `${file}\n${bytes} bytes, SHA-256 ${sha256}` };
}

/** Whoever uploads a file names it; nothing of that leads out of the folder. */
function ownName(importId: number, fileName: string): string {
  const name = basename(fileName.replaceAll('\\', '/'));
  return /^\.*$/.test(name) ? `import_${importId}.csv` : name;
}

function cellsOf(row: ImportRow): string[] {
  return [
    String(row.importId),
    row.source,
    row.fileName,
    row.failure === null ? (row.state === 'received' ? 'to be read' : row.state) : 'failed',
    row.periods.join(' '),
    String(row.lineCount),
    row.receivedAt.toISOString().slice(0, 19).replace('T', ' '),
    row.receivedBy,
    row.failure?.reason ?? row.refusal?.reason ?? row.endReason ?? '',
  ];
}

function importIdOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`An import is named by its number, as openchargeback imports list shows it, not “${text}”.`);
  return Number(text);
}
