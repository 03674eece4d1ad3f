import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunVerb } from '../command-line.js';
import { PART_HELP, partArgument } from './part-argument.js';
import { periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/splits.js')> => import('../commands/splits.js');

/** @param split `review split`, which can choose charges already */
export function addReviewSplitVerbs(review: Command, split: Command, run: RunVerb): void {
  split
    .argument('[id...]', 'these charges: import and line, such as 12-345')
    .addOption(new Option('--part <part>', PART_HELP).argParser(partArgument).makeOptionMandatory())
    .addHelpText(
      'after',
      `
Example, a node that two labs share, and a licence of which one fund pays 300:
  review split 12-345 --part "60% fund_org=MATH-200" --part "rest pi=bob@x.edu project=wheel fund_org=BIO-1" --dry-run
  review split -p 2025-09 --text licence --part "300 fund_org=MATH-200" --part "rest fund_org=BIO-1"
What a part leaves out is paid by whom the charge is paid.`,
    )
    .action((ids: string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).splitCharges(session, ids, command.opts())),
    );

  review
    .command('unsplit')
    .description('put divided charges together again; what was decided on their parts is undone with them')
    .argument('[id...]', 'divided charges, or any of their parts')
    .addOption(new Option('--split <number>', 'or all charges that this split divides').argParser(splitArgument))
    .option('--note <text>', 'kept in the review log')
    .option('--dry-run', 'say how many charges and how much money it would touch, and change nothing')
    .action((ids: string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).undoSplits(session, ids, command.opts())),
    );
}

/** `splits list|show`. */
export function addSplitVerbs(program: Command, run: RunVerb): void {
  const splits = program.command('splits').description('how charges were divided over several payers, by hand and by rules');

  splits
    .command('list')
    .description('show splits, newest first')
    .addOption(periodOption('of this billing period only'))
    .addOption(new Option('--limit <number>', 'show at most as many').argParser(splitArgument).default(100))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listSplits(session, command.opts())),
    );

  splits
    .command('show')
    .description('show a split and its first parts')
    .argument('<split>', 'as splits list shows it', splitArgument)
    .action((splitId: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showSplit(session, splitId)),
    );
}

function splitArgument(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text.trim())) throw new InvalidArgumentError('Write a whole number from 1, such as 17.');
  return Number(text);
}
