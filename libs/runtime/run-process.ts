import { type Clock, DomainError } from '#kernel';
import { createLogger, loadConfig, processEnvironment } from '#platform';
import { type Services, startServices } from './services.js';

/** Exit codes, as of every command of the program (domain.md §10). */
const FAILED = 1;
const WRONG_USAGE = 2;

export interface ProcessPart {
  /** `api`, `worker`: in the log and in the database's list of connections. */
  readonly name: string;
  /** Configuration file; undefined: the default ones. */
  readonly configFile: string | undefined;
  /** The system's unless given. */
  readonly clock?: Clock;
  /** Starts the process's own work on the services; answers how to end it. */
  readonly start: (services: Services) => Promise<() => Promise<void>>;
}

/**
 * Runs a server process until it is told to end: SIGINT and SIGTERM end it in good order, a second one at once. What keeps it from
 * starting is one clear sentence on standard error; exit code 2 for a wrong configuration, 1 for anything else.
 */
export async function runProcess(part: ProcessPart): Promise<void> {
  const told = whenToldToEnd();
  try {
    const config = loadConfig({ path: part.configFile, cwd: process.cwd(), env: processEnvironment() });
    for (const notice of config.notices) process.stderr.write(`Notice: ${notice}\n`);
    const logger = createLogger(config.logging, { name: part.name });
    const clock = part.clock === undefined ? {} : { clock: part.clock };
    const services = await startServices({ config, logger, name: `openchargeback ${part.name}`, ...clock });
    try {
      const stop = await part.start(services);
      await told;
      await stop();
    } finally {
      await services.close();
    }
    process.exit(0);
  } catch (error) {
    reportFailure(error);
    process.exit(isWrongUsage(error) ? WRONG_USAGE : FAILED);
  }
}

/** Says on standard error why a process ends: one sentence, and the single findings below it. */
function reportFailure(error: unknown): void {
  if (!(error instanceof DomainError)) {
    process.stderr.write(`OpenChargeback had to stop: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return;
  }
  const findings = error.problems.map(({ where, what }) => `  ${where}: ${what}\n`);
  process.stderr.write(`${error.detail}\n${findings.join('')}`);
}

function isWrongUsage(error: unknown): boolean {
  return error instanceof DomainError && /^(config|logging)\./.test(error.code);
}

function whenToldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        // Waiting work is in the log and goes on at the next start; nothing is lost by leaving at once.
        if (told) process.exit(FAILED);
        told = true;
        resolve();
      });
    }
  });
}
