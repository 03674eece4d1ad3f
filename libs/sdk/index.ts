import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, paths } from './generated/schema.js';

export type { components, operations, paths } from './generated/schema.js';

/** Shapes of requests and answers by name: `Schemas['PeriodDetail']`. */
export type Schemas = components['schemas'];

/** An error answer (RFC 9457). Go by `code`; `detail` is for people. */
export type Problem = Schemas['Problem'];

/** The API, typed by its OpenAPI document: `sdk.GET('/api/v1/periods/{period}', { params: { path: { period } } })`. */
export type Sdk = Client<paths>;

export interface SdkOptions {
  /** Where the API is, without a path; left out in a browser: where the page came from. */
  readonly baseUrl?: string;
  readonly fetch?: (request: Request) => Promise<Response>;
  /** The session's token (`csrfToken` of GET /api/v1/session), asked for at every change. */
  readonly csrfToken?: () => string | undefined;
  /** An API key, for programs. */
  readonly apiKey?: string;
}

const CSRF_HEADER = 'x-csrf-token';
const READING_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** A client of the API for browsers and Node. Answers carry either `data` or `error`, which is a {@link Problem}. */
export function createSdk({ baseUrl = '', fetch, csrfToken, apiKey }: SdkOptions = {}): Sdk {
  const client = createClient<paths>({ baseUrl, credentials: 'same-origin', ...(fetch !== undefined && { fetch }) });
  const identify: Middleware = {
    onRequest({ request }) {
      if (apiKey !== undefined) request.headers.set('authorization', `Bearer ${apiKey}`);
      const token = READING_METHODS.includes(request.method) ? undefined : csrfToken?.();
      if (token !== undefined) request.headers.set(CSRF_HEADER, token);
      return request;
    },
  };
  client.use(identify);
  return client;
}

export interface ImportUpload {
  readonly file: Blob;
  readonly fileName: string;
  /** Left out: guessed from the file name. */
  readonly source?: string;
  /** The period expected, `YYYY-MM`; lines of another one are flagged. */
  readonly period?: string;
  readonly deliveryMode?: Schemas['DeliveryMode'];
  readonly allowPartial?: boolean;
  /** An open period: book what the file differs in from a finalized one there, in delivery mode `replace`. */
  readonly asAdjustments?: string;
  /** With `asAdjustments`: why. */
  readonly reason?: string;
  /** Report what the import would do, and do nothing. */
  readonly dryRun?: boolean;
}

/** What an upload leads to: an import, or, with `dryRun`, a preview. */
export type ImportUploadResult = Schemas['ReceivedImportInfo'] | Schemas['StartedPreview'];

/**
 * Sends a file to be imported, with what is said about it before it, as the API wants it.
 * @throws ProblemError if it is refused.
 */
export async function uploadImport(sdk: Sdk, upload: ImportUpload): Promise<ImportUploadResult> {
  const { file, fileName, dryRun, ...fields } = upload;
  const { data, error } = await sdk.POST('/api/v1/imports', {
    params: { query: dryRun === true ? { dryRun } : {} },
    body: { file: '' },
    bodySerializer: () => {
      const form = new FormData();
      for (const [name, value] of Object.entries<string | boolean | undefined>(fields)) {
        if (value !== undefined) form.append(name, String(value));
      }
      form.append('file', file, fileName);
      return form;
    },
  });
  if (data === undefined) throw new ProblemError(error);
  return data;
}

/** A refusal by the API, for those who would rather catch than ask. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
  }
}

/** The data of an answer. @throws ProblemError if there is a problem instead. */
export function unwrap<Data>(answer: { data?: Data; error?: unknown }): Data {
  if (answer.error !== undefined) throw new ProblemError(answer.error as Problem);
  return answer.data as Data;
}
