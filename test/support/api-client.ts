import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

const PIECE_BYTES = 1024 * 1024;

/** A refusal of the API: problem+json with its status. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly problems: readonly { readonly where: string; readonly what: string }[] = [],
  ) {
    super(`${status} ${code}: ${detail}`);
  }
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly problems?: ApiProblem['problems'];
}

interface SendOptions {
  readonly body?: string | FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks to the API as a signed-in person does, with session cookie and CSRF token, or as a program with an API key. */
export class ApiClient {
  private cookie = '';
  private csrfToken = '';

  constructor(
    private readonly baseUrl: string,
    private readonly key?: string,
  ) {}

  async signIn(email: string, password: string): Promise<void> {
    await this.post('/session', { email, password });
    const session = await this.get<{ csrfToken: string }>('/session');
    this.csrfToken = session.csrfToken;
  }

  forgetCsrfToken(): void {
    this.csrfToken = '';
  }

  /** Any request, for its status alone. @param path from the root of the server @throws ApiProblem. */
  async request(method: string, path: string): Promise<void> {
    const body = method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } };
    const response = await this.sendTo(path, method, body);
    await response.body?.cancel();
  }

  async get<Answer>(path: string): Promise<Answer> {
    return (await (await this.send('GET', path)).json()) as Answer;
  }

  async bytes(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.send('GET', path)).arrayBuffer());
  }

  /** The answer itself, for its headers. */
  async answer(path: string): Promise<Response> {
    return this.send('GET', path);
  }

  async post<Answer>(path: string, body: object = {}): Promise<Answer> {
    const response = await this.send('POST', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    return (response.status === 204 ? {} : await response.json()) as Answer;
  }

  async patch<Answer>(path: string, body: object): Promise<Answer> {
    const response = await this.send('PATCH', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    return (await response.json()) as Answer;
  }

  async put<Answer>(path: string, body: object): Promise<Answer> {
    const response = await this.send('PUT', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    return (await response.json()) as Answer;
  }

  /** Uploads a text as a file of that name. */
  async uploadText<Answer>(path: string, fileName: string, content: string): Promise<Answer> {
    const form = new FormData();
    form.set('file', new Blob([content]), fileName);
    return (await (await this.send('POST', path, { body: form })).json()) as Answer;
  }

  /** Uploads a file for import. */
  async upload(
    path: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<{ importId: number; position: number; duplicate: boolean }> {
    return (await this.sendFile('/imports', path, fields)) as { importId: number; position: number; duplicate: boolean };
  }

  /** Uploads a file for a dry run. */
  async tryUpload(path: string, fields: Readonly<Record<string, string>>): Promise<{ previewId: string }> {
    return (await this.sendFile('/imports?dryRun=true', path, fields)) as { previewId: string };
  }

  /** Streams a file as a browser's form does, but without holding up the processor: a bench measures who receives it. */
  private async sendFile(to: string, path: string, fields: Readonly<Record<string, string>>): Promise<unknown> {
    const boundary = `form-${randomUUID()}`;
    const part = (disposition: string): string => `--${boundary}\r\ncontent-disposition: form-data; ${disposition}`;
    const texts = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}\r\n\r\n${value}\r\n`);
    const fileName = basename(path).replaceAll('"', '%22');
    const head = Buffer.from(`${texts.join('')}${part(`name="file"; filename="${fileName}"`)}\r\ncontent-type: text/csv\r\n\r\n`);
    const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
    const { size } = await stat(path);
    const upload = request(`${this.baseUrl}/api/v1${to}`, {
      method: 'POST',
      headers: {
        ...this.credentials(),
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': head.length + size + tail.length,
      },
    });
    // Rejects, too, if the connection breaks before there is an answer; one that comes before everything is sent is a refusal.
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
    upload.write(head);
    pipeline(createReadStream(path, { highWaterMark: PIECE_BYTES }), upload, { end: false }).then(
      () => upload.end(tail),
      () => undefined,
    );
    const [response] = await answered;
    const answer = new Response(await text(response), { status: response.statusCode ?? 500 });
    if (!answer.ok) throw await problemOf(answer);
    return answer.json();
  }

  private credentials(): Record<string, string> {
    if (this.key !== undefined) return { authorization: `Bearer ${this.key}` };
    return { cookie: this.cookie, 'x-csrf-token': this.csrfToken };
  }

  private send(method: string, path: string, options: SendOptions = {}): Promise<Response> {
    return this.sendTo(`/api/v1${path}`, method, options);
  }

  private async sendTo(path: string, method: string, options: SendOptions): Promise<Response> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: { ...options.headers, ...this.credentials() },
      ...(options.body === undefined ? {} : { body: options.body }),
    });
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.cookie = cookie.split(';')[0] ?? '';
    if (response.ok) return response;
    throw await problemOf(response);
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  return new ApiProblem(response.status, problem.code ?? 'unknown', problem.detail ?? response.statusText, problem.problems);
}
