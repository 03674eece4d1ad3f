import { invoiceKeySql } from '#invoices';
import { type BillingPeriod, Decimal, DomainError, foldIdentifier, isUnstorable } from '#kernel';
import type { Standing } from '#ledger';
import { parseRuleName } from '../domain/rule-name.js';
import type { ChargeKind } from '../domain/review.decide.js';
import { CHARGE_KIND } from './charge-row.js';

/** What charges are looked for by; everything given must hold. */
export interface ChargeFilter {
  readonly period?: BillingPeriod;
  readonly source?: string;
  readonly piEmail?: string;
  readonly projectId?: string;
  readonly fundOrg?: string;
  readonly standings?: readonly Standing[];
  /** A flag, or `pattern_match` for every pattern. */
  readonly flag?: string;
  /** Found anywhere in resource, service, PI, project or fund/org, whatever the case. */
  readonly text?: string;
  /** Exact decimals, both of them included; they are compared with the amount in whatever currency it is. */
  readonly amountFrom?: string;
  readonly amountTo?: string;
  readonly kinds?: readonly ChargeKind[];
  /** The import, adjustment or split that brought them: all have numbers of one sequence. */
  readonly importId?: number;
  /** As the line says; empty: it says none. */
  readonly billingAccountId?: string;
  readonly subAccountId?: string;
  /** The same, but for surrounding space and the case of ASCII letters, as invoices are known by. */
  readonly invoiceId?: string;
  /** The attribution rule that said who pays when the line was imported, or divided the charge: `R3` in any version, `R3.2` in that one. */
  readonly attributionRule?: string;
}

/** Whether the ledger's balances tell how many charges match; otherwise charges are to be looked at. */
export function isToldByLedger(filter: ChargeFilter): boolean {
  const { flag, text, amountFrom, amountTo } = filter;
  return [flag, text, amountFrom, amountTo].every((each) => each === undefined) && !narrowsImports(filter) && !asksLines(filter);
}

/** Whether not every import of a period may have brought what matches. */
export function narrowsImports({ kinds, importId, attributionRule }: ChargeFilter): boolean {
  return kinds !== undefined || importId !== undefined || attributionRule !== undefined;
}

/** Whether only the lines tell: charges do not repeat what nothing is billed by. */
export function asksLines({ billingAccountId, subAccountId, invoiceId, attributionRule }: ChargeFilter): boolean {
  return [billingAccountId, subAccountId, invoiceId, attributionRule].some((each) => each !== undefined);
}

/** Standings that the partial index `charges_to_review` leaves out. */
const UNREVIEWED: readonly Standing[] = ['clear', 'superseded'];

export const isReviewed = (standings: readonly Standing[] | undefined): boolean =>
  standings !== undefined && !standings.some((standing) => UNREVIEWED.includes(standing));

/** What a flag is looked for in unless standings are given: clear charges have none, those of superseded and divided ones passed to what stands for them. */
const WITH_FLAGS: readonly Standing[] = ['flagged', 'approved', 'rejected', 'withdrawn'];

/**
 * Identifiers as they are stored, amounts as decimals are written, and only standings that can match.
 * @throws DomainError `charge.unstorable-text`, `charge.malformed-rule`, `decimal.malformed`, `charge.amount-range` for one that begins above its end
 */
export function normalized<Filter extends ChargeFilter>(filter: Filter): Filter {
  const { source, piEmail, projectId, fundOrg, flag, text, standings, billingAccountId, subAccountId, invoiceId, attributionRule } = filter;
  const texts = [source, piEmail, projectId, fundOrg, flag, text, billingAccountId, subAccountId, invoiceId];
  if (texts.some((each) => each !== undefined && isUnstorable(each))) {
    throw new DomainError('charge.unstorable-text', 'invalid', 'A NUL or half a character is in no charge; look for another text.');
  }
  return {
    ...filter,
    ...amountRange(filter),
    ...(source === undefined ? {} : { source: foldIdentifier(source) }),
    ...(piEmail === undefined ? {} : { piEmail: foldIdentifier(piEmail) }),
    ...(attributionRule === undefined ? {} : { attributionRule: parseRuleName(attributionRule) }),
    ...(flag === undefined ? {} : { standings: standings?.filter((standing) => standing !== 'clear') ?? WITH_FLAGS }),
  };
}

function amountRange({ amountFrom, amountTo }: ChargeFilter): Pick<ChargeFilter, 'amountFrom' | 'amountTo'> {
  const [from, to] = [amountFrom, amountTo].map((amount) => (amount === undefined ? undefined : Decimal.parse(amount.trim())));
  if (from !== undefined && to !== undefined && from.compare(to) > 0) {
    throw new DomainError(
      'charge.amount-range',
      'invalid',
      `No amount is from ${from.toString()} to ${to.toString()}: the first is the greater one. Turn them round.`,
    );
  }
  return { ...(from === undefined ? {} : { amountFrom: from.toString() }), ...(to === undefined ? {} : { amountTo: to.toString() }) };
}

/** Which services, PIs, projects and fund/orgs of the ledger hold the text that is looked for: there are few, and a row need only be compared. */
export interface KeysWithText {
  readonly serviceNames: readonly string[];
  readonly piEmails: readonly string[];
  readonly projectIds: readonly string[];
  readonly fundOrgs: readonly string[];
}

/** A filter with the work done for its text. */
export interface SearchFilter extends ChargeFilter {
  readonly keysWithText?: KeysWithText;
}

/** What must hold for a charge `c`, as SQL with the parameters that it names. */
export class Conditions {
  readonly parameters: unknown[] = [];
  /** What must hold for its line `l`. */
  readonly ofLine: string;
  private readonly parts: string[] = [];

  /** @param joinsLines the query joins the line and holds {@link ofLine} against it; otherwise it is looked up, which is dear for many charges */
  constructor(filter: SearchFilter, { joinsLines = false }: { readonly joinsLines?: boolean } = {}) {
    const {
      period,
      source,
      piEmail,
      projectId,
      fundOrg,
      standings,
      flag,
      text,
      amountFrom,
      amountTo,
      kinds,
      importId,
      keysWithText,
      ...line
    } = normalized(filter);
    this.addIf(period, (p) => `c.period = ${p}`);
    this.addIf(source, (p) => `c.source = ${p}`);
    this.addIf(piEmail, (p) => `c.pi_email = ${p}`);
    this.addIf(projectId, (p) => `c.project_id = ${p}`);
    this.addIf(fundOrg, (p) => `c.fund_org = ${p}`);
    this.addIf(importId, (p) => `c.import_id = ${p}`);
    this.addIf(kinds, (p) => `${CHARGE_KIND} = any(${p})`);
    this.addIf(standings, (p) => `c.standing = any(${p})`);
    // Said in the index's own words: it need not be proved from the parameter.
    if (isReviewed(standings)) this.add(`c.standing not in ('clear', 'superseded')`);
    if (flag === 'pattern_match') this.add(`exists (select 1 from unnest(c.flags) as flag where flag like 'pattern_match:%')`);
    else this.addIf(flag, (p) => `${p} = any(c.flags)`);
    this.addIf(amountFrom, (p) => `c.amount >= ${p}::numeric`);
    this.addIf(amountTo, (p) => `c.amount <= ${p}::numeric`);
    if (text !== undefined) this.add(keysWithText === undefined ? this.holds(SEARCHED, text) : this.holdsOrIsOf(keysWithText, text));
    this.ofLine = this.lineConditions(line);
    if (asksLines(line) && !joinsLines) {
      this.add(`exists (select 1 from charge_lines l where l.import_id = c.import_id and l.line_no = c.line_no and ${this.ofLine})`);
    }
  }

  add(sql: string): this {
    this.parts.push(sql);
    return this;
  }

  /** @returns how the SQL names the value. */
  parameter(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  get sql(): string {
    return this.parts.length === 0 ? 'true' : this.parts.join(' and ');
  }

  private addIf(value: unknown, sql: (parameter: string) => string): void {
    if (value !== undefined) this.add(sql(this.parameter(value)));
  }

  private lineConditions({ billingAccountId, subAccountId, invoiceId, attributionRule }: ChargeFilter): string {
    const parts: string[] = [];
    if (billingAccountId !== undefined) parts.push(`coalesce(l.billing_account_id, '') = ${this.parameter(billingAccountId)}`);
    if (subAccountId !== undefined) parts.push(`coalesce(l.sub_account_id, '') = ${this.parameter(subAccountId)}`);
    if (invoiceId !== undefined)
      parts.push(`${invoiceKeySql(`coalesce(l.invoice_id, '')`)} = ${invoiceKeySql(`${this.parameter(invoiceId)}::text`)}`);
    if (attributionRule !== undefined) {
      const rule = this.parameter(attributionRule);
      parts.push(`(${isRule('l.attribution_rule', rule)} or l.import_id in (select split_id from splits where ${isRule('rule', rule)}))`);
    }
    return parts.length === 0 ? 'true' : parts.join(' and ');
  }

  private holdsOrIsOf(keys: KeysWithText, text: string): string {
    const { serviceNames, piEmails, projectIds, fundOrgs } = keys;
    const ways = Object.entries({ service_name: serviceNames, pi_email: piEmails, project_id: projectIds, fund_org: fundOrgs }).flatMap(
      ([column, values]) => (values.length === 0 ? [] : [`c.${column} = any(${this.parameter(values)})`]),
    );
    return `(${[...ways, this.holds(RESOURCE_COLUMNS, text)].join(' or ')})`;
  }

  private holds(columns: readonly string[], text: string): string {
    return holdsText(columns.map((column) => `coalesce(c.${column}, '')`).join(` || E'\\x01' || `), this.parameter(text), text);
  }
}

const RESOURCE_COLUMNS = ['resource_id', 'resource_name'];
const SEARCHED = [...RESOURCE_COLUMNS, 'service_name', 'pi_email', 'project_id', 'fund_org'];

/** SQL that tells whether a column names the rule that a parameter names, with or without a version. */
export function isRule(column: string, parameter: string): string {
  return `(${column} = ${parameter} or starts_with(${column}, ${parameter} || '.'))`;
}

/**
 * SQL that tells whether a text holds another one, whatever the case: half the time of `ilike`. What is plain ASCII is folded without asking a
 * locale, which halves it again where there is one.
 */
export function holdsText(expression: string, parameter: string, text: string): string {
  const collation = [...text].every((character) => character.charCodeAt(0) < 128) ? ' collate "C"' : '';
  return `strpos(lower((${expression})${collation}), lower(${parameter}::text${collation})) > 0`;
}
