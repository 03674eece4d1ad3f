import { type Command, Option } from 'commander';
import type { RunVerb } from '../command-line.js';
import { amountArgument, countArgument, periodArgument, periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/invoices.js')> => import('../commands/invoices.js');
const STATES = ['matched', 'difference', 'missing', 'unexpected', 'uninvoiced', 'accepted'];

/** `invoices list|show|expect|import|withdraw|accept|unaccept|demand`. */
export function addInvoiceVerbs(program: Command, run: RunVerb): void {
  const invoices = program.command('invoices').description('what providers ask for with their invoices, against the recorded lines');

  invoices
    .command('list')
    .description('show the invoices of a period, how each stands, and sums per source')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .option('-s, --source <name>', 'of this source only')
    .addOption(new Option('--state <state...>', 'standing like this').choices(STATES))
    .option('--search <text>', 'found in id or note')
    .option('--limit <number>', 'show at most as many', countArgument, 100)
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listInvoices(session, command.opts())),
    );

  named(invoices.command('show').description('show an invoice: its imports, its other periods, and what became of it'), '<invoice>').action(
    (invoice: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showInvoice(session, invoice, command.opts())),
  );

  named(invoices.command('expect').description('announce an invoice, or change what the options say; what is left out stays'), '<invoice>')
    .option('--amount <amount>', 'what it comes to in that period; an invoice that is new needs it', amountArgument)
    .option('--currency <code>', 'default: that of the ledger')
    .option('--date <day>', 'when it was issued, such as 2025-04-02; an empty text: not known')
    .option('--note <text>')
    .action((invoice: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).expectInvoice(session, invoice, command.opts())),
    );

  invoices
    .command('import')
    .description(
      'announce the invoices of a CSV file: a table (invoice_id, period, amount, …) or FOCUS 1.4 Invoice Detail; whole or not at all',
    )
    .argument('<file>')
    .option('-s, --source <name>', 'of which source they are; not needed if each row says so')
    .option('--dry-run', 'report what would change, and change nothing')
    .action((file: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).importInvoices(session, file, command.opts())),
    );

  named(invoices.command('withdraw').description('expect an invoice no longer'), '<invoice>')
    .option('--reason <text>', 'why; kept in the log')
    .action((invoice: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).withdrawInvoice(session, invoice, command.opts())),
    );

  named(
    invoices.command('accept').description('accept a difference as it is now; without <invoice>, the lines that name none'),
    '[invoice]',
  )
    .requiredOption('--reason <text>', 'why it is in order; kept in the log')
    .option('--difference <amount>', 'refuse unless it is this: recorded less expected', amountArgument)
    .option('--currency <code>', 'where there are several')
    .action((invoice: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).acceptDifference(session, invoice ?? '', command.opts())),
    );

  named(invoices.command('unaccept').description('take the acceptance of a difference back'), '[invoice]')
    .option('--reason <text>', 'why; kept in the log')
    .option('--currency <code>', 'where there are several')
    .action((invoice: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).reopenDifference(session, invoice ?? '', command.opts())),
    );

  invoices
    .command('demand')
    .description('no period is to be finalized without the invoices of a source')
    .argument('<source>')
    .option('--off', 'from now on it may')
    .action((source: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).demandInvoices(session, source, command.opts())),
    );
}

function named(command: Command, argument: string): Command {
  return command
    .argument(argument, 'its id, as the provider writes it')
    .requiredOption('-s, --source <name>', 'of which source it is')
    .requiredOption('-p, --period <YYYY-MM>', 'billing period', periodArgument);
}
