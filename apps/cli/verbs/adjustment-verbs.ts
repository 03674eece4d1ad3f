import { type Command, InvalidArgumentError } from 'commander';
import type { RunVerb } from '../command-line.js';
import { amountArgument, periodArgument, periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/adjustments.js')> => import('../commands/adjustments.js');

/** `adjust charge|statement` and `adjustments list|show|withdraw`. */
export function addAdjustmentVerbs(program: Command, run: RunVerb): void {
  const adjust = program.command('adjust').description('correct what is finalized: credit it, or charge more, in an open period');

  adjusting(
    adjust
      .command('charge')
      .description('credit a charge of a finalized period, or charge more for it')
      .argument('<id>', 'import and line, such as 12-345'),
  ).action((id: string, _options: object, command: Command) =>
    run(command.optsWithGlobals(), async (session) => (await load()).adjustCharge(session, id, command.opts())),
  );

  adjusting(
    adjust
      .command('statement')
      .description('the same for every charge of a statement: those of a PI for a project in a finalized period')
      .argument('<pi>', 'email address')
      .argument('<project>')
      .argument('<period>', 'the finalized one', periodArgument),
  ).action((pi: string, project: string, period: string, _options: object, command: Command) =>
    run(command.optsWithGlobals(), async (session) => (await load()).adjustStatement(session, { pi, project, period }, command.opts())),
  );

  const adjustments = program.command('adjustments').description('the corrections of finalized periods');

  adjustments
    .command('list')
    .description('show adjustments, newest first')
    .addOption(periodOption('billed in this period only'))
    .option('--of <YYYY-MM>', 'correcting this period only', periodArgument)
    .option('--pi <email>')
    .option('--limit <number>', 'show at most as many', countArgument, 100)
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listAdjustments(session, command.opts())),
    );

  adjustments
    .command('show')
    .description('show an adjustment and its first charges')
    .argument('<id>', 'as adjustments list shows it', numberArgument)
    .action((id: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showAdjustment(session, id)),
    );

  adjustments
    .command('withdraw')
    .description('take an adjustment back while the period it is billed in is open')
    .argument('<id>', 'as adjustments list shows it', numberArgument)
    .requiredOption('--reason <text>', 'why; kept in the log')
    .action((id: number, options: { reason: string }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).withdrawAdjustment(session, id, options.reason)),
    );
}

function adjusting(command: Command): Command {
  return command
    .requiredOption('--in <YYYY-MM>', 'the open period in which it is billed', periodArgument)
    .requiredOption('--reason <text>', 'why; the PI reads it on the next statement')
    .option('--amount <amount>', 'as much in all (default: all that is left)', amountArgument)
    .option('--percent <number>', 'this share of each charge', amountArgument)
    .option('--debit', 'charge more instead of crediting')
    .option('--dry-run', 'show what would be booked, and book nothing');
}

function numberArgument(text: string): number {
  if (!/^\d{1,9}$/.test(text.trim())) throw new InvalidArgumentError('Write its number, such as 17.');
  return Number(text);
}

function countArgument(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new InvalidArgumentError('Write a whole number from 1 on.');
  return count;
}
