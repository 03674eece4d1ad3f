import { ProblemError } from '#sdk';

/** A refusal of the server, as problem+json tells it (RFC 9457), or a server that can't be reached (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** What is wrong and how to mend it, in the server's words. */
    readonly detail: string,
    readonly problems: readonly { readonly where: string; readonly what: string }[] = [],
    readonly retryAfterSeconds: number | null = null,
    readonly correlationId: string | null = null,
  ) {
    super(detail);
    this.name = 'Problem';
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

interface ProblemBody {
  readonly code?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly problems?: unknown;
  readonly correlationId?: unknown;
}

const FALLBACK = 'The server gave no reason. Try again; if it stays so, the log of the server says more.';

/** The problem in an answer that is not a success; survives bodies that are no problem+json (a proxy's error page). */
export function problemOf(response: Response, body: unknown): Problem {
  const { code, title, detail, problems, correlationId } = (typeof body === 'object' && body !== null ? body : {}) as ProblemBody;
  const retryAfter = response.headers.get('retry-after');
  return new Problem(
    response.status,
    typeof code === 'string' ? code : `http.${response.status}`,
    typeof detail === 'string' ? detail : typeof title === 'string' ? title : FALLBACK,
    Array.isArray(problems) ? problems.filter(isNamedProblem) : [],
    retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null,
    typeof correlationId === 'string' ? correlationId : null,
  );
}

/** What to show for anything that was thrown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ProblemError) {
    const { status, code, detail, problems, correlationId } = error.problem;
    return new Problem(status, code, detail, problems, null, correlationId);
  }
  if (error instanceof TypeError) {
    return new Problem(0, 'network', 'The server can’t be reached. Check the connection and try again.');
  }
  return new Problem(0, 'console', error instanceof Error ? error.message : String(error));
}

function isNamedProblem(value: unknown): value is { where: string; what: string } {
  return typeof value === 'object' && value !== null && 'where' in value && 'what' in value;
}
