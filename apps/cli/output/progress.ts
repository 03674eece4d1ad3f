import type { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.js';

/** Shows how far long work is: a bar on a terminal, plain lines in a pipe, nothing beside a JSON document. */
export interface Progress {
  /** @param share of the work that is done, from 0 to 1; undefined where nobody knows yet */
  update(share: number | undefined, detail: string): void;
  /** Ends the display; the result says how it went. */
  end(): void;
}

const SILENT: Progress = { update: () => undefined, end: () => undefined };
/** In a pipe a line is written for every such step. */
const STEP_PERCENT = 25;

export async function startProgress(terminal: Terminal, label: string, isQuiet: boolean): Promise<Progress> {
  if (isQuiet) return SILENT;
  return terminal.isInteractive ? bar(label) : plainLines(terminal, label);
}

async function bar(label: string): Promise<Progress> {
  const progress = await import('cli-progress');
  const display: SingleBar = new progress.default.SingleBar({
    format: `${label}  {bar}  {percentage}%  {detail}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    hideCursor: true,
    clearOnComplete: true,
    // Ctrl-C is the command's to answer.
    gracefulExit: false,
  });
  display.start(100, 0, { detail: '' });
  return {
    update: (share, detail) => {
      display.update(percentOf(share), { detail });
    },
    end: () => {
      display.stop();
    },
  };
}

function plainLines(terminal: Terminal, label: string): Progress {
  let nextStep = STEP_PERCENT;
  terminal.note(`${label} …`);
  return {
    update: (share, detail) => {
      const percent = percentOf(share);
      if (percent < nextStep) return;
      nextStep = percent + STEP_PERCENT;
      terminal.note(`${label}: ${percent}%  ${detail}`);
    },
    end: () => undefined,
  };
}

function percentOf(share: number | undefined): number {
  return Math.round(Math.min(1, Math.max(0, share ?? 0)) * 100);
}
