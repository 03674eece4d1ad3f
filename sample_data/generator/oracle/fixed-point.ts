/**
 * The oracle's own arithmetic: a whole number of 10^-30 of the currency. It shares nothing with the program it checks.
 */
export type Fixed = bigint;

const SCALE = 30;
const CENT = 10n ** BigInt(SCALE - 2);

/** Reads plain and scientific notation; throws for anything else and for what 30 decimals cannot hold. */
export function fixed(text: string): Fixed {
  const match = /^(-?)(\d*)\.?(\d*)(?:E(-?\d+))?$/.exec(text);
  if (match === null) throw new Error(`“${text}” is no amount.`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const places = SCALE - fraction.length + Number(exponent);
  if (places < 0 || whole + fraction === '') throw new Error(`“${text}” is no amount of at most ${String(SCALE)} decimals.`);
  return BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(places);
}

/** To the cent, half away from zero (domain.md §8). */
export function toCents(value: Fixed): Fixed {
  const magnitude = value < 0n ? -value : value;
  const cents = (magnitude + CENT / 2n) / CENT;
  return (value < 0n ? -cents : cents) * CENT;
}

export function exactText(value: Fixed): string {
  const magnitude = value < 0n ? -value : value;
  const digits = magnitude.toString().padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -SCALE)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Two decimals; `value` is a whole number of cents. */
export function centsText(value: Fixed): string {
  if (value % CENT !== 0n) throw new Error(`${exactText(value)} is not a whole number of cents.`);
  const digits = ((value < 0n ? -value : value) / CENT).toString().padStart(3, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function sum(values: Iterable<Fixed>): Fixed {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}
