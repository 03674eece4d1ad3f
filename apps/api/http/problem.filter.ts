import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { correlationIdOf } from '#identity';
import { DomainError, type ErrorKind } from '#kernel';
import { LOGGER, type Logger } from '#platform';
import type { Problem } from './problem.dto.js';

const STATUS_OF: { readonly [Kind in ErrorKind]: number } = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  throttled: 429,
  unavailable: 503,
};
/** What a client that is told to come back later may wait. */
const RETRY_AFTER_SECONDS = 5;
/** Raised by the guards in the database themselves (migrations/0001): the last word on what a state forbids. */
const RESTRICT_VIOLATION = '23001';

/** Turns every error into `application/problem+json` (RFC 9457). What nobody foresaw is logged, and shown as a number to ask for. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const correlationId = correlationIdOf(request);
    if (isGone(request)) {
      this.logger.debug({ err: error, correlationId }, 'a client went away before its answer');
      return;
    }
    const refusal = refusalOf(error);
    if (refusal === undefined)
      this.logger.error({ err: error, correlationId, method: request.method, path: request.path }, 'a request failed');
    if (response.headersSent) {
      // Half an answer is out: cutting the connection is the only way left to say that it is not whole.
      response.destroy();
      return;
    }
    const { status, code, detail, problems } = refusal ?? unforeseen(correlationId);
    const body: Problem = {
      type: `urn:openchargeback:problem:${code}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      code,
      detail,
      ...(problems.length > 0 && { problems }),
      correlationId,
    };
    if ((status === 429 || status === 503) && !response.hasHeader('Retry-After')) response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
    response.status(status).type('application/problem+json').send(JSON.stringify(body));
  }
}

/** The connection broke while the request was still coming in: nobody is there to be answered, and nothing is wrong here. */
function isGone(request: Request): boolean {
  return request.destroyed && !request.complete;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly problems: readonly { readonly where: string; readonly what: string }[];
}

function unforeseen(correlationId: string): Refusal {
  const detail = `Something went wrong that should not. The log says more; look there for ${correlationId}.`;
  return { status: 500, code: 'internal', detail, problems: [] };
}

/** What may be told about an error; undefined for one that nobody foresaw. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof DomainError) {
    return { status: STATUS_OF[error.kind], code: error.code, detail: error.detail, problems: error.problems };
  }
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && error.code === RESTRICT_VIOLATION && error instanceof Error) {
    return { status: 409, code: 'state.conflict', detail: `${capitalised(error.message)}. Nothing was changed.`, problems: [] };
  }
  // Nest's own refusals (an unknown route) and those of the body parser.
  const status =
    error instanceof HttpException
      ? error.getStatus()
      : 'expose' in error && error.expose === true && 'status' in error
        ? error.status
        : undefined;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const code = CODES[status] ?? `http.${status}`;
  return { status, code, detail: error instanceof Error ? `${error.message.replace(/\.$/, '')}.` : code, problems: [] };
}

const CODES: Readonly<Record<number, string>> = { 400: 'request.malformed', 404: 'route.unknown', 413: 'request.too-large' };

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
