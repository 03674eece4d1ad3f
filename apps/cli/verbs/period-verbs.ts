import type { Command } from 'commander';
import type { RunVerb } from '../command-line.js';
import type { FinalizeOptions } from '../commands/periods.js';
import { periodArgument } from './verb-options.js';

const load = (): Promise<typeof import('../commands/periods.js')> => import('../commands/periods.js');

/** `periods list|show|open|close|reopen|finalize`. */
export function addPeriodVerbs(program: Command, run: RunVerb): void {
  const periods = program.command('periods').description('list, show, open, close, reopen and finalize billing periods');

  periods
    .command('list')
    .description('show all billing periods with their totals')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), async (session) => (await load()).listPeriods(session)));

  periods
    .command('show')
    .description('show what a billing period lacks to be finalized, and who opened, closed and reopened it, when and why')
    .argument('<period>', 'YYYY-MM', periodArgument)
    .action((period: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showPeriod(session, period)),
    );

  periods
    .command('open')
    .description('open a billing period before its first import')
    .argument('<period>', 'YYYY-MM', periodArgument)
    .action((period: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).openPeriod(session, period)),
    );

  periods
    .command('close')
    .description('take no more imports for a billing period')
    .argument('<period>', 'YYYY-MM', periodArgument)
    .option('-n, --notes <text>', 'kept in the log')
    .action((period: string, options: { notes?: string }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).closePeriod(session, period, options.notes ?? null)),
    );

  periods
    .command('reopen')
    .description('take imports for a closed billing period again')
    .argument('<period>', 'YYYY-MM', periodArgument)
    .requiredOption('--reason <text>', 'why; kept in the log')
    .action((period: string, options: { reason: string }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).reopenPeriod(session, period, options.reason)),
    );

  periods
    .command('finalize')
    .description('make a closed billing period permanent: nothing in it changes any more')
    .argument('<period>', 'YYYY-MM', periodArgument)
    .option('-n, --notes <text>', 'kept in the log, such as the number of the voucher')
    .option('--force <reason>', 'although statements or journal are missing or out of date; the reason is kept in the log')
    .option('--dry-run', 'show the checklist and what the answer would be, and change nothing')
    .action((period: string, options: FinalizeOptions, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).finalizePeriod(session, period, options)),
    );
}
