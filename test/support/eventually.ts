import { setTimeout as pause } from 'node:timers/promises';

const INTERVAL_MS = 25;

/** Asks until there is an answer. @throws Error after `timeoutMs`, so that a test never hangs. */
export async function eventually<Answer>(ask: () => Promise<Answer | undefined>, timeoutMs = 45_000): Promise<Answer> {
  for (let waited = 0; waited < timeoutMs; waited += INTERVAL_MS) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pause(INTERVAL_MS);
  }
  throw new Error(`no answer within ${timeoutMs} ms`);
}
