import type { Currency } from '#kernel';

/** What is wrong with one cell of a row. `value` is cut to a length a report can show. */
export interface CellProblem {
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

/** A row that cannot be a charge line, and why (domain.md §2: it does not vanish and does not pass). */
export interface RefusedRow extends CellProblem {
  readonly lineNumber: number;
  /** What else is wrong with the same row, so that one round of mending is enough. */
  readonly furtherProblems: readonly CellProblem[];
  /** The row's money where it can be read all the same, as canonical decimal text. */
  readonly amount: string | null;
  /** The currency of `amount`; null where it cannot be read. */
  readonly currency: Currency | null;
  /** The row as the file has it, for the CSV of refused rows. */
  readonly cells: readonly string[];
}
