import { type Command, Option } from 'commander';
import type { RunVerb } from '../command-line.js';
import { periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/imports.js')> => import('../commands/imports.js');
const STATES = ['received', 'failed', 'recorded', 'booked', 'refused', 'withdrawn', 'cancelled'];

/** `imports list|file|cancel|withdraw`. */
export function addImportVerbs(program: Command, run: RunVerb): void {
  const imports = program
    .command('imports')
    .description('the imports there were, and their files; cancel one that is not recorded yet, withdraw one that is');

  imports
    .command('list')
    .description('show imports, newest first')
    .addOption(periodOption('of this billing period only'))
    .option('-s, --source <name>')
    .addOption(new Option('--state <state>', 'failed: received, and reading it failed').choices(STATES))
    .option('--limit <number>', 'show at most as many', '50')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listImports(session, command.opts())),
    );

  imports
    .command('file')
    .description('give back the file of an import, byte for byte as it was handed in; of a refused one too')
    .argument('<id>', 'as imports list shows it')
    .option('-o, --output <file>', 'where to; - for standard output (default: its own name, in this folder)')
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).copyImportFile(session, id, command.opts())),
    );

  imports
    .command('cancel')
    .description('give imports up that are not recorded yet, while they wait, are read, or failed')
    .argument('<id...>', 'as imports list shows them')
    .option('--reason <text>', 'why; kept in the log')
    .action((ids: string[], options: { reason?: string }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).cancelImports(session, ids, options.reason ?? null)),
    );

  imports
    .command('withdraw')
    .description('take a recorded import back while its periods are open')
    .argument('<id>', 'as imports list shows it')
    .requiredOption('--reason <text>', 'why; kept in the log')
    .action((id: string, options: { reason: string }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).withdrawImport(session, id, options.reason)),
    );
}
