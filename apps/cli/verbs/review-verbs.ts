import { Command } from 'commander';
import type { RunVerb } from '../command-line.js';
import { periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/review.js')> => import('../commands/review.js');
const VERBS = {
  approve: 'bill flagged charges',
  reject: 'take flagged charges out of billing',
  restore: 'put rejected charges back in review',
} as const;

/** `review list|approve|reject|restore|reattribute`. */
export function addReviewVerbs(program: Command, run: RunVerb): void {
  const review = program.command('review').description('decide on flagged charges');

  review
    .command('list')
    .description('show the charges that wait for a decision')
    .addOption(periodOption('of this billing period only'))
    .option('--source <name>')
    .option('--pi <email>')
    .option('--project <id>')
    .option('--reason <flag>', 'carrying this flag, such as missing_fund_org')
    .option('--limit <number>', 'show at most as many', '100')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listFlagged(session, command.opts())),
    );

  for (const [verb, description] of Object.entries(VERBS) as [keyof typeof VERBS, string][]) {
    selecting(review.command(verb).description(description)).action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).dispose(session, verb, command.opts())),
    );
  }

  review
    .command('reattribute')
    .description('set who pays for charges')
    .requiredOption('--id <charge...>', 'import and line, such as 12-345')
    .option('--pi <email>')
    .option('--project <id>')
    .option('--fund-org <fund/org>')
    .option('--cost-center <code>')
    .option('--account <code>', 'GL account')
    .option('--note <text>', 'kept in the review log')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).reattribute(session, command.opts())),
    );
}

function selecting(command: Command): Command {
  return command
    .option('--id <charge...>', 'these charges: import and line, such as 12-345')
    .addOption(periodOption('or all of this billing period that match'))
    .option('--source <name>')
    .option('--pi <email>')
    .option('--project <id>')
    .option('--reason <flag>', 'carrying this flag, such as missing_fund_org')
    .option('--note <text>', 'kept in the review log');
}
