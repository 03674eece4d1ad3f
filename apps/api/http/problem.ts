import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { DomainError, type ErrorKind } from '#kernel';
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
/** Raised by the guards in the database themselves (migrations/0001): the last word on what a state forbids. */
const RESTRICT_VIOLATION = '23001';
const CODES: Readonly<Record<number, string>> = { 400: 'request.malformed', 404: 'route.unknown', 413: 'request.too-large' };

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly problems: readonly { readonly where: string; readonly what: string }[];
}

/** An error as clients are told of it, and whether it was foreseen: of one that was not, only the log says more. */
export function problemOf(error: unknown, correlationId: string): { problem: Problem; isForeseen: boolean } {
  const refusal = refusalOf(error);
  const { status, code, detail, problems } = refusal ?? unforeseen(correlationId);
  const problem: Problem = {
    type: `urn:openchargeback:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    ...(problems.length > 0 && { problems }),
    correlationId,
  };
  return { problem, isForeseen: refusal !== undefined };
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

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
