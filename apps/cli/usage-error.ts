/** The command line itself is wrong: exit code 2, like an unknown option. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The person at the terminal wants the command to end. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}
