import { CommanderError } from 'commander';
import { commandLine, withVersionAsVerb } from './command-line.js';
import type { Terminal } from './output/terminal.js';
import { type CommandResult, type CommonOptions, Session } from './session.js';

/**
 * Runs one command and answers its exit code: 0 done, 1 failed, 2 wrong usage or configuration (domain.md §10).
 * @param args without the names of Node and script
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = commandLine(terminal, async (options, work) => {
    exitCode = await runVerb(options, terminal, work);
  });
  try {
    await program.parseAsync(withVersionAsVerb(program, args), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

async function runVerb(options: CommonOptions, terminal: Terminal, work: (session: Session) => Promise<CommandResult>): Promise<number> {
  const session = new Session(terminal, options);
  try {
    const { data, text, failed = false } = await work(session);
    if (options.json === true) terminal.result(JSON.stringify(data, null, 2));
    else if (text !== '') terminal.result(text);
    return failed ? 1 : 0;
  } catch (error) {
    const { reportError } = await import('./report-error.js');
    return reportError(error, terminal, options.json === true);
  } finally {
    await session.close();
  }
}
