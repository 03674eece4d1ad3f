/**
 * Whether the server refused with this SQLSTATE. Not told by the class of the driver's errors: in a bundled program that is another one than
 * the driver throws.
 */
export function hasSqlState(error: unknown, sqlState: string): error is Error {
  return error instanceof Error && 'code' in error && error.code === sqlState;
}
