import type { Command } from 'commander';
import type { RunVerb } from '../command-line.js';

const load = (): Promise<typeof import('../commands/audit.js')> => import('../commands/audit.js');
const SEALS = `
A seal is written as \`audit seal\` and \`audit verify\` show it, such as 12:9f2c01d4a7b3e865. Kept outside of this
program (on paper, in a mail to the auditors), it shows later whether history was rewritten as a whole: then the
log no longer holds it. The number alone, 12, is taken too, but proves less.`;

/** `audit verify|seal`. */
export function addAuditVerbs(program: Command, run: RunVerb): void {
  const audit = program.command('audit').description('prove that nothing was changed behind the program’s back');

  audit
    .command('verify')
    .description('check the log, the lines of all imports and all stored files; exit code 1 if anything is not as it was recorded')
    .option('--since <seal>', 'only what was recorded after this seal')
    .addHelpText('after', SEALS)
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).verifyAudit(session, command.opts())),
    );

  audit
    .command('seal')
    .description('seal the log now and show the seal; the program does so by itself every few minutes and after each finalizing')
    .addHelpText('after', SEALS)
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), async (session) => (await load()).sealLog(session)));
}
