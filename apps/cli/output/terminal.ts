import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Where a command writes: its result to standard output, everything else to standard error. */
export interface Terminal {
  /** The result; with `--json` exactly one document. */
  readonly result: (text: string) => void;
  /** A file as the result, byte for byte. */
  readonly bytes: (content: Readable) => Promise<void>;
  /** Progress, notices and errors. */
  readonly note: (text: string) => void;
  /** True if standard error is a terminal, where a line may be drawn over. */
  readonly isInteractive: boolean;
  /** Calls back at the first Ctrl-C; the second ends the process at once. */
  onInterrupt(callback: () => void): () => void;
}

/** Exit code of a process that Ctrl-C ended, as shells expect it: 128 + SIGINT. */
export const INTERRUPTED_EXIT_CODE = 130;

export function processTerminal(): Terminal {
  // The reader of a pipe may leave early (`| head`); that is no failure of the command.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return {
    result: (text) => process.stdout.write(`${text}\n`),
    bytes: async (content) => {
      try {
        await pipeline(content, process.stdout, { end: false });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
      }
    },
    note: (text) => process.stderr.write(`${text}\n`),
    isInteractive: process.stderr.isTTY,
    onInterrupt: (callback) => {
      let interrupted = false;
      const listener = (): void => {
        if (interrupted) process.exit(INTERRUPTED_EXIT_CODE);
        interrupted = true;
        callback();
      };
      process.on('SIGINT', listener);
      process.on('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('SIGTERM', listener);
      };
    },
  };
}
