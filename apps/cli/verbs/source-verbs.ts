import { type Command, Option } from 'commander';
import type { RunVerb } from '../command-line.js';

const load = (): Promise<typeof import('../commands/sources.js')> => import('../commands/sources.js');

/** `sources list|add|sync-status`. */
export function addSourceVerbs(program: Command, run: RunVerb): void {
  const sources = program.command('sources').description('list and add where charges come from');

  sources
    .command('list')
    .description('show all sources')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), async (session) => (await load()).listSources(session)));

  sources
    .command('add')
    .description('register a source; its first import would do so too')
    .argument('<name>')
    .option('-d, --display-name <text>')
    .option('-t, --type <type>', 'of the older program; every source is imported from files')
    .option('--pattern <text>', 'part of its file names, or a glob such as aws_*.csv (default: the name)')
    .option('--fund-org <fund/org>', 'credited in the journal')
    .option('--account-code <account>', 'GL account of charges without one of their own')
    .addOption(new Option('--mode <mode>', 'how a new file replaces what is there').choices(['merge', 'replace', 'append']))
    .addOption(new Option('--cost-basis <column>', 'what is billed').choices(['billed', 'effective']))
    .option('--date-format <format>', 'of ambiguous dates, such as M/D/YY')
    .option('--line-id-column <name>', 'column that identifies a line from file to file')
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).addSource(session, name, command.opts())),
    );

  sources
    .command('sync-status')
    .description('show when each source was imported last')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showSyncStatus(session)),
    );
}
