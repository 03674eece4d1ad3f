/** The field's terms as a person reads them (domain.md §1, §2). */

const FLAG_WORDS: Readonly<Record<string, { readonly short: string; readonly why: string }>> = {
  missing_pi_email: { short: 'No PI', why: 'The line names no PI. Reattribute it before approving.' },
  invalid_pi_email: {
    short: 'PI is no address',
    why: 'What the line names as PI is not an email address. Reattribute it before approving.',
  },
  missing_project_id: { short: 'No project', why: 'The line names no project.' },
  missing_fund_org: { short: 'No fund/org', why: 'The line names no fund/org.' },
  invalid_fund_org: {
    short: 'Unknown fund/org',
    why: 'The fund/org matches none of the fund/org patterns, or is not in the chart of funds on the day of the charge.',
  },
  period_mismatch: { short: 'Other period', why: 'The line lies in another period than the one expected of the file.' },
  currency_mismatch: { short: 'Other currency', why: 'The line is in another currency than the ledger and is never summed with it.' },
  late_charge: { short: 'After reconciliation', why: 'The charge lies after the end of the project’s reconciliation.' },
  expired_project: { short: 'Project ended', why: 'The charge lies after the end of the project.' },
};

const PATTERN = 'pattern_match:';

/** A flag in few words: `pattern_match:gpu` is `Matches “gpu”`. */
export function flagTitle(flag: string): string {
  if (flag.startsWith(PATTERN)) return `Matches “${flag.slice(PATTERN.length)}”`;
  return FLAG_WORDS[flag]?.short ?? flag.replaceAll('_', ' ');
}

/** Why the flag is there, and what it takes. */
export function flagReason(flag: string): string {
  if (flag.startsWith(PATTERN))
    return `“${flag.slice(PATTERN.length)}” is found in the service or the resource; a person should look at it.`;
  return FLAG_WORDS[flag]?.why ?? flag;
}

/** Every flag that can be filtered for; `pattern_match` stands for all patterns. */
export const FLAG_CHOICES: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'pattern_match', label: 'Matches a pattern' },
  ...Object.entries(FLAG_WORDS).map(([value, { short }]) => ({ value, label: short })),
];

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** `2025-09` as `September 2025`. */
export function periodName(period: string): string {
  const [year, month] = period.split('-');
  return `${MONTHS[Number(month) - 1] ?? month ?? ''} ${year ?? ''}`;
}

/** `2025-09` as `Sep 25`, for narrow places. */
export function periodShortName(period: string): string {
  const [year = '', month] = period.split('-');
  return `${(MONTHS[Number(month) - 1] ?? '').slice(0, 3)} ${year.slice(2)}`;
}

/** `1 charge`, `12 charges`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB'];

/** A file's size: `12.4 kB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[unit] ?? ''}`;
}
