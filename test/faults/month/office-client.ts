import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient, ApiProblem } from '../../support/api-client.js';
import { ADMIN } from '../services/program-config.js';

const RETRY_PAUSE_MS = 250;
const POLL_MS = 100;
/** One request; far above what any of them takes on a slow machine. */
const REQUEST_TIMEOUT_MS = 90_000;
/** Recovery takes seconds; what takes longer than this hangs. */
const PATIENCE_MS = 300_000;

/** The requests of an office whose program fails now and then: it looks how things stand and asks again, as a person would. */
export class OfficeClient {
  /** Requests that failed and were made again. */
  retries = 0;
  private client: ApiClient | undefined;

  constructor(private readonly url: string) {}

  async get<Answer>(path: string): Promise<Answer> {
    return this.again(`GET ${path}`, (client) => client.get<Answer>(path));
  }

  async bytes(path: string): Promise<Buffer> {
    return this.again(`GET ${path}`, (client) => client.bytes(path));
  }

  /** A request that may be repeated as it is: the program recognises a repetition. */
  async upload(path: string, source: string): Promise<{ importId: number; duplicate: boolean }> {
    return this.again(`upload ${path}`, (client) => client.upload(path, { source }));
  }

  /**
   * A request that must take effect once. When it fails without an answer that can be trusted, `find` says from how things stand
   * now whether it did take effect; only if not is it made again.
   */
  async change<Answer>(path: string, body: object, find: () => Promise<Answer | undefined>): Promise<Answer> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await this.once((client) => client.post<Answer>(path, body));
      } catch (error) {
        await this.bear(error, `POST ${path}`, deadline);
        const found = await this.seeingEverything(find);
        if (found !== undefined) return found;
      }
    }
  }

  async until<Answer>(what: string, ask: () => Promise<Answer | undefined>): Promise<Answer> {
    const deadline = performance.now() + PATIENCE_MS;
    while (performance.now() < deadline) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await pause(POLL_MS);
    }
    throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}`);
  }

  /** Asks once the read models have seen all that the log holds now. */
  async seeingEverything<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const { lastPosition } = await this.get<{ lastPosition: number }>('/system');
    await this.get(`/system?wait=${lastPosition}`);
    return ask();
  }

  private async again<Answer>(what: string, request: (client: ApiClient) => Promise<Answer>): Promise<Answer> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await this.once(request);
      } catch (error) {
        await this.bear(error, what, deadline);
      }
    }
  }

  /** @throws the error itself where asking again would not mend it. */
  private async bear(error: unknown, what: string, deadline: number): Promise<void> {
    if (!isPassing(error)) throw new Error(`${what}: ${String(error)}`, { cause: error });
    if (performance.now() > deadline)
      throw new Error(`${what} still fails after ${PATIENCE_MS / 1000} s: ${String(error)}`, { cause: error });
    // A session may have ended with its cookie unanswered.
    if (error instanceof ApiProblem && (error.status === 401 || error.status === 403)) this.client = undefined;
    this.retries += 1;
    await pause(RETRY_PAUSE_MS);
  }

  private async once<Answer>(request: (client: ApiClient) => Promise<Answer>): Promise<Answer> {
    const impatience = new AbortController();
    const late = pause(REQUEST_TIMEOUT_MS, undefined, { signal: impatience.signal }).then(
      () => {
        throw new TypeError(`no answer within ${REQUEST_TIMEOUT_MS / 1000} s`);
      },
      () => new Promise<never>(() => undefined),
    );
    try {
      return await Promise.race([this.signedIn().then(request), late]);
    } finally {
      impatience.abort();
    }
  }

  private async signedIn(): Promise<ApiClient> {
    if (this.client !== undefined) return this.client;
    const client = new ApiClient(this.url);
    await client.signIn(ADMIN.email, ADMIN.password);
    this.client = client;
    return client;
  }
}

/** No answer (fetch throws a TypeError), a server's own failure, a session that is gone, or somebody who was faster. */
function isPassing(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  if (!(error instanceof ApiProblem)) return false;
  return error.status >= 500 || [401, 403, 429].includes(error.status) || error.code === 'stream.conflict';
}
