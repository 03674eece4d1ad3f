import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DestinationStream, type Logger, destination, multistream, pino, stdTimeFunctions } from 'pino';
import { DomainError } from '#kernel';
import type { LoggingConfig } from '../config/app-config.js';
import { keyValueLine } from './key-value-line.js';

export type { Logger } from 'pino';

/** Never written, wherever a caller puts an object that has them. */
const SECRETS = ['password', 'passwordHash', 'secretKey', 'token', 'apiKey', 'authorization', 'cookie'];

export interface LoggerOptions {
  /** The process: `api`, `worker`, `cli`. */
  readonly name: string;
  /** Where lines go besides the file; standard error by default, which leaves standard output to a command's result. */
  readonly stream?: DestinationStream;
}

/**
 * The program's log in the configured format and from the configured level on, to standard error and the log file.
 * @throws DomainError `logging.file` if the file can't be written to.
 */
export function createLogger(config: LoggingConfig, options: LoggerOptions): Logger {
  const streams = [
    options.stream ?? destination({ dest: 2, sync: true }),
    ...(config.file === undefined ? [] : [openLogFile(config.file)]),
  ];
  const format = config.format === 'splunk' ? asKeyValues : (stream: DestinationStream): DestinationStream => stream;
  return pino(
    {
      level: config.enabled ? config.level : 'silent',
      base: { name: options.name, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[secret]' },
    },
    multistream(streams.map((stream) => ({ level: 'trace', stream: format(stream) }))),
  );
}

function asKeyValues(stream: DestinationStream): DestinationStream {
  return { write: (line) => stream.write(`${keyValueLine(JSON.parse(line) as Record<string, unknown>)}\n`) };
}

function openLogFile(file: string): DestinationStream {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const descriptor = openSync(file, 'a', 0o640);
    return destination({ dest: descriptor, sync: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError(
      'logging.file',
      'invalid',
      `The log file ${file} can't be written to (${reason}); set logging.file to another one.`,
    );
  }
}
