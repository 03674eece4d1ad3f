import { Decimal } from '#kernel';

/**
 * A running sum of canonical decimal texts, exact whatever the number of terms: whole units are added per scale, and
 * scales meet only when the total is asked for.
 */
export class ExactSum {
  private readonly unitsByScale: bigint[] = [];

  /** @param amount canonical decimal text, such as `-12.5`. */
  add(amount: string): void {
    const point = amount.indexOf('.');
    const scale = point === -1 ? 0 : amount.length - point - 1;
    const units = BigInt(point === -1 ? amount : amount.slice(0, point) + amount.slice(point + 1));
    while (this.unitsByScale.length <= scale) this.unitsByScale.push(0n);
    this.unitsByScale[scale] = (this.unitsByScale[scale] ?? 0n) + units;
  }

  total(): Decimal {
    return Decimal.sum(this.unitsByScale.map((units, scale) => Decimal.ofUnits(units, scale)));
  }

  /** Canonical decimal text. */
  toString(): string {
    return this.total().toString();
  }
}
