import { type BillingPeriod, composedText, Decimal, isBillingPeriod, lineTextProblems, type Problem } from '#kernel';

/** Longest texts, in bytes of UTF-8. */
export const INVOICE_TEXT_LIMITS = { invoiceId: 256, note: 2000, reason: 2000 } as const;
/** Digits before the point; a number beyond is a mistake. */
const MAX_WHOLE_DIGITS = 15;
/** FOCUS files have been seen with 14 decimals. */
const MAX_DECIMALS = 30;

const CURRENCY = /^[A-Za-z]{3}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** A day or an instant in UTC, as FOCUS writes them. */
const UTC_INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|\+00:?00)?)?$/;

/**
 * Under which an invoice is known: without blanks around it, composed, and without regard to the case of ASCII letters. Other letters
 * keep theirs, because servers differ in how they fold them; {@link INVOICE_KEY_SQL} makes the same of a line.
 */
export function invoiceKey(invoiceId: string): string {
  return composedText(invoiceId).replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** What people and files say about an invoice, as text; what is left out says nothing. */
export interface InvoiceTexts {
  readonly invoiceId: string;
  readonly period: string;
  readonly amount: string;
  readonly currency: string;
  readonly issuedOn: string;
  readonly note: string;
}

/** What is wrong with what is said about an invoice, each with a sentence that says how to mend it. */
export function invoiceProblems(texts: Partial<InvoiceTexts>): (Problem & { readonly where: keyof InvoiceTexts })[] {
  const problem = (where: keyof InvoiceTexts, what: string | undefined): (Problem & { where: keyof InvoiceTexts })[] =>
    what === undefined ? [] : [{ where, what }];
  const { invoiceId, period, amount, currency, issuedOn, note } = texts;
  return [
    ...problem('invoiceId', invoiceId === undefined ? undefined : invoiceIdProblem(invoiceId)),
    ...problem(
      'period',
      period === undefined || periodOf(period) !== undefined ? undefined : `“${period}” is no month; write it as 2025-03.`,
    ),
    ...problem('amount', amount === undefined ? undefined : amountProblem(amount)),
    ...problem(
      'currency',
      currency === undefined || CURRENCY.test(currency) ? undefined : `“${currency}” is no currency; write its code, such as USD.`,
    ),
    ...problem(
      'issuedOn',
      issuedOn === undefined || issuedOn === '' || dayOf(issuedOn) !== undefined
        ? undefined
        : `“${issuedOn}” is no day; write it as 2025-03-31.`,
    ),
    ...problem('note', note === undefined ? undefined : lineTextProblems('note', note, INVOICE_TEXT_LIMITS.note)[0]?.what),
  ];
}

/** The month of `2025-03`, `2025-03-01` or an instant in UTC. */
export function periodOf(text: string): BillingPeriod | undefined {
  if (isBillingPeriod(text)) return text;
  const month = dayOf(text)?.slice(0, 7);
  return month !== undefined && isBillingPeriod(month) ? month : undefined;
}

/** The day of `2025-03-31` or of an instant in UTC. */
export function dayOf(text: string): string | undefined {
  const day = UTC_INSTANT.exec(text)?.[1];
  return day !== undefined && isDay(day) ? day : undefined;
}

function isDay(text: string): boolean {
  const instant = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

function invoiceIdProblem(text: string): string | undefined {
  if (text === '') return 'An invoice needs its number; write it as the provider does.';
  // Such a name can't be the end of an address.
  if (text === '.' || text === '..') return `“${text}” is no number of an invoice.`;
  return lineTextProblems('invoiceId', text, INVOICE_TEXT_LIMITS.invoiceId)[0]?.what;
}

function amountProblem(text: string): string | undefined {
  const amount = Decimal.tryParse(text);
  if (amount === undefined) return `“${text}” is no amount; write it as 1234.50, without sign of a currency and without commas.`;
  const [whole = ''] = amount.abs().toString().split('.');
  if (whole.length > MAX_WHOLE_DIGITS || amount.decimals > MAX_DECIMALS) {
    return `“${text}” has more digits than an invoice can have (${MAX_WHOLE_DIGITS} before the point, ${MAX_DECIMALS} after it).`;
  }
  return undefined;
}
