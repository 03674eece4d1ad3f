import type { Command } from 'commander';
import type { RunVerb } from '../command-line.js';

/** `charges show`. */
export function addChargeVerbs(program: Command, run: RunVerb): void {
  const charges = program.command('charges').description('single charges and their stories');

  charges
    .command('show')
    .description('show everything about a charge: its line, why it waits, its imports and decisions, where it is booked')
    .argument('<id>', 'import and line, such as 12-345')
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await import('../commands/charges.js')).showCharge(session, id)),
    );
}
