/** An exact amount of the generator: whole units of 10^-10 of the currency, the finest price a provider of the sample bills. */
export type Amount = bigint;

const SCALE = 10;
const UNIT = 10n ** BigInt(SCALE);

function units(text: string, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[3] ?? '';
  if (match === null || fraction.length > scale) throw new Error(`“${text}” is no decimal with at most ${String(scale)} decimals.`);
  return BigInt(`${match[1] ?? ''}${match[2] ?? ''}${fraction.padEnd(scale, '0')}`);
}

export function amount(text: string): Amount {
  return units(text, SCALE);
}

/** Quantity × unit price, cut after ten decimals as a provider's meter cuts it. */
export function priced(quantity: string, unitPrice: string): Amount {
  return (units(quantity, SCALE) * units(unitPrice, SCALE)) / UNIT;
}

/** `list` less a discount of `percent` (a whole number). */
export function lessPercent(list: Amount, percent: number): Amount {
  return (list * BigInt(100 - percent)) / 100n;
}

/** `whole` units of 10^-`scale` as decimal text: (12345, 2) is `123.45`. */
export function decimalText(whole: number, scale: number): string {
  if (scale === 0) return String(whole);
  const digits = String(whole).padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Plain decimal text with at least `fewestDecimals` and no needless zeros after them. */
export function writeAmount(value: Amount, fewestDecimals = 2): string {
  const magnitude = value < 0n ? -value : value;
  const fraction = (magnitude % UNIT).toString().padStart(SCALE, '0').replace(/0+$/, '').padEnd(fewestDecimals, '0');
  const sign = value < 0n ? '-' : '';
  return `${sign}${(magnitude / UNIT).toString()}${fraction === '' ? '' : `.${fraction}`}`;
}

/** As {@link writeAmount}, but amounts below a millionth in scientific notation (`4.2E-7`), which FOCUS' numeric format allows. */
export function writeAmountWithExponent(value: Amount): string {
  const magnitude = value < 0n ? -value : value;
  if (magnitude === 0n || magnitude >= 10_000n) return writeAmount(value, 2);
  const digits = magnitude.toString();
  const mantissa = digits.replace(/0+$/, '');
  const fraction = mantissa.length > 1 ? `.${mantissa.slice(1)}` : '';
  return `${value < 0n ? '-' : ''}${mantissa.slice(0, 1)}${fraction}E-${String(SCALE - digits.length + 1)}`;
}
