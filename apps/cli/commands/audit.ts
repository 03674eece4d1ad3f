import { type AuditReport, VerifyAuditHandler } from '#audit';
import { formatSeal, LogSealer } from '#event-store';
import { grouped, printable, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';

/** Reading and hashing the log, the lines, the files: how the bar is shared among them. */
const STEPS = {
  log: { from: 0, to: 0.4 },
  lines: { from: 0.4, to: 0.8 },
  files: { from: 0.8, to: 1 },
} as const;
const MEBIBYTE = 1024 * 1024;

/** `audit verify`. */
export async function verifyAudit(session: Session, { since }: { readonly since?: string }): Promise<CommandResult> {
  const program = await session.program();
  const progress = await session.progress('Verifying');
  try {
    const report = await program.get(VerifyAuditHandler).verify(since, (step, share, detail) => {
      const { from, to } = STEPS[step];
      progress.update(from + (to - from) * share, detail);
    });
    const failed = report.findings.length > 0;
    return { data: { ok: !failed, since: since ?? null, ...report }, text: describe(report, since), failed };
  } finally {
    progress.end();
  }
}

/** `audit seal`. */
export async function sealLog(session: Session): Promise<CommandResult> {
  const program = await session.program();
  const seal = await program.get(LogSealer).seal(program.metadata);
  if (seal === undefined) return { data: { seal: null }, text: 'The log is empty: there is nothing to seal.' };
  const name = formatSeal(seal);
  const data = { seal: name, version: seal.version, position: seal.position, hash: seal.hash, sealedAt: seal.sealedAt };
  return { data, text: `Seal ${name} of ${seal.sealedAt.toISOString()} covers the log up to position ${seal.data.upTo.position}.` };
}

function describe(report: AuditReport, since: string | undefined): string {
  const { log } = report;
  const seals = log.lastSeal === null ? 'none yet' : `${grouped(String(log.sealCount))}, the newest ${log.lastSeal}`;
  const younger = log.unsealedCount === 0 ? '' : `; ${counted(log.unsealedCount, 'event is', 'events are')} younger`;
  const checked = table(
    [{ title: 'CHECKED' }, { title: since === undefined ? 'ALL OF IT' : `AFTER SEAL ${since}` }],
    [
      ['log', `${counted(log.eventCount, 'event', 'events')} in ${counted(log.streamCount, 'stream', 'streams')}`],
      ['seals', seals + younger],
      ['lines', `${counted(report.lineCount, 'line', 'lines')} of ${counted(report.importCount, 'import', 'imports')}`],
      ['journals', `what ${counted(report.journalCount, 'journal books', 'journals book')}`],
      ['files', `${counted(report.fileCount, 'file', 'files')}, ${(report.fileBytes / MEBIBYTE).toFixed(1)} MiB`],
    ],
  );
  if (report.findings.length === 0) return `${checked}\n\nEverything is as it was recorded.`;
  const findings = report.findings.map(({ kind, what }) => `${kind}: ${printable(what)}`);
  return `${checked}\n\n${counted(findings.length, 'thing is', 'things are')} not as recorded:\n\n${findings.join('\n')}`;
}

function counted(count: number, one: string, many: string): string {
  return `${grouped(String(count))} ${count === 1 ? one : many}`;
}
