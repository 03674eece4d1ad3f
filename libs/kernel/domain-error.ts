/** What sort of refusal an error is; the doors turn it into an HTTP status or an exit code. */
export type ErrorKind = 'invalid' | 'not-found' | 'conflict' | 'forbidden' | 'unauthenticated' | 'too-large' | 'throttled' | 'unavailable';

/**
 * A refusal with a stable code. Clients match `code`, never the text; `detail` says what, where and how to mend it.
 * `problems` lists single findings (a configuration key, a field, a line) where there are several.
 */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    readonly detail: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(detail);
    this.name = 'DomainError';
  }
}

/** One finding: where it is (a path, a column, a charge) and what is wrong there. */
export interface Problem {
  readonly where: string;
  readonly what: string;
}
