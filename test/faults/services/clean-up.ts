import { rmSync } from 'node:fs';

/** How to end at once, without waiting, what the harness has started and not yet ended. */
const endings = new Map<symbol, () => void>();

/** Registers such an ending; answers how to take it back once the thing has ended in good order. */
export function endedWithHarness(end: () => void): () => void {
  const key = Symbol('ending');
  endings.set(key, end);
  return () => endings.delete(key);
}

/** A folder that an interrupted harness takes with it. */
export function removedWithHarness(folder: string): () => void {
  return endedWithHarness(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
}

/** However the harness ends – by itself, by an error or told to – nothing that it started outlives it. */
export function installCleanUp(): void {
  process.once('exit', () => {
    for (const end of [...endings.values()].reverse()) {
      try {
        end();
      } catch (error) {
        process.stderr.write(`clean-up: ${String(error)}\n`);
      }
    }
  });
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.once(signal, () => process.exit(128 + number));
  }
}

/** Signals a process or, with a negative id, its group; one that has ended already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
