import { Badge, type MantineColor, Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { moneyText } from '../../money/money.js';
import type { ExpectedInvoice, Invoice, InvoiceState } from './invoice-queries.js';

const LOOKS: Readonly<Record<InvoiceState, { readonly color: MantineColor; readonly text: string; readonly why: string }>> = {
  matched: { color: 'green', text: 'Matched', why: 'The lines come to what the invoice says.' },
  difference: { color: 'red', text: 'Different', why: 'The lines come to something else than the invoice says.' },
  missing: { color: 'red', text: 'No lines', why: 'The invoice is announced, and no line of this period names it.' },
  unexpected: { color: 'orange', text: 'Not announced', why: 'Lines name this invoice, and nobody announced it.' },
  uninvoiced: { color: 'orange', text: 'Without invoice', why: 'These lines name no invoice, though the source has some.' },
  accepted: { color: 'blue', text: 'Accepted', why: 'The difference was accepted with a reason.' },
};

export const STATE_CHOICES = Object.entries(LOOKS).map(([value, { text }]) => ({ value, label: text }));

export function isState(text: string): text is InvoiceState {
  return text in LOOKS;
}

/** How an invoice stands against the lines; the badge explains itself. */
export function InvoiceBadge({ invoice: { state, isOpen, roundingOnly } }: { readonly invoice: Invoice }): ReactElement {
  const { color, text, why } = LOOKS[state];
  const rounding =
    state === 'matched' && roundingOnly ? ' What differs is less than the smallest coin: the provider rounds its invoices.' : '';
  return (
    <Tooltip label={`${why}${rounding}`} multiline maw={280}>
      <Badge color={isOpen || state === 'matched' || state === 'accepted' ? color : 'gray'}>{text}</Badge>
    </Tooltip>
  );
}

/** How an invoice stands, as a sentence. */
export function stateSentence(state: InvoiceState): string {
  return LOOKS[state].why;
}

export const NO_INVOICE = 'Lines without an invoice';

export function invoiceName({ invoiceId }: Pick<Invoice, 'invoiceId'>): string {
  return invoiceId === '' ? NO_INVOICE : invoiceId;
}

/** `$1,234.50, of 2025-04-02, with support`. */
export function invoiceWords({ amount, currency, issuedOn, note }: Omit<ExpectedInvoice, 'invoiceId' | 'period'>): string {
  return [moneyText(amount, currency), ...(issuedOn === null ? [] : [`of ${issuedOn}`]), ...(note === '' ? [] : [note])].join(', ');
}
