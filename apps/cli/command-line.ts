import { Command, Help, Option } from 'commander';
import type { Terminal } from './output/terminal.js';
import type { CommandResult, CommonOptions, Session } from './session.js';
import { addAdjustmentVerbs } from './verbs/adjustment-verbs.js';
import { addAuditVerbs } from './verbs/audit-verbs.js';
import { addChargeVerbs } from './verbs/charge-verbs.js';
import { addFundVerbs } from './verbs/fund-verbs.js';
import { addImportVerbs } from './verbs/import-verbs.js';
import { addInvoiceVerbs } from './verbs/invoice-verbs.js';
import { addJobVerbs } from './verbs/job-verbs.js';
import { addJournalSettingsVerbs } from './verbs/journal-settings-verbs.js';
import { addJournalVerbs } from './verbs/journal-verbs.js';
import { addLedgerVerbs } from './verbs/ledger-verbs.js';
import { addMailVerbs } from './verbs/mail-verbs.js';
import { addPeriodVerbs } from './verbs/period-verbs.js';
import { addProjectionVerbs } from './verbs/projection-verbs.js';
import { addReviewVerbs } from './verbs/review-verbs.js';
import { addRuleVerbs } from './verbs/rule-verbs.js';
import { addSourceVerbs } from './verbs/source-verbs.js';
import { addSplitVerbs } from './verbs/split-verbs.js';
import { addStatementVerbs } from './verbs/statement-verbs.js';
import { addTemplateVerbs } from './verbs/template-verbs.js';
import { journalFormatOption, journalTemplateOption, periodArgument, periodOption } from './verbs/verb-options.js';

/** Runs what a verb does, with the options that all verbs share. */
export type RunVerb = (options: CommonOptions, work: (session: Session) => Promise<CommandResult>) => Promise<void>;

/** Not one of the program's own for the parser, which would then take it from verbs that have one too (`templates show NAME --version 3`). */
const VERSION_OPTION = new Option('--version', 'show the version');

/**
 * `--version` where a verb belongs means the verb `version`.
 * @param args without the names of Node and script
 */
export function withVersionAsVerb(program: Command, args: readonly string[]): readonly string[] {
  for (let at = 0; args[at]?.startsWith('-') === true; at += 1) {
    const arg = args[at] ?? '';
    if (arg === VERSION_OPTION.long) return args.with(at, 'version');
    if (program.options.some((option) => option.required && [option.short, option.long].includes(arg))) at += 1;
  }
  return args;
}

/**
 * All verbs, with the names and flags of the older program (domain.md §10). What a verb does is loaded when it runs, so that
 * `version` and `--help` answer at once.
 */
export function commandLine(terminal: Terminal, run: RunVerb): Command {
  const program = new Command('openchargeback')
    .description('Billing for research computing: FOCUS files in; statements, emails and journals out.')
    .option('-c, --config <file>', 'configuration (default: instance/config.yaml, then config.yaml)')
    .option('--json', 'one JSON document on standard output, nothing else')
    .option('--verbose', 'the log on standard error')
    .configureHelp({
      showGlobalOptions: true,
      visibleOptions: (command) => [
        ...(command.parent === null ? [VERSION_OPTION] : []),
        ...Help.prototype.visibleOptions.call(new Help(), command),
      ],
    })
    .configureOutput({
      writeOut: (text) => {
        terminal.result(text.trimEnd());
      },
      writeErr: (text) => {
        terminal.note(text.trimEnd());
      },
    })
    .showHelpAfterError('(--help shows how)')
    .exitOverride();

  program
    .command('version')
    .description('show the version')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async () => (await import('./commands/version.js')).showVersion()),
    );

  program
    .command('ingest')
    .description('import FOCUS files (*.csv, *.csv.gz; a folder stands for those in it and below, - for standard input)')
    .argument('<file...>')
    .option('-s, --source <name>', 'where the charges come from (default: guessed from the file name)')
    .addOption(periodOption('flag lines of another billing period'))
    .option('--name <file>', 'what the file on standard input is called')
    .option('--dry-run', 'report what an import would do, and record nothing')
    .option('--allow-partial', 'record what can be read and keep the rows with errors aside')
    .option('--refused <file>', 'write the rows with errors there as CSV (a folder, if there are several files)')
    .addOption(
      new Option('--mode <mode>', 'how lines replace what is there (default: the mode of the source)').choices([
        'merge',
        'replace',
        'append',
      ]),
    )
    .option('--as-adjustments <YYYY-MM>', 'with --mode replace: book what differs from a finalized period in this open one', periodArgument)
    .option('--reason <text>', 'with --as-adjustments: why; the PIs read it on the next statement')
    .action((files: string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await import('./commands/ingest.js')).ingest(session, files, command.opts())),
    );

  program
    .command('generate')
    .description('make the PDF statements of a billing period whose charges have changed')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .option('--pi <email...>', 'only the statements of these PIs')
    .option('--project <id...>', 'only the statements of these projects')
    .option('--dry-run', 'render and show them, and record nothing')
    .option('--previews <folder>', 'with --dry-run: write the PDFs there, marked as previews')
    .option('--send', 'send each PI the statements that were not sent before')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await import('./commands/generate.js')).generate(session, command.opts())),
    );

  program
    .command('export-journal')
    .description('write the journal of a billing period for accounting')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .addOption(journalFormatOption())
    .addOption(journalTemplateOption())
    .option('-o, --output <file>', 'where to (default: a file of its own in output.journal_dir)')
    .option('--delta', 'only what changed since what is booked; refused if nothing did')
    .option('--dry-run', 'show what it would write and what keeps it from being booked, and write nothing')
    .option('--include-flagged', 'also the charges that wait for review')
    .option('--include-zero', 'also rows for what comes to nothing, in template and gl; the other formats have them anyway')
    .option('--allow-unbalanced', 'write it although something is missing for it to balance')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('./commands/export-journal.js')).exportJournal(session, command.opts()),
      ),
    );

  program
    .command('show')
    .description('show what a PI is charged in a billing period')
    .argument('<pi>', 'email address')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .action((pi: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await import('./commands/show.js')).show(session, pi, command.opts())),
    );

  addJournalVerbs(program, run);
  addJournalSettingsVerbs(program, run);
  addLedgerVerbs(program, run);
  addImportVerbs(program, run);
  addPeriodVerbs(program, run);
  addSourceVerbs(program, run);
  addFundVerbs(program, run);
  addInvoiceVerbs(program, run);
  addRuleVerbs(program, run);
  addReviewVerbs(program, run);
  addChargeVerbs(program, run);
  addSplitVerbs(program, run);
  addAdjustmentVerbs(program, run);
  addStatementVerbs(program, run);
  addMailVerbs(program, run);
  addTemplateVerbs(program, run);
  addJobVerbs(program, run);
  addAuditVerbs(program, run);
  addProjectionVerbs(program, run);

  program
    .command('serve')
    .alias('web')
    .description('run the web console, the API and the background work until Ctrl-C')
    .option('--host <address>', 'address to listen on (default: web.host)')
    .option('--port <number>', 'port to listen on (default: web.port)')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await import('./commands/serve.js')).serve(session, command.opts())),
    );

  return program;
}
