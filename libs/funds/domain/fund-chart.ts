import { composedText } from '#kernel';
import type { Fund } from './fund.events.js';

type Validity = Pick<Fund, 'validFrom' | 'validTo'>;

/**
 * The chart of funds at one moment, to hold charges against. A lookup costs the same however many funds there are.
 *
 * Fund/orgs are compared exactly, after trimming and NFC: in an accounting system `BIO-1` and `bio-1` may be two accounts, and a journal
 * with the wrong one is not booked. One that differs in case alone is said to be near.
 */
export class FundChart {
  private readonly funds: ReadonlyMap<string, Validity>;
  private inAnyCase: ReadonlyMap<string, string> | undefined;

  constructor(funds: Iterable<Pick<Fund, 'fundOrg' | 'validFrom' | 'validTo'>>) {
    this.funds = new Map(Array.from(funds, ({ fundOrg, validFrom, validTo }) => [fundOrg, { validFrom, validTo }]));
  }

  /** An office that has put no fund into the chart does not use one, and no charge is held against it. */
  get isInUse(): boolean {
    return this.funds.size > 0;
  }

  /**
   * Why a charge of that day can't go to the fund/org, such as `BIO-1 was valid until 2025-06-30`; null if it can, if no chart is in use, or
   * if no fund/org is named, which has a flag of its own.
   * @param day `YYYY-MM-DD`
   */
  problemOf(fundOrg: string, day: string): string | null {
    if (!this.isInUse) return null;
    const name = composedText(fundOrg);
    if (name === '') return null;
    const fund = this.funds.get(name);
    if (fund === undefined) return this.unknown(name);
    const { validFrom, validTo } = fund;
    if (validTo !== null && validFrom !== null && validTo < validFrom) return `${name} was retired before it became valid`;
    if (validTo !== null && day > validTo) return `${name} was valid until ${validTo}`;
    if (validFrom !== null && day < validFrom) return `${name} is valid from ${validFrom}`;
    return null;
  }

  private unknown(name: string): string {
    this.inAnyCase ??= new Map(Array.from(this.funds.keys(), (fundOrg) => [fundOrg.toLowerCase(), fundOrg]));
    const near = this.inAnyCase.get(name.toLowerCase());
    return `${name} is in no chart of funds${near === undefined ? '' : `; did you mean ${near}?`}`;
  }
}
