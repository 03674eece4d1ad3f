import { DomainError } from './domain-error.js';

const DECIMAL_PATTERN = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Most digits (before plus after the point) an amount may have; numeric in Postgres holds far more. */
const MAX_DIGITS = 200;

const powersOfTen: bigint[] = [1n];
function powerOfTen(exponent: number): bigint {
  for (let n = powersOfTen.length; n <= exponent; n++) powersOfTen.push((powersOfTen[n - 1] ?? 1n) * 10n);
  return powersOfTen[exponent] ?? 1n;
}

/**
 * An exact decimal: an integer coefficient and a scale, never a binary float.
 * Immutable; two decimals with the same value are written the same way (`1.50` and `1.5` are both `1.5`).
 */
export class Decimal {
  static readonly ZERO = new Decimal(0n, 0);

  /** The value is `coefficient` × 10^-`scale`. */
  private constructor(
    private readonly coefficient: bigint,
    private readonly scale: number,
  ) {}

  /**
   * Reads a decimal as FOCUS' numeric format writes it: `-12.5`, `1E-7`, `.5`.
   * @throws DomainError `decimal.malformed` for anything else (`$1`, `1,5`, `+3`, `n/a`, empty).
   */
  static parse(text: string): Decimal {
    const parsed = Decimal.tryParse(text);
    if (parsed === undefined) {
      throw new DomainError('decimal.malformed', 'invalid', `“${text}” is not a decimal number such as -12.5, .5 or 1E-7.`);
    }
    return parsed;
  }

  /** As {@link parse}, but answers undefined for text that is no decimal. */
  static tryParse(text: string): Decimal | undefined {
    const match = DECIMAL_PATTERN.exec(text);
    if (match === null) return undefined;
    const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
    if (whole.length + fraction.length === 0) return undefined;
    const exponent = Number(exponentText);
    if (whole.length + fraction.length + Math.abs(exponent) > MAX_DIGITS) return undefined;
    const digits = BigInt(sign + whole + fraction);
    const scale = fraction.length - exponent;
    return scale >= 0 ? Decimal.normalised(digits, scale) : new Decimal(digits * powerOfTen(-scale), 0);
  }

  /** A whole number of units of 10^-`scale`, such as 1250 cents (scale 2) for 12.5. */
  static ofUnits(units: bigint, scale: number): Decimal {
    return Decimal.normalised(units, scale);
  }

  static sum(values: Iterable<Decimal>): Decimal {
    let total = Decimal.ZERO;
    for (const value of values) total = total.plus(value);
    return total;
  }

  private static normalised(coefficient: bigint, scale: number): Decimal {
    if (coefficient === 0n) return Decimal.ZERO;
    let c = coefficient;
    let s = scale;
    while (s > 0 && c % 10n === 0n) {
      c /= 10n;
      s -= 1;
    }
    return new Decimal(c, s);
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return Decimal.normalised(this.unitsAt(scale) + other.unitsAt(scale), scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negated());
  }

  times(other: Decimal): Decimal {
    return Decimal.normalised(this.coefficient * other.coefficient, this.scale + other.scale);
  }

  /** The quotient, rounded half away from zero to `places` decimals. @throws RangeError when dividing by zero. */
  dividedBy(divisor: Decimal, places: number): Decimal {
    const extra = places + divisor.scale - this.scale;
    const numerator = extra >= 0 ? this.coefficient * powerOfTen(extra) : this.coefficient;
    const denominator = extra >= 0 ? divisor.coefficient : divisor.coefficient * powerOfTen(-extra);
    return Decimal.normalised(divideHalfAwayFromZero(numerator, denominator), places);
  }

  negated(): Decimal {
    return this.coefficient === 0n ? this : new Decimal(-this.coefficient, this.scale);
  }

  abs(): Decimal {
    return this.coefficient < 0n ? this.negated() : this;
  }

  /** Rounds half away from zero, as Postgres's `round(numeric, places)` does (domain.md §8). */
  round(places: number): Decimal {
    if (this.scale <= places) return this;
    return Decimal.normalised(divideHalfAwayFromZero(this.coefficient, powerOfTen(this.scale - places)), places);
  }

  compare(other: Decimal): -1 | 0 | 1 {
    const scale = Math.max(this.scale, other.scale);
    const a = this.unitsAt(scale);
    const b = other.unitsAt(scale);
    return a < b ? -1 : a > b ? 1 : 0;
  }

  equals(other: Decimal): boolean {
    return this.coefficient === other.coefficient && this.scale === other.scale;
  }

  isZero(): boolean {
    return this.coefficient === 0n;
  }

  isNegative(): boolean {
    return this.coefficient < 0n;
  }

  isPositive(): boolean {
    return this.coefficient > 0n;
  }

  /** How many decimals it takes to write this value exactly. */
  get decimals(): number {
    return this.scale;
  }

  /** The value in whole units of 10^-`places`. @throws RangeError if it has more decimals than that. */
  toUnits(places: number): bigint {
    if (this.scale > places) throw new RangeError(`${this.toString()} has more than ${places} decimals`);
    return this.unitsAt(places);
  }

  /** Plain notation without needless zeros: `12.5`, `-0.0000001`, `0`. */
  toString(): string {
    return this.write(this.scale);
  }

  /** Plain notation with at least `places` decimals, never losing one: `12.50` for 12.5, `0.123` for 0.123. */
  toPadded(places: number): string {
    return this.write(Math.max(places, this.scale));
  }

  /** Plain notation with exactly `places` decimals, rounded half away from zero. */
  toFixed(places: number): string {
    return this.round(places).write(places);
  }

  toJSON(): string {
    return this.toString();
  }

  private unitsAt(scale: number): bigint {
    return this.coefficient * powerOfTen(scale - this.scale);
  }

  private write(scale: number): string {
    const units = this.unitsAt(scale);
    const sign = units < 0n ? '-' : '';
    const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
    if (scale === 0) return sign + digits;
    return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  }
}

function divideHalfAwayFromZero(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const floor = n / d;
  const rounded = (n - floor * d) * 2n >= d ? floor + 1n : floor;
  return negative ? -rounded : rounded;
}
