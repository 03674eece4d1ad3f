import { DomainError } from '#kernel';
import { familyOf } from './booking.js';
import type { JournalFormat, ZeroRows } from './journal-formats.js';

/** What decides it, of a request for a journal. */
export interface AskedRows {
  /** Only what changed since what is booked. */
  readonly delta: boolean;
  /** Also what comes to nothing, in formats that leave it out otherwise. */
  readonly includeZero: boolean;
}

/**
 * Whether a journal has rows for what comes to nothing. `default`, `summary` and `detail` list what is billed, whatever it comes to; `gl` and `template` are
 * booked row by row, and have such rows only where they are asked for. A delta has none in any format: a difference of nothing is no difference.
 * @throws DomainError `journal.delta-without-zeros` where both are asked for
 */
export function zeroRowsOf(format: JournalFormat, { delta, includeZero }: AskedRows): ZeroRows {
  if (delta && includeZero) {
    throw new DomainError(
      'journal.delta-without-zeros',
      'invalid',
      'A delta has only what changed, and where nothing is to be booked nothing did. Write the delta without rows of zero, or the whole month with them.',
    );
  }
  if (delta) return 'left-out';
  return includeZero || familyOf(format) === 'one-sided' ? 'written' : 'left-out';
}
