import { type BillingPeriod, composedText, type Currency, currency, Decimal, DomainError, type Problem } from '#kernel';
import { type InvoiceBook, differencePlace, invoicePlace } from './invoice-book.js';
import type { ExpectedInvoice, InvoiceDifference, InvoiceEvent, InvoiceName } from './invoice.events.js';
import { dayOf, INVOICE_TEXT_LIMITS, invoiceKey, invoiceProblems, type InvoiceTexts, periodOf } from './invoice-text.js';
import { reconcile } from './reconcile.js';

/** What is said about an invoice, as written; what is left out stays, or is the ledger's currency, no day and no note. */
export type InvoiceInput = Partial<Omit<InvoiceTexts, 'invoiceId' | 'period'>>;

/** What is said about an invoice has been found right. @param ledger currency of an invoice that names none */
export function withInput(before: ExpectedInvoice | null, name: InvoiceName, input: InvoiceInput, ledger: Currency): ExpectedInvoice {
  const { amount, currency: code, issuedOn, note } = input;
  return {
    invoiceId: before?.invoiceId ?? composedText(name.invoiceId),
    period: name.period,
    amount: amount === undefined ? (before?.amount ?? '0') : Decimal.parse(amount.trim()).toString(),
    currency: code === undefined ? (before?.currency ?? ledger) : currency(code),
    issuedOn: issuedOn === undefined ? (before?.issuedOn ?? null) : (dayOf(issuedOn.trim()) ?? null),
    note: note === undefined ? (before?.note ?? '') : composedText(note),
  };
}

export function isSameInvoice(one: ExpectedInvoice, other: ExpectedInvoice): boolean {
  return one.amount === other.amount && one.currency === other.currency && one.issuedOn === other.issuedOn && one.note === other.note;
}

/** @throws DomainError `invoices.invalid`. */
export function checkedName(invoiceId: string, period: string): InvoiceName {
  const problems = invoiceProblems({ invoiceId: composedText(invoiceId), period: period.trim() });
  const month = periodOf(period.trim());
  if (problems.length > 0 || month === undefined) throw invalidInvoice(invoiceId, problems);
  return { invoiceId: composedText(invoiceId), period: month };
}

/**
 * Announces an invoice, or changes what `input` says about it; no event when nothing would change.
 * @throws DomainError `invoices.invalid` with every field that can't be so, `invoices.other-currency`.
 */
export function decideInvoice(book: InvoiceBook, source: string, name: InvoiceName, input: InvoiceInput, ledger: Currency): InvoiceEvent[] {
  const before = book.expected.get(invoicePlace(name)) ?? null;
  const texts = Object.fromEntries(Object.entries(input).map(([field, text]) => [field, text.trim()]));
  const problems: Problem[] = invoiceProblems(texts);
  if (before === null && input.amount === undefined) problems.push({ where: 'amount', what: 'Say what the invoice comes to.' });
  if (problems.length > 0) throw invalidInvoice(name.invoiceId, problems);
  const invoice = withInput(before, name, input, ledger);
  const other = otherCurrency(book, invoice);
  if (other !== undefined) throw new DomainError('invoices.other-currency', 'conflict', other);
  if (before === null) return [{ type: 'InvoiceExpected', data: { source, ...invoice } }];
  return isSameInvoice(before, invoice) ? [] : [{ type: 'InvoiceChanged', data: { source, ...invoice } }];
}

/** An invoice has one currency, over all periods: why this one can't be so, or undefined. */
export function otherCurrency(book: Pick<InvoiceBook, 'expected'>, invoice: ExpectedInvoice): string | undefined {
  const key = invoiceKey(invoice.invoiceId);
  for (const { invoiceId, period, currency: code } of book.expected.values()) {
    if (period === invoice.period || code === invoice.currency || invoiceKey(invoiceId) !== key) continue;
    return `${invoiceId} is expected in ${code} for ${period}, and an invoice has one currency; write ${code}, or withdraw it there first.`;
  }
  return undefined;
}

/** @throws DomainError `invoices.unknown`. */
export function decideWithdrawal(book: InvoiceBook, source: string, name: InvoiceName, reason: string | null): InvoiceEvent[] {
  const { invoiceId, period } = knownInvoice(book, source, name);
  return [{ type: 'InvoiceWithdrawn', data: { source, invoiceId, period, reason: cleanReason(reason) } }];
}

/**
 * Accepts a difference as it is at this moment.
 * @param seen what the reviewer saw, recorded less expected; null: whatever it is
 * @throws DomainError `invoices.unknown`, `invoices.no-difference`, `invoices.difference-changed`, `invoices.reason-missing`.
 */
export function decideAcceptance(source: string, found: InvoiceDifference, seen: Decimal | null, reason: string): InvoiceEvent[] {
  const said = cleanReason(reason);
  if (said === null) {
    throw new DomainError('invoices.reason-missing', 'invalid', 'Say why the difference is in order; an auditor will ask.');
  }
  const { invoiceId, period, currency: code } = found;
  const [expected, recorded] = [found.expected, found.recorded].map((text) => (text === null ? null : Decimal.parse(text)));
  if (expected === null && recorded === null) throw unknownInvoice(source, found);
  const { difference, isOpen } = reconcile({
    invoiceKey: invoiceKey(invoiceId),
    currency: code,
    expected: expected ?? null,
    recorded: recorded ?? null,
    acceptance: null,
  });
  const named = `${nameOf(found)} of ${source} in ${period}`;
  if (!isOpen) throw new DomainError('invoices.no-difference', 'conflict', `${named} has no difference that could be accepted.`);
  if (seen !== null && !seen.equals(difference)) {
    const now = `The difference of ${named} is ${difference.toString()} ${code} now, not ${seen.toString()}; look at it again.`;
    throw new DomainError('invoices.difference-changed', 'conflict', now);
  }
  return [{ type: 'InvoiceDifferenceAccepted', data: { source, ...found, reason: said } }];
}

/** @throws DomainError `invoices.not-accepted`. */
export function decideReopening(
  book: InvoiceBook,
  source: string,
  name: InvoiceName & { readonly currency: Currency },
  reason: string | null,
): InvoiceEvent[] {
  const accepted = book.accepted.get(differencePlace(name));
  if (accepted === undefined) {
    const detail = `No difference of ${nameOf(name)} of ${source} in ${name.period} was accepted in ${name.currency}.`;
    throw new DomainError('invoices.not-accepted', 'conflict', detail);
  }
  const { invoiceId, period, currency: code } = accepted;
  return [{ type: 'InvoiceDifferenceReopened', data: { source, invoiceId, period, currency: code, reason: cleanReason(reason) } }];
}

export function decideDemand(book: InvoiceBook, source: string, demanded: boolean): InvoiceEvent[] {
  return book.demanded === demanded ? [] : [{ type: 'InvoicesDemanded', data: { source, demanded } }];
}

/** @throws DomainError `invoices.unknown`. */
export function knownInvoice(book: InvoiceBook, source: string, name: InvoiceName): ExpectedInvoice {
  const invoice = book.expected.get(invoicePlace(name));
  if (invoice === undefined) throw unknownInvoice(source, name);
  return invoice;
}

export function unknownInvoice(source: string, name: { readonly invoiceId: string; readonly period: BillingPeriod }): DomainError {
  return new DomainError(
    'invoices.unknown',
    'not-found',
    `${source} has no ${nameOf(name)} in ${name.period}: none was announced, and no line names it.`,
  );
}

function nameOf({ invoiceId }: { readonly invoiceId: string }): string {
  return invoiceId === '' ? 'charges without an invoice' : `invoice ${invoiceId}`;
}

/** @throws DomainError `invoices.invalid`. */
function cleanReason(reason: string | null): string | null {
  const text = composedText(reason ?? '');
  if (Buffer.byteLength(text) > INVOICE_TEXT_LIMITS.reason) {
    throw new DomainError('invoices.invalid', 'invalid', `The reason is longer than ${INVOICE_TEXT_LIMITS.reason} bytes; shorten it.`);
  }
  return text === '' ? null : text;
}

function invalidInvoice(invoiceId: string, problems: readonly Problem[]): DomainError {
  const said = problems.map(({ where, what }) => `${where}: ${what}`).join(' ');
  return new DomainError('invoices.invalid', 'invalid', `The invoice “${invoiceId}” can't be announced so. ${said}`, problems);
}
