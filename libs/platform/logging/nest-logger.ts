import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Sends what Nest has to say to the program's log: its context becomes `component`, its informational chatter `debug`. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...parameters: unknown[]): void {
    this.write('debug', message, parameters);
  }

  warn(message: unknown, ...parameters: unknown[]): void {
    this.write('warn', message, parameters);
  }

  debug(message: unknown, ...parameters: unknown[]): void {
    this.write('debug', message, parameters);
  }

  verbose(message: unknown, ...parameters: unknown[]): void {
    this.write('trace', message, parameters);
  }

  fatal(message: unknown, ...parameters: unknown[]): void {
    this.write('fatal', message, parameters);
  }

  error(message: unknown, ...parameters: unknown[]): void {
    this.write('error', message, parameters);
  }

  /** Nest passes its context last, and before it, for errors, a stack or the error itself. */
  private write(level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal', message: unknown, parameters: readonly unknown[]): void {
    const component = parameters.at(-1);
    const details = parameters.slice(0, -1);
    const error = [message, ...parameters].find((item) => item instanceof Error);
    const stack = details.find((item) => typeof item === 'string' && item.includes('\n    at '));
    this.logger[level](
      {
        ...(typeof component === 'string' && component !== stack ? { component } : {}),
        ...(error !== undefined ? { err: error } : {}),
        ...(stack !== undefined ? { stack } : {}),
      },
      textOf(message),
    );
  }
}

function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  return message instanceof Error ? message.message : JSON.stringify(message);
}
