import { createHash } from 'node:crypto';
import type { ChargeLine } from '../domain/charge-line.js';

/** A piece counts as full early enough that the next lines still fit without a larger buffer. */
const FULL_SHARE = 0.8;

/** The columns of `charge_lines` in the order in which {@link ChargeLineWriter} writes them. */
export const CHARGE_LINE_COLUMNS = [
  'import_id',
  'line_no',
  'period',
  'provider_name',
  'billing_account_id',
  'sub_account_id',
  'invoice_id',
  'charge_category',
  'charge_description',
  'charge_period_start',
  'charge_period_end',
  'service_name',
  'service_category',
  'resource_id',
  'resource_name',
  'region_id',
  'sku_id',
  'currency',
  'list_cost',
  'contracted_cost',
  'billed_cost',
  'effective_cost',
  'amount',
  'pi_email',
  'pi_email_as_written',
  'project_id',
  'fund_org',
  'cost_center',
  'account_code',
  'reference_1',
  'reference_2',
  'end_date',
  'reconciliation_end',
  'tags',
  'other_columns',
  'fingerprint',
  'flags',
] as const;

const BACKSLASH = 92;
const CAPITAL_N = 78;
const TAB = 9;
const LINE_FEED = 10;
const BLANK = 32;
const PLUS = 43;
const ZERO = 48;
const FIRST_BEYOND_ASCII = 128;
/** Bytes that a UTF-16 unit takes at most: three of UTF-8, or two where it is escaped. */
const MAX_BYTES_PER_UNIT = 3;
/** From so many characters on, looking a text over and copying it as a whole is faster than going through it one by one. */
const LONG_TEXT = 24;
/** Whatever is escaped or takes more than one byte, and a few control characters that do neither. */
const NOT_PLAIN = /[^\x20-\x5b\x5d-\x7e]/;
/** Where the time begins in `2025-01-01T00:00:00Z`. */
const TIME_AT = 10;

/** Characters that COPY's text format escapes → the letter after the backslash. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);
const IS_ESCAPED = new Uint8Array(FIRST_BEYOND_ASCII);
for (const character of ESCAPES.keys()) IS_ESCAPED[character.charCodeAt(0)] = 1;

/**
 * Writes the lines of one import for `COPY charge_lines (…) FROM STDIN` in text format, exactly as `COPY … TO` prints the stored rows (time
 * zone UTC, DateStyle ISO), so that a digest over these bytes can be checked against the table.
 *
 * Cells go into the bytes one by one: joined to texts first, a line took half as long again to encode, and what was joined outlived the
 * young generation.
 */
export class ChargeLineWriter {
  private readonly importId: string;
  private bytes: Buffer;
  private used = 0;

  /** @param pieceBytes about how large the pieces are that {@link take} answers */
  constructor(
    importId: number,
    private readonly pieceBytes: number,
  ) {
    this.importId = String(importId);
    this.bytes = Buffer.allocUnsafe(pieceBytes);
  }

  /** Time to {@link take} what is written. */
  get isFull(): boolean {
    return this.used >= this.pieceBytes * FULL_SHARE;
  }

  write(line: ChargeLine): void {
    this.text(this.importId);
    this.text(String(line.lineNumber));
    this.text(line.period);
    this.text(line.providerName);
    this.text(line.billingAccountId);
    this.text(line.subAccountId);
    this.text(line.invoiceId);
    this.text(line.chargeCategory);
    this.text(line.chargeDescription);
    this.instant(line.chargePeriodStart);
    this.instant(line.chargePeriodEnd);
    this.text(line.serviceName);
    this.text(line.serviceCategory);
    this.text(line.resourceId);
    this.text(line.resourceName);
    this.text(line.regionId);
    this.text(line.skuId);
    this.text(line.currency);
    this.text(line.listCost);
    this.text(line.contractedCost);
    this.text(line.billedCost);
    this.text(line.effectiveCost);
    this.text(line.amount);
    this.text(line.piEmail);
    this.text(line.piEmailAsWritten);
    this.text(line.projectId);
    this.text(line.fundOrg);
    this.text(line.costCenter);
    this.text(line.accountCode);
    this.text(line.reference1);
    this.text(line.reference2);
    this.text(line.endDate);
    this.text(line.reconciliationEnd);
    this.text(line.tags);
    this.text(line.otherColumns);
    this.text(line.fingerprint);
    this.text(arrayLiteral(line.flags));
    // In place of the tab after the last cell.
    this.bytes[this.used - 1] = LINE_FEED;
  }

  /** The bytes written so far; what follows is written elsewhere, so these may be read meanwhile. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.used);
    this.bytes = Buffer.allocUnsafe(this.pieceBytes);
    this.used = 0;
    return taken;
  }

  /** A cell and the tab after it. */
  private text(value: string | null): void {
    if (value === null) {
      this.null();
      return;
    }
    const { length } = value;
    this.reserve(length * MAX_BYTES_PER_UNIT + 1);
    const { bytes } = this;
    let at = this.used;
    if (length >= LONG_TEXT) {
      if (NOT_PLAIN.test(value)) this.unusualText(value);
      else {
        at += bytes.write(value, at, 'latin1');
        bytes[at] = TAB;
        this.used = at + 1;
      }
      return;
    }
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code >= FIRST_BEYOND_ASCII || IS_ESCAPED[code] === 1) {
        this.unusualText(value);
        return;
      }
      bytes[at] = code;
      at += 1;
    }
    bytes[at] = TAB;
    this.used = at + 1;
  }

  private unusualText(value: string): void {
    const escaped = value.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES.get(character) ?? character);
    this.used += this.bytes.write(escaped, this.used);
    this.bytes[this.used] = TAB;
    this.used += 1;
  }

  /** `2025-01-01T00:00:00Z` as Postgres prints a timestamptz in UTC: `2025-01-01 00:00:00+00`. */
  private instant(value: string | null): void {
    if (value === null) {
      this.null();
      return;
    }
    const begin = this.used;
    const length = value.length - 1;
    this.reserve(length + 4);
    const { bytes } = this;
    for (let i = 0; i < length; i++) bytes[begin + i] = value.charCodeAt(i);
    bytes[begin + TIME_AT] = BLANK;
    bytes[begin + length] = PLUS;
    bytes[begin + length + 1] = ZERO;
    bytes[begin + length + 2] = ZERO;
    bytes[begin + length + 3] = TAB;
    this.used = begin + length + 4;
  }

  private null(): void {
    this.reserve(3);
    this.bytes[this.used] = BACKSLASH;
    this.bytes[this.used + 1] = CAPITAL_N;
    this.bytes[this.used + 2] = TAB;
    this.used += 3;
  }

  private reserve(size: number): void {
    if (this.used + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.used + size, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }
}

/** A running SHA-256 over encoded lines, in the order of their line numbers: what the event says the table holds. */
export class ChargeLineDigest {
  private readonly hash = createHash('sha256');

  /** @param encodedLines what a {@link ChargeLineWriter} wrote. */
  update(encodedLines: Buffer): this {
    this.hash.update(encodedLines);
    return this;
  }

  /** 64 hexadecimal digits; asks for the end of the run. */
  hex(): string {
    return this.hash.digest('hex');
  }
}

/** A text[] as Postgres prints it: quotes only around elements that need them. */
function arrayLiteral(elements: readonly string[]): string {
  if (elements.length === 0) return '{}';
  return `{${elements.map(arrayElement).join(',')}}`;
}

function arrayElement(element: string): string {
  const needsQuotes = element === '' || /[{}",\\ \t\n\r\v\f]/.test(element) || element.toLowerCase() === 'null';
  return needsQuotes ? `"${element.replace(/["\\]/g, '\\$&')}"` : element;
}
