import type { Command } from 'commander';
import type { RunVerb } from '../command-line.js';
import { countArgument, periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/review-rules.js')> => import('../commands/review-rules.js');

/** `review rules show|test|set` and `review re-flag`. */
export function addReviewRuleVerbs(review: Command, run: RunVerb): void {
  const rules = review.command('rules').description('the patterns by which charges are flagged');

  rules
    .command('show')
    .description('show the patterns, and who changed them last')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), async (session) => (await load()).showRules(session)));

  withPatterns(
    rules
      .command('test')
      .description('say what patterns would flag in a billing period, and change nothing; without patterns, those in force')
      .addOption(periodOption('billing period').makeOptionMandatory()),
  ).action((_options: object, command: Command) =>
    run(command.optsWithGlobals(), async (session) => (await load()).testRules(session, command.opts())),
  );

  withPatterns(rules.command('set').description('change the patterns; they count for what is imported from then on')).action(
    (_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).setRules(session, command.opts())),
  );

  review
    .command('re-flag')
    .description('flag the charges of a billing period by the patterns and the chart of funds of now')
    .addOption(periodOption('billing period, open or closed').makeOptionMandatory())
    .option('--note <text>', 'kept in the review log')
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--expect <number>', 'refuse unless just as many charges change', countArgument)
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).reflag(session, command.opts())),
    );
}

function withPatterns(command: Command): Command {
  return command
    .option('--flag-pattern <pattern...>', "all flag patterns, found anywhere in service, resource id or name; '' for none")
    .option('--fund-org-pattern <pattern...>', "all fund/org patterns, matched from the start; '' for none");
}
