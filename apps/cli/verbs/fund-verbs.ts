import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunVerb } from '../command-line.js';

const load = (): Promise<typeof import('../commands/funds.js')> => import('../commands/funds.js');

const MOST_FUNDS = 100_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** `funds list|show|set|retire|remove|import`. */
export function addFundVerbs(program: Command, run: RunVerb): void {
  const funds = program.command('funds').description('the chart of funds: which fund/orgs there are, and when each may be charged');

  funds
    .command('list')
    .description('show the funds of the chart')
    .option('--search <text>', 'found in fund/org, title or owner')
    .addOption(new Option('--standing <standing>', 'as of today').choices(['valid', 'upcoming', 'ended']))
    .addOption(new Option('--limit <count>', 'funds to show').default(100).argParser(fundCount))
    .option('--after <fund/org>', 'only those behind it')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listFunds(session, command.opts())),
    );

  funds
    .command('show')
    .description('show a fund, and what became of it')
    .argument('<fund/org>')
    .action((fundOrg: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showFund(session, fundOrg)),
    );

  funds
    .command('set')
    .description('put a fund into the chart, or change what the options say; what is left out stays')
    .argument('<fund/org>')
    .option('--title <text>', 'what it is called')
    .addOption(new Option('--valid-from <day>', 'first day; an empty text: no beginning').argParser(dayOrNone))
    .addOption(new Option('--valid-to <day>', 'last day; an empty text: no end').argParser(dayOrNone))
    .option('--owner <text>', 'who answers for it')
    .action((fundOrg: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).setFund(session, fundOrg, command.opts())),
    );

  funds
    .command('retire')
    .description('end a fund; it stays in the chart')
    .argument('<fund/org>')
    .addOption(lastDayOption('its last day (default: today)'))
    .option('--reason <text>', 'why; kept in the log')
    .action((fundOrg: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).retireFund(session, fundOrg, command.opts())),
    );

  funds
    .command('remove')
    .description('take a fund out of the chart that should never have been in it; without any, no chart is in use')
    .argument('<fund/org>')
    .option('--reason <text>', 'why; kept in the log')
    .action((fundOrg: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).removeFund(session, fundOrg, command.opts())),
    );

  funds
    .command('import')
    .description('take a CSV file into the chart: fund_org, title, valid_from, valid_to, owner; whole or not at all')
    .argument('<file>')
    .addOption(
      new Option('--mode <mode>', 'merge leaves funds alone that the file lacks, replace retires them')
        .choices(['merge', 'replace'])
        .default('merge'),
    )
    .addOption(lastDayOption('with replace: last day of the funds that the file lacks (default: today)'))
    .option('--dry-run', 'report what would change, and change nothing')
    .action((file: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).importFunds(session, file, command.opts())),
    );
}

function lastDayOption(description: string): Option {
  return new Option('--last-day <day>', description).argParser(day);
}

/** Whether there is such a day is seen to later; a wrong form is wrong usage. */
function day(text: string): string {
  if (!DAY.test(text.trim())) throw new InvalidArgumentError('Write a day as 2025-07-31.');
  return text.trim();
}

function dayOrNone(text: string): string {
  return text.trim() === '' ? '' : day(text);
}

function fundCount(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST_FUNDS) throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_FUNDS}.`);
  return count;
}
