import { type Command, Option } from 'commander';
import type { RunVerb } from '../command-line.js';

const load = (): Promise<typeof import('../commands/journal-settings.js')> => import('../commands/journal-settings.js');

/** `journal-settings test`. */
export function addJournalSettingsVerbs(program: Command, run: RunVerb): void {
  const settings = program.command('journal-settings').description('how the journal splits fund/orgs and checks accounts');

  settings
    .command('test')
    .description('show what the expressions make of fund/orgs and accounts; nothing is changed')
    .option('--fund-org-regex <expression>', 'another one than journal.fund_org_regex')
    .option('--account-code-regex <expression>', 'another one than journal.account_code_regex; an empty text: any account will do')
    .option('--default-account <account>', 'another one than journal.default_account')
    .addOption(severalOption('--fund-org <fund/org>', 'to try it on, also several times (default: those in use)'))
    .addOption(severalOption('--account-code <account>', 'to try it on, also several times (default: those in use)'))
    .option('--source <source>', 'show which account its entries are booked to')
    .option('--charge-account <account>', 'with --source: the account that a charge carries')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).testJournalSettings(session, command.opts())),
    );
}

function severalOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
}
