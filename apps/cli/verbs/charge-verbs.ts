import type { Command } from 'commander';
import type { RunVerb } from '../command-line.js';
import { filtering, standingOption } from './review-verbs.js';
import { periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/charges.js')> => import('../commands/charges.js');

/** `charges list|export|show`. */
export function addChargeVerbs(program: Command, run: RunVerb): void {
  const charges = program.command('charges').description('find charges, and tell the story of one');

  finding(charges, 'list', 'show charges in any standing, newest billing period first, with their sums')
    .option('--limit <number>', 'show at most as many', '100')
    .option('--after <place>', 'go on after the last page, which names the place')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listCharges(session, command.opts())),
    );

  finding(charges, 'export', 'write all charges that match as CSV')
    .option('-o, --output <file>', 'where to (default: standard output, as with -)')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).exportCharges(session, command.opts())),
    );

  charges
    .command('show')
    .description('show everything about a charge: its line, why it waits, its imports and decisions, where it is booked')
    .argument('<id>', 'import and line, such as 12-345')
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showCharge(session, id)),
    );
}

function finding(charges: Command, verb: string, description: string): Command {
  const command = charges
    .command(verb)
    .description(description)
    .addOption(periodOption('of this billing period only'))
    .option('--pi <email>')
    .option('--project <id>')
    .option('--fund-org <fund/org>');
  return filtering(command).addOption(standingOption('standing like this (default: any)'));
}
