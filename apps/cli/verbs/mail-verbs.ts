import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunVerb } from '../command-line.js';
import { periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/mail.js')> => import('../commands/mail.js');

const STATUSES = ['queued', 'sent', 'failed', 'dev_mode', 'suppressed'];
const MOST_LISTED = 100_000;

/** `deliveries list|show|send|resend|resend-failed` and `mail test|suppressed|suppress|release|delegates|set-delegates`. */
export function addMailVerbs(program: Command, run: RunVerb): void {
  addDeliveryVerbs(
    program.command('deliveries').description('the email log: what was sent, what the mail server said, and once more'),
    run,
  );
  addAddressVerbs(program.command('mail').description('who gets mail, and whether mail works'), run);
}

function addDeliveryVerbs(deliveries: Command, run: RunVerb): void {
  deliveries
    .command('list')
    .description('show the messages, newest first')
    .addOption(periodOption('only those of a billing period'))
    .addOption(new Option('--status <status>', 'only those that are').choices(STATUSES))
    .option('--pi <email>', 'only those about this PI')
    .addOption(new Option('--limit <count>', 'messages to show').default(100).argParser(listCount))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listDeliveries(session, command.opts())),
    );

  deliveries
    .command('show')
    .description('show a message: its text, its attachments, and what became of it and its copies')
    .argument('<id>', 'as deliveries list shows it')
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showDelivery(session, id)),
    );

  deliveries
    .command('preview')
    .description('show the message that a PI would get now')
    .argument('<pi>', 'email address')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .option('--recipient <email>', 'the message of a delegate of single projects')
    .action((pi: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).previewMessage(session, pi, command.opts())),
    );

  deliveries
    .command('send')
    .description('send the current statements that were not sent before, and wait for the outcome')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .option('--pi <email>', 'only those of this PI')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).sendStatements(session, command.opts())),
    );

  deliveries
    .command('resend')
    .description('send a message once more, with the statements of now, and wait for the outcome')
    .argument('<id>', 'as deliveries list shows it')
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).resendDelivery(session, id)),
    );

  deliveries
    .command('resend-failed')
    .description('try every failed message of a billing period again, and wait for the outcome')
    .addOption(periodOption('billing period').makeOptionMandatory())
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).resendFailed(session, command.opts())),
    );
}

function addAddressVerbs(mail: Command, run: RunVerb): void {
  mail
    .command('test')
    .description('send a test message, and say what the mail server says')
    .argument('<email>', 'an address of your own')
    .action((to: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).sendTestMail(session, to)),
    );

  mail
    .command('suppressed')
    .description('show the addresses that get no mail, and those that servers refuse')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listSuppressed(session)),
    );

  mail
    .command('suppress')
    .description('send no more mail to an address')
    .argument('<email>')
    .requiredOption('--reason <text>', 'why; kept in the log')
    .action((address: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).suppressAddress(session, address, command.opts())),
    );

  mail
    .command('release')
    .description('send mail to an address again')
    .argument('<email>')
    .option('--reason <text>', 'why; kept in the log')
    .action((address: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).releaseAddress(session, address, command.opts())),
    );

  mail
    .command('delegates')
    .description('show who gets copies of messages')
    .option('--pi <email>', 'only those of this PI')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listDelegates(session, command.opts())),
    );

  mail
    .command('set-delegates')
    .description('set who gets copies of a PI’s messages, or the statements of one project; nobody ends it')
    .argument('<pi>', 'email address')
    .argument('[delegate...]', 'email addresses')
    .option('--project <id>', 'delegates of this project, who get its statements alone')
    .action((pi: string, delegates: string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).setDelegates(session, pi, delegates, command.opts())),
    );
}

function listCount(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST_LISTED) throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_LISTED}.`);
  return count;
}
