import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunVerb } from '../command-line.js';

const load = (): Promise<typeof import('../commands/sources.js')> => import('../commands/sources.js');
const loadQuality = (): Promise<typeof import('../commands/source-quality.js')> => import('../commands/source-quality.js');

const MOST_PERIODS = 60;

/** `sources list|show|add|set|enable|disable|quality|sync-status`. */
export function addSourceVerbs(program: Command, run: RunVerb): void {
  const sources = program.command('sources').description('where charges come from: settings, and how good their data is');

  sources
    .command('list')
    .description('show all sources')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), async (session) => (await load()).listSources(session)));

  sources
    .command('show')
    .description('show all settings of a source')
    .argument('<name>')
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showSource(session, name)),
    );

  withSettings(sources.command('add').description('register a source; its first import would do so too').argument('<name>'))
    .option('-t, --type <type>', 'of the older program; every source is imported from files')
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).addSource(session, name, command.opts())),
    );

  withSettings(sources.command('set').description('change settings of a source; what is left out stays').argument('<name>'))
    .option('--dry-run', 'check it and show what would change, and change nothing')
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).setSource(session, name, command.opts())),
    );

  for (const [verb, enabled, description] of [
    ['enable', true, 'let a source take imports again'],
    ['disable', false, 'let a source take no more imports; what it delivered stays'],
  ] as const) {
    sources
      .command(verb)
      .description(description)
      .argument('<name>')
      .action((name: string, _options: object, command: Command) =>
        run(command.optsWithGlobals(), async (session) => (await load()).enableSource(session, name, enabled)),
      );
  }

  sources
    .command('quality')
    .description('show how good the data of a source is, per billing period')
    .argument('<name>')
    .addOption(new Option('--periods <count>', 'newest billing periods to show').default(12).argParser(periodCount))
    .option('--imports', 'each import too')
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await loadQuality()).showSourceQuality(session, name, command.opts())),
    );

  sources
    .command('sync-status')
    .description('show when each source was imported last')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showSyncStatus(session)),
    );
}

/** An empty text takes a setting back: `--date-format ''`. */
function withSettings(command: Command): Command {
  return command
    .option('-d, --display-name <text>', 'as it is shown to people')
    .option('--pattern <text>', 'part of its file names, or a glob such as aws_*.csv (of a new source: the name)')
    .option('--fund-org <fund/org>', 'credited in the journal')
    .option('--account-code <account>', 'GL account of charges without one of their own')
    .addOption(new Option('--mode <mode>', 'how a new file replaces what is there').choices(['merge', 'replace', 'append']))
    .addOption(new Option('--cost-basis <column>', 'what is billed').choices(['billed', 'effective']))
    .option('--date-format <format>', 'of ambiguous dates, such as M/D/YY')
    .option('--line-id-column <name>', 'column that identifies a line from file to file')
    .option('--inclusive-period-ends', 'its files end periods with the last day or second within, as older converters do')
    .option('--no-inclusive-period-ends', 'its files end periods as FOCUS does, with the first instant beyond');
}

function periodCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST_PERIODS) throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_PERIODS}.`);
  return count;
}
