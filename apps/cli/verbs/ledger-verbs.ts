import type { Command } from 'commander';
import type { RunVerb } from '../command-line.js';
import { periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/ledger.js')> => import('../commands/ledger.js');
const MOMENTS = `
A moment is
  118                    a position of the log, as \`ledger moments\` shows it
  2025-10-03T16:30:00Z   a time with its zone
  2025-10-03             the end of that day in UTC
  close, finalize        when the period was closed last, or finalized
  statements             the end of the last statement run; statements:3 of run 3
  now                    and so is every moment that lies ahead`;

/** `ledger moments|show|diff`. */
export function addLedgerVerbs(program: Command, run: RunVerb): void {
  const ledger = program.command('ledger').description('show the ledger as of any moment, and what changed between two');

  ledger
    .command('moments')
    .description('show what changed the ledger of a billing period, or marks a step of its month')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showMoments(session, command.opts())),
    );

  ledger
    .command('show')
    .description('show what is billed per PI, project and fund/org, as of a moment')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .option('--as-of <moment>', 'as it stood then (default: now)')
    .option('--pi <email>')
    .option('--project <id>')
    .addHelpText('after', MOMENTS)
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showLedger(session, command.opts())),
    );

  ledger
    .command('diff')
    .description('show what changed between two moments: by how much, by which event, by whom')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .requiredOption('--from <moment>')
    .option('--to <moment>', 'default: now')
    .option('--pi <email>')
    .option('--project <id>')
    .addHelpText('after', MOMENTS)
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).compareLedgers(session, command.opts())),
    );
}
