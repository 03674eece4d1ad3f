import { setTimeout as pause } from 'node:timers/promises';
import type { Schemas } from '#sdk';

const RETRY_PAUSE_MS = 250;
const POLL_PAUSE_MS = 200;
/** How long the server may be away; recovering from a kill takes a few seconds. */
const PATIENCE_MS = 120_000;
/** A step that nothing interrupts is done well within this. */
const OUTCOME_TIMEOUT_MS = 300_000;

/** The server refused a request, in its own words. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** Nobody answered, or not to the end; whether the request had an effect is unknown. */
class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

interface ApiRequest {
  readonly method?: 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
}

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** A client of the public HTTP API, as anybody could write one: a session cookie, and its token with every change. */
export class ApiClient {
  private cookie = '';
  private csrfToken = '';

  constructor(
    readonly baseUrl: string,
    private readonly account: Account,
    /** @throws Error if the server is gone for good. */
    private readonly requireAlive: () => void,
  ) {}

  async signIn(): Promise<void> {
    const body = JSON.stringify({ email: this.account.user, password: this.account.password });
    const response = await this.send('/api/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    this.cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0] ?? '')
      .join('; ');
    const session = (await read(response)) as Schemas['SessionInfo'];
    this.csrfToken = session.csrfToken ?? '';
  }

  /** @throws ApiRefusal; ConnectionLost, for {@link step} to begin again. */
  async get<Answer>(path: string): Promise<Answer> {
    return (await read(await this.send(path, {}))) as Answer;
  }

  /** A file, as it is downloaded. */
  async download(path: string): Promise<Uint8Array> {
    const response = await this.send(path, {});
    return new Uint8Array(await response.arrayBuffer().catch((error: unknown) => lost(error)));
  }

  async post<Answer>(path: string, body: object | FormData): Promise<Answer> {
    const isForm = body instanceof FormData;
    const headers = { 'x-csrf-token': this.csrfToken, ...(isForm ? {} : { 'content-type': 'application/json' }) };
    return (await read(await this.send(path, { method: 'POST', headers, body: isForm ? body : JSON.stringify(body) }))) as Answer;
  }

  /**
   * Does a step of the work, from its beginning again if the connection was lost meanwhile. A step looks first and acts then, or is
   * recognised when it comes twice; `repeated` tells that it may have had its effect already.
   */
  async step<Result>(work: (repeated: boolean) => Promise<Result>): Promise<Result> {
    const deadline = performance.now() + PATIENCE_MS;
    for (let repeated = false; ; repeated = true) {
      try {
        return await work(repeated);
      } catch (error) {
        const isTemporary = error instanceof ConnectionLost || (error instanceof ApiRefusal && error.status === 503);
        const isSignedOut = error instanceof ApiRefusal && error.status === 401;
        if ((!isTemporary && !isSignedOut) || performance.now() > deadline) throw error;
        this.requireAlive();
        await pause(RETRY_PAUSE_MS);
        if (isSignedOut) await this.signIn().catch(() => undefined);
      }
    }
  }

  /** Asks until there is an answer, whatever happens to the server in between. */
  async outcome<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
    const deadline = performance.now() + OUTCOME_TIMEOUT_MS;
    while (performance.now() < deadline) {
      const answer = await this.step(ask);
      if (answer !== undefined) return answer;
      this.requireAlive();
      await pause(POLL_PAUSE_MS);
    }
    throw new Error(`No outcome within ${OUTCOME_TIMEOUT_MS / 1000} s; the server's log says more.`);
  }

  private async send(path: string, request: ApiRequest): Promise<Response> {
    const headers = { ...request.headers, ...(this.cookie === '' ? {} : { cookie: this.cookie }) };
    const response = await fetch(new URL(path, this.baseUrl), { ...request, headers }).catch((error: unknown) => lost(error));
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as Partial<Schemas['Problem']>;
    throw new ApiRefusal(
      response.status,
      problem.code ?? 'unknown',
      problem.detail ?? `${response.status} ${response.statusText} at ${path}`,
    );
  }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => lost(error));
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

function lost(error: unknown): never {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  throw new ConnectionLost(cause);
}
