import type { RestatedKind, Restatement } from '#imports';
import { section } from '../output/section.js';
import { whoseMoney } from './whose-money.js';

const MOST_SHOWN = 10;
const COUNT = { align: 'right' } as const;
const AMOUNT = { align: 'point' } as const;

const KIND_WORDS: Readonly<Record<RestatedKind, string>> = {
  revised: 'revised: other amounts than billed',
  withdrawn: 'withdrawn: billed, but not in the file',
  new: 'new: in the file, but not billed',
  unchanged: 'unchanged',
  rejected: 'rejected in review: never billed, left so',
};

/** What a file that restates a finalized period differs in, and what is booked for that. @param adjustmentId null for a dry run */
export function describeRestatement(
  { period, adjustedPeriod, lineCount, flaggedLineCount, kinds, piChanges }: Restatement,
  adjustmentId: number | null,
): string[] {
  if (lineCount === 0) return [`  Nothing is booked: the file says of ${adjustedPeriod} what was billed, with its adjustments.`];
  const flagged = flaggedLineCount === 0 ? '' : `, ${flaggedLineCount} of them for review`;
  const booked = adjustmentId === null ? 'Would be booked' : `Booked as adjustment ${adjustmentId}`;
  const columns = [
    { title: `AGAINST WHAT WAS BILLED OF ${adjustedPeriod}` },
    { title: 'LINES', ...COUNT },
    { title: 'BILLED', ...AMOUNT },
    { title: 'IN THE FILE', ...AMOUNT },
    { title: 'DIFFERENCE', ...AMOUNT },
    { title: '' },
  ];
  const cells = kinds.map(({ kind, currency, before, after, amount, ...total }) => [
    KIND_WORDS[kind],
    String(total.lineCount),
    before,
    after,
    amount,
    currency,
  ]);
  return [
    `  ${booked} in ${period}: ${lineCount} ${lineCount === 1 ? 'charge' : 'charges'}${flagged}`,
    section(columns, cells),
    ...whoseMoney(piChanges, MOST_SHOWN),
  ];
}
