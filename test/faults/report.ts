import type { RunReport } from './run.js';

const SHOWN_DIFFERENCES = 5;

/** A run in a few lines. */
export function describe(report: RunReport): string {
  const { run, seconds, phases, faults, result, differences, repeatedMails, disturbedMails, retriedRequests, repetitions, kept } = report;
  const again = Object.entries<readonly string[]>({ ...repetitions }).flatMap(([what, reasons]) =>
    reasons.length > 0 ? [`${what} ${reasons.length}`] : [],
  );
  const touched = Object.entries(disturbedMails)
    .map(([mischief, count]) => `${count} (${mischief})`)
    .join(' ');
  return [
    `run ${run}: ${result} after ${seconds} s (${Object.entries(phases)
      .map(([phase, took]) => `${phase} ${took}`)
      .join(', ')})`,
    ...faults.map(
      ({ kind, detail, phase, atSeconds, forSeconds }) => `  ${atSeconds} s, ${phase}: ${kind} (${detail}) for ${forSeconds} s`,
    ),
    `  requests retried ${retriedRequests}, mails repeated ${repeatedMails}, mails disturbed ${touched || 'none'}, done again by the office: ${again.join(', ') || 'nothing'}`,
    ...differences.slice(0, SHOWN_DIFFERENCES).map((difference) => `  DIFFERENT: ${difference}`),
    ...(differences.length > SHOWN_DIFFERENCES ? [`  … and ${differences.length - SHOWN_DIFFERENCES} more`] : []),
    ...(kept === null ? [] : [`  its data and logs: ${kept}`]),
  ].join('\n');
}

export interface Totals {
  readonly runs: number;
  readonly failures: number;
  readonly faults: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly repeatedMails: number;
}

export function totalsOf(reports: readonly RunReport[]): Totals {
  const byKind: Record<string, number> = {};
  for (const { kind } of reports.flatMap(({ faults }) => faults)) byKind[kind] = (byKind[kind] ?? 0) + 1;
  return {
    runs: reports.length,
    failures: reports.filter(({ result }) => result === 'different').length,
    faults: Object.values(byKind).reduce((sum, count) => sum + count, 0),
    byKind,
    repeatedMails: reports.reduce((sum, { repeatedMails }) => sum + repeatedMails, 0),
  };
}
