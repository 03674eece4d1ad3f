import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunVerb } from '../command-line.js';
import { periodArgument, periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/journals.js')> => import('../commands/journals.js');

/** `journals list|show|posted|void|unmark|booked|download`. */
export function addJournalVerbs(program: Command, run: RunVerb): void {
  const journals = program.command('journals').description('exported journals, what became of them in accounting, and what is booked');

  journals
    .command('list')
    .description('show exported journals, newest first')
    .addOption(periodOption('of this billing period only'))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listJournals(session, command.opts())),
    );

  of(journals, 'show', 'show a journal, and what became of it').action(
    (period: string, number: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showJournal(session, period, number)),
  );

  of(journals, 'posted', 'record that accounting has booked a journal')
    .requiredOption('--document <number>', 'number of the document in the accounting system')
    .option('--date <day>', 'day of the posting, such as 2025-04-03 (default: today)')
    .option('--note <text>', 'kept in the log')
    .action((period: string, number: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).postJournal(session, period, number, command.opts())),
    );

  of(journals, 'void', 'record that a journal is not booked, or that accounting has reversed it')
    .requiredOption('--reason <text>', 'why; kept in the log')
    .action((period: string, number: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).voidJournal(session, period, number, command.opts())),
    );

  of(journals, 'unmark', 'take back that a journal is posted or void, which was a mistake')
    .requiredOption('--reason <text>', 'why; kept in the log')
    .action((period: string, number: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).unmarkJournal(session, period, number, command.opts())),
    );

  journals
    .command('booked')
    .description('show what is booked per fund/org against the ledger, and whether a delta is needed')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .addOption(
      new Option('--family <family>', 'of journals with both sides (template, gl), or with one (default, summary, detail)')
        .choices(['two-sided', 'one-sided'])
        .default('two-sided'),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showBooked(session, command.opts())),
    );

  of(journals, 'download', 'copy the file of a journal')
    .option('-o, --output <file>', 'where to (default: a file of its own in output.journal_dir)')
    .action((period: string, number: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).downloadJournal(session, period, number, command.opts())),
    );
}

function of(journals: Command, verb: string, description: string): Command {
  return journals
    .command(verb)
    .description(description)
    .argument('<period>', 'billing period', periodArgument)
    .argument('<number>', 'as journals list shows it', numberArgument);
}

function numberArgument(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text.trim())) throw new InvalidArgumentError('Write a whole number from 1, such as 2.');
  return Number(text);
}
