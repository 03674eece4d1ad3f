import type { Command } from 'commander';
import type { RunVerb } from '../command-line.js';

const load = (): Promise<typeof import('../commands/projections.js')> => import('../commands/projections.js');

/** `projections list|rebuild`. */
export function addProjectionVerbs(program: Command, run: RunVerb): void {
  const projections = program.command('projections').description('show and rebuild the read models that are made from the log');

  projections
    .command('list')
    .description('show how far each read model has followed the log')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listProjections(session)),
    );

  projections
    .command('rebuild')
    .description('make read models anew from the first event, beside those in use, and put them in their place')
    .argument('[name]', 'of one read model (default: all)')
    .action((name: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).rebuildProjections(session, name)),
    );
}
