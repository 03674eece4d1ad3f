import { Decimal } from '#kernel';

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/** Any integer of as many digits is exact as a double, and so is a sum that stays below {@link CARRY_AT} before it is added. */
const SMALL_DIGITS = 15;
const CARRY_AT = 2 ** 52;

/**
 * A running sum of canonical decimal texts, exact whatever the number of terms: whole units are added per scale, and
 * scales meet only when the total is asked for. Units that are small enough are counted as safe integers, because making a bigint of each
 * amount took a fifth of the time of reading a file; what they add up to is carried over long before it could lose a digit.
 */
export class ExactSum {
  private readonly unitsByScale: bigint[] = [];
  private readonly smallUnitsByScale: number[] = [];

  /** @param amount canonical decimal text, such as `-12.5`. */
  add(amount: string): void {
    const length = amount.length;
    const negative = amount.charCodeAt(0) === MINUS;
    if (length > SMALL_DIGITS) {
      this.addLarge(amount);
      return;
    }
    let units = 0;
    let point = length - 1;
    for (let i = negative ? 1 : 0; i < length; i++) {
      const code = amount.charCodeAt(i);
      if (code === POINT) point = i;
      else units = units * 10 + code - ZERO;
    }
    this.addUnits(negative ? -units : units, length - 1 - point);
  }

  /** @param units an integer of at most fifteen digits, in units of 10^-scale. */
  addUnits(units: number, scale: number): void {
    while (this.smallUnitsByScale.length <= scale) this.smallUnitsByScale.push(0);
    const sum = (this.smallUnitsByScale[scale] ?? 0) + units;
    this.smallUnitsByScale[scale] = sum;
    if (sum > CARRY_AT || sum < -CARRY_AT) this.carry(scale);
  }

  total(): Decimal {
    this.smallUnitsByScale.forEach((_, scale) => this.carry(scale));
    return Decimal.sum(this.unitsByScale.map((units, scale) => Decimal.ofUnits(units, scale)));
  }

  /** Canonical decimal text. */
  toString(): string {
    return this.total().toString();
  }

  private addLarge(amount: string): void {
    const point = amount.indexOf('.');
    const scale = point === -1 ? 0 : amount.length - point - 1;
    this.addLargeUnits(scale, BigInt(point === -1 ? amount : amount.slice(0, point) + amount.slice(point + 1)));
  }

  private carry(scale: number): void {
    this.addLargeUnits(scale, BigInt(this.smallUnitsByScale[scale] ?? 0));
    this.smallUnitsByScale[scale] = 0;
  }

  private addLargeUnits(scale: number, units: bigint): void {
    while (this.unitsByScale.length <= scale) this.unitsByScale.push(0n);
    this.unitsByScale[scale] = (this.unitsByScale[scale] ?? 0n) + units;
  }
}
