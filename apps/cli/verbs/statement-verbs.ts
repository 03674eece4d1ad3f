import type { Command } from 'commander';
import type { RunVerb } from '../command-line.js';
import { periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/statements.js')> => import('../commands/statements.js');

/** `statements changes|verify`, `statements runs list|show|cancel|retry`. */
export function addStatementVerbs(program: Command, run: RunVerb): void {
  const statements = program
    .command('statements')
    .description('what revisions changed, whose a verification code is, and the runs that made statements');

  statements
    .command('changes')
    .description('show what a revision changed: charges added, gone and changed, and the money per service and fund/org')
    .argument('<pi>', 'email address')
    .argument('<project>', 'as it stands on the statement')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .option('--revision <number>', 'against the one before (default: the newest)')
    .option('--limit <number>', 'show at most as many charges', '50')
    .action((pi: string, project: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).statementChanges(session, pi, project, command.opts())),
    );

  statements
    .command('verify')
    .description('find the statements that carry a verification code')
    .argument('<code>', 'as printed at the end of a statement, or its first eight characters or more')
    .action((code: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).verifyStatement(session, code)),
    );

  const runs = statements.command('runs').description('statement runs: look at them, end one, try again what failed');

  runs
    .command('list')
    .description('show runs, newest first')
    .addOption(periodOption('of this billing period only'))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listRuns(session, command.opts())),
    );

  runs
    .command('show')
    .description('show a run: for whom, how far, what it made, what failed and why')
    .argument('<id>', 'as statements runs list shows it')
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showRun(session, id)),
    );

  runs
    .command('cancel')
    .description('end a run that is under way; what it made stays, and nothing is sent')
    .argument('<id>', 'as statements runs list shows it')
    .option('--reason <text>', 'why; kept in the log')
    .action((id: string, options: { reason?: string }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).cancelRun(session, id, options.reason ?? null)),
    );

  runs
    .command('retry')
    .description('try again what failed of a run, and wait for it')
    .argument('<id>', 'as statements runs list shows it')
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).retryRun(session, id)),
    );
}
