import { DomainError } from '#kernel';
import { printable } from './output/table.js';
import { INTERRUPTED_EXIT_CODE, type Terminal } from './output/terminal.js';
import { InterruptedError, UsageError } from './usage-error.js';

/** Codes of a configuration that has to be mended before any command can work. */
const WRONG_CONFIGURATION = /^(config|logging)\./;
/** A refused file may have a problem in every row; the rest is in the JSON and in the console. */
const MOST_SHOWN = 20;

/** Says what went wrong, once and clearly, and answers the exit code: 1 failed, 2 wrong usage or configuration (domain.md §10). */
export function reportError(error: unknown, terminal: Terminal, asJson: boolean): number {
  const { exitCode, code, detail, problems } = describe(error);
  terminal.note(`openchargeback: ${printable(detail)}`);
  for (const problem of problems.slice(0, MOST_SHOWN)) terminal.note(`  ${printable(problem.where)}: ${printable(problem.what)}`);
  if (problems.length > MOST_SHOWN) terminal.note(`  and ${problems.length - MOST_SHOWN} more`);
  if (asJson) terminal.result(JSON.stringify({ error: { code, detail, problems } }, null, 2));
  return exitCode;
}

interface Description {
  readonly exitCode: number;
  readonly code: string;
  readonly detail: string;
  readonly problems: readonly { readonly where: string; readonly what: string }[];
}

function describe(error: unknown): Description {
  if (error instanceof DomainError) {
    const exitCode = WRONG_CONFIGURATION.test(error.code) ? 2 : 1;
    // A sentence that names its only problem already needs no list of one.
    const problems = error.problems.filter((problem) => !error.detail.includes(problem.what));
    return { exitCode, code: error.code, detail: error.detail, problems };
  }
  if (error instanceof UsageError) return { exitCode: 2, code: 'usage', detail: error.message, problems: [] };
  if (error instanceof InterruptedError)
    return { exitCode: INTERRUPTED_EXIT_CODE, code: 'interrupted', detail: error.message, problems: [] };
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: 1, code: 'unexpected', detail: `${message}. This was not expected; --verbose shows the log.`, problems: [] };
}
