import { type Schemas, createSdk } from '#sdk';
import { problemOf } from './problem.js';

/** A type of the API, by the name it has in its OpenAPI document. */
export type Schema<Name extends keyof Schemas> = Schemas[Name];

let csrfToken: string | undefined;

/** Every change carries the session's token; the session tells it at sign-in. */
export function keepCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

export const sdk = createSdk({ csrfToken: () => csrfToken });

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What the server answered. @throws Problem with its reason when that is no success. */
export async function answerOf<Data>(request: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await request;
  if (!response.ok) throw problemOf(response, error);
  // An answer without content (204) has no data, and its type says so.
  return data as Data;
}
