import type { BillingPeriod, Currency } from '#kernel';
import type { AmountInHand } from '../amount-in-hand.js';
import { arrayLiteral } from '../charge-line-format.js';
import { type CopyText, escaped } from '../copy-text.js';
import type { AmountsInHand, Attribution, LineInHand } from '../line-in-hand.js';
import type { CellValues } from './cell-values.js';
import type { CsvRow } from './csv-row.js';
import type { LineFingerprint } from './line-fingerprint.js';
import type { FlaggedAttribution } from './tag-attribution.js';

/** Columns with a field of their own in a charge line; all others are kept as raw data. */
export const OWN_COLUMNS = [
  'BillingPeriodStart',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'BilledCost',
  'EffectiveCost',
  'ListCost',
  'ContractedCost',
  'BillingCurrency',
  'ServiceProviderName',
  'ProviderName',
  'BillingAccountId',
  'SubAccountId',
  'InvoiceId',
  'ChargeCategory',
  'ChargeDescription',
  'ServiceName',
  'ServiceCategory',
  'ResourceId',
  'ResourceName',
  'RegionId',
  'SkuId',
  'Tags',
] as const;

export type OwnColumn = (typeof OWN_COLUMNS)[number];

/** The service of a line that names none. */
export const OTHER_SERVICE = 'Other';
export const NO_FLAGS: readonly string[] = [];
const OPENING_BRACE = Buffer.from('{');
const COMMA = Buffer.from(',');
const CLOSING_BRACE = Buffer.from('}');
const CHARGE_PERIOD_END = Buffer.from('"ChargePeriodEnd":');
const BILLING_PERIOD_END = Buffer.from('"BillingPeriodEnd":');

/** The line in hand: what its builder worked out, and the row's values, which nobody copies before the line is written. */
export class BuiltLine implements LineInHand {
  lineNumber = 0;
  declare period: BillingPeriod;
  declare currency: Currency;
  declare amounts: AmountsInHand;
  declare attribution: FlaggedAttribution;
  flags: readonly string[] = NO_FLAGS;
  declare row: CsvRow;
  /** The column of the service name; -1 if the line has none. */
  service = -1;
  chargeStart: string | null = null;
  /** Null also where the cell can't be read; then it is kept as raw data. */
  chargeEnd: string | null = null;
  /** The end of the billing period as raw data, where it is not what the file says; null otherwise. */
  billingEnd: string | null = null;
  private readonly otherColumns: readonly { readonly index: number; readonly prefix: Buffer }[];

  /**
   * @param index of the columns in the file, -1 for those that it lacks
   * @param otherColumns what is kept as raw data
   */
  constructor(
    private readonly index: Readonly<Record<OwnColumn, number>>,
    otherColumns: readonly { readonly index: number; readonly name: string }[],
    private readonly values: CellValues,
    private readonly fingerprint: LineFingerprint,
  ) {
    this.otherColumns = otherColumns.map((column) => ({ index: column.index, prefix: escaped(`${JSON.stringify(column.name)}:`) }));
  }

  get rule(): string | null {
    return this.attribution.rule;
  }

  get attributionByTags(): Attribution {
    return this.attribution.byTags;
  }

  writeTo(out: CopyText, importId: string): void {
    const { index, values, amounts } = this;
    out.text(importId);
    out.text(String(this.lineNumber));
    out.text(this.period);
    this.writeValue(out, values.has(index.ServiceProviderName) ? index.ServiceProviderName : index.ProviderName);
    this.writeValue(out, index.BillingAccountId);
    this.writeValue(out, index.SubAccountId);
    this.writeValue(out, index.InvoiceId);
    this.writeValue(out, index.ChargeCategory);
    this.writeValue(out, index.ChargeDescription);
    out.instant(this.chargeStart);
    out.instant(this.chargeEnd);
    if (this.service === -1) out.text(OTHER_SERVICE);
    else this.writeValue(out, this.service);
    this.writeValue(out, index.ServiceCategory);
    this.writeValue(out, index.ResourceId);
    this.writeValue(out, index.ResourceName);
    this.writeValue(out, index.RegionId);
    this.writeValue(out, index.SkuId);
    out.text(this.currency);
    amounts.listCost.writeTo(out);
    writeAmount(out, amounts.contractedCost);
    writeAmount(out, amounts.billedCost);
    writeAmount(out, amounts.effectiveCost);
    amounts.amount.writeTo(out);
    out.raw(this.attribution.printed);
    this.writeTags(out);
    this.writeOtherColumns(out);
    out.uuid(this.fingerprint.of(values));
    out.text(arrayLiteral(this.flags));
    out.endRow();
  }

  /** @param index of a column in the file, -1 for one that it lacks */
  private writeValue(out: CopyText, index: number): void {
    const { values } = this;
    if (values.has(index)) out.cell(values.bytes, values.start(index), values.end(index));
    else out.null();
  }

  /** The tags as they stand in the file, blanks around them and all. */
  private writeTags(out: CopyText): void {
    const { row } = this;
    const index = this.index.Tags;
    if (this.values.has(index)) out.cell(row.bytes, row.starts[index] ?? -1, row.ends[index] ?? 0);
    else out.null();
  }

  /** Every other column as one object of JSON, column name as written → text; null where there is none. */
  private writeOtherColumns(out: CopyText): void {
    const { values } = this;
    let separator = OPENING_BRACE;
    const end = this.index.ChargePeriodEnd;
    if (this.chargeEnd === null && values.has(end)) {
      out.raw(separator);
      out.raw(CHARGE_PERIOD_END);
      out.jsonString(values.bytes, values.start(end), values.end(end));
      separator = COMMA;
    }
    if (this.billingEnd !== null) {
      out.raw(separator);
      out.raw(BILLING_PERIOD_END);
      out.raw(escaped(JSON.stringify(this.billingEnd)));
      separator = COMMA;
    }
    for (const { index, prefix } of this.otherColumns) {
      if (!values.has(index)) continue;
      out.raw(separator);
      out.raw(prefix);
      out.jsonString(values.bytes, values.start(index), values.end(index));
      separator = COMMA;
    }
    if (separator === OPENING_BRACE) {
      out.null();
      return;
    }
    out.raw(CLOSING_BRACE);
    out.endCell();
  }
}

function writeAmount(out: CopyText, amount: AmountInHand | null): void {
  if (amount === null) out.null();
  else amount.writeTo(out);
}
