import type { Command } from 'commander';
import type { RunVerb } from '../command-line.js';

const load = (): Promise<typeof import('../commands/jobs.js')> => import('../commands/jobs.js');

/** `jobs list|retry|dismiss`. */
export function addJobVerbs(program: Command, run: RunVerb): void {
  const jobs = program.command('jobs').description('background work that failed: why, and once more');

  jobs
    .command('list')
    .description('show the work that failed, with its reason')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), async (session) => (await load()).listJobs(session)));

  jobs
    .command('retry')
    .description('queue failed work again')
    .argument('[id...]', 'as jobs list shows them')
    .option('--all', 'all that failed')
    .action((ids: string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).retryJobs(session, ids, command.opts())),
    );

  jobs
    .command('dismiss')
    .description('give up failed dry runs, and imports whose recording failed')
    .argument('<id...>', 'as jobs list shows them')
    .action((ids: string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).dismissJobs(session, ids)),
    );
}
