import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunVerb } from '../command-line.js';
import { addReviewRuleVerbs } from './review-rule-verbs.js';
import { addReviewSplitVerbs } from './split-verbs.js';
import { amountArgument, countArgument, periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/review.js')> => import('../commands/review.js');
const VERBS = {
  approve: 'bill flagged charges',
  reject: 'take flagged charges out of billing',
  restore: 'put rejected charges back in review',
} as const;
const KINDS = ['imported', 'adjustment', 'part'];
const STANDINGS = ['clear', 'flagged', 'approved', 'rejected', 'split', 'superseded', 'withdrawn'];

/** `review list|approve|reject|restore|reattribute|split|unsplit|rules|re-flag`. */
export function addReviewVerbs(program: Command, run: RunVerb): void {
  const review = program.command('review').description('decide on flagged charges');

  filtering(
    review
      .command('list')
      .description('show the charges that wait for a decision')
      .addOption(periodOption('of this billing period only'))
      .option('--pi <email>')
      .option('--project <id>')
      .option('--fund-org <fund/org>'),
  )
    .addOption(standingOption('standing like this (default: flagged)'))
    .option('--limit <number>', 'show at most as many', '100')
    .option('--after <place>', 'go on after the last page, which names the place')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listFlagged(session, command.opts())),
    );

  for (const [verb, description] of Object.entries(VERBS) as [keyof typeof VERBS, string][]) {
    const named = selecting(review.command(verb).description(description))
      .option('--pi <email>')
      .option('--project <id>')
      .option('--fund-org <fund/org>');
    deciding(filtering(named)).action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).dispose(session, verb, command.opts())),
    );
  }

  const reattribute = selecting(review.command('reattribute').description('set who pays for charges'))
    .option('--pi <email>', 'new PI')
    .option('--project <id>', 'new project')
    .option('--fund-org <fund/org>', 'new fund/org')
    .option('--cost-center <code>', 'new cost centre')
    .option('--account <code>', 'new GL account')
    .option('--of-pi <email>', 'charges that this PI pays now')
    .option('--of-project <id>', 'charges of this project')
    .option('--of-fund-org <fund/org>', 'charges of this fund/org');
  deciding(filtering(reattribute))
    .addOption(standingOption('standing like this (default: clear, flagged and approved)'))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).reattribute(session, command.opts())),
    );

  const split = selecting(review.command('split').description('divide charges over several payers, by per cent or by amounts'))
    .option('--pi <email>')
    .option('--project <id>')
    .option('--fund-org <fund/org>');
  deciding(filtering(split)).addOption(standingOption('standing like this (default: clear, flagged and approved)'));
  addReviewSplitVerbs(review, split, run);

  addReviewRuleVerbs(review, run);
}

function selecting(command: Command): Command {
  return command
    .option('--id <charge...>', 'these charges: import and line, such as 12-345')
    .addOption(periodOption('or all of this billing period that match'));
}

export function filtering(command: Command): Command {
  return command
    .option('--source <name>')
    .option('--reason <flag>', 'carrying this flag, such as missing_fund_org; pattern_match for every pattern')
    .option('--text <text>', 'found in resource, service, PI, project or fund/org')
    .option('--amount-from <amount>', 'of this amount or more; --amount-from=-5 for a negative one', amountArgument)
    .option('--amount-to <amount>', 'of this amount or less', amountArgument)
    .addOption(
      new Option('--kind <kind...>', 'from a file, a correction of a finalized period, or the division of a charge').choices(KINDS),
    )
    .option('--import <number>', 'brought by this import, adjustment or split', importArgument)
    .option('--billing-account <id>', 'whose line names this BillingAccountId; an empty text: none')
    .option('--sub-account <id>', 'whose line names this SubAccountId; an empty text: none')
    .option('--invoice <id>', 'whose line names this InvoiceId, in any case; an empty text: none')
    .option('--rule <rule>', 'attributed or divided by this attribution rule: R3, or R3.2 for that version');
}

function deciding(command: Command): Command {
  return command
    .option('--note <text>', 'kept in the review log')
    .option('--dry-run', 'say how many charges and how much money it would touch, and change nothing')
    .option('--expect <number>', 'refuse unless just as many match', countArgument);
}

export function standingOption(description: string): Option {
  return new Option('--standing <standing...>', description).choices(STANDINGS);
}

/** All numbers of one sequence, from 1 on. */
function importArgument(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text.trim())) throw new InvalidArgumentError('Write its number, such as 12.');
  return Number(text.trim());
}
