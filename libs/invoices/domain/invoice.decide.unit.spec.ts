import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#event-store';
import { billingPeriod, currency, Decimal, type DomainError } from '#kernel';
import { invoiceBook } from './invoice-book.js';
import {
  checkedName,
  decideAcceptance,
  decideDemand,
  decideInvoice,
  decideReopening,
  decideWithdrawal,
  type InvoiceInput,
} from './invoice.decide.js';
import type { InvoiceEvent } from './invoice.events.js';

const USD = currency('USD');
const EUR = currency('EUR');
const MARCH = billingPeriod('2025-03');
const INV_1 = checkedName(' INV-1 ', '2025-03');
const EXPECTED: InvoiceEvent = {
  type: 'InvoiceExpected',
  data: { source: 'aws', invoiceId: 'INV-1', period: MARCH, amount: '100', currency: USD, issuedOn: null, note: '' },
};

/** Given these events, what does a command decide? */
function given(...events: InvoiceEvent[]): { when: <Result>(decide: (book: ReturnType<typeof invoiceBook>) => Result) => Result } {
  const book = invoiceBook(events.map((event) => event as unknown as RecordedEvent));
  return { when: (decide) => decide(book) };
}
const announce =
  (input: InvoiceInput, name = INV_1) =>
  (book: ReturnType<typeof invoiceBook>): InvoiceEvent[] =>
    decideInvoice(book, 'aws', name, input, USD);
function refusal(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('this was not refused');
}

describe('what is expected of an invoice', () => {
  it('is announced once, in the ledger’s currency unless another is named', () => {
    expect(given().when(announce({ amount: ' 100.00 ' }))).toEqual([EXPECTED]);
    expect(given(EXPECTED).when(announce({ amount: '1E2' }))).toEqual([]);
    expect(given().when(announce({ amount: '1', currency: 'eur', issuedOn: '2025-04-02' }))).toMatchObject([
      { data: { currency: 'EUR', issuedOn: '2025-04-02' } },
    ]);
  });

  it('is changed where something is said, under the id that it was announced with', () => {
    expect(given(EXPECTED).when(announce({ note: 'with support' }, checkedName('inv-1', '2025-03')))).toEqual([
      { type: 'InvoiceChanged', data: { ...EXPECTED.data, note: 'with support' } },
    ]);
    expect(
      given(EXPECTED, { type: 'InvoiceWithdrawn', data: { source: 'aws', ...INV_1, reason: null } }).when(announce({ amount: '5' })),
    ).toMatchObject([{ type: 'InvoiceExpected', data: { amount: '5' } }]);
  });

  it('is refused with every field that can’t be so', () => {
    const { code, problems } = refusal(() =>
      given().when(announce({ amount: '$5', currency: 'US', issuedOn: '2025-13-01', note: 'a\nb' })),
    );
    expect([code, problems.map(({ where }) => where)]).toEqual(['invoices.invalid', ['amount', 'currency', 'issuedOn', 'note']]);
    expect(refusal(() => given().when(announce({}))).problems).toMatchObject([{ where: 'amount' }]);
    expect(refusal(() => checkedName('', 'March')).problems.map(({ where }) => where)).toEqual(['invoiceId', 'period']);
    expect(refusal(() => given().when(announce({ amount: '1e20' }))).problems).toMatchObject([{ where: 'amount' }]);
  });

  it('has one currency over all periods', () => {
    const april = checkedName('inv-1', '2025-04');
    expect(refusal(() => given(EXPECTED).when(announce({ amount: '1', currency: 'EUR' }, april)))).toMatchObject({
      code: 'invoices.other-currency',
      kind: 'conflict',
    });
    expect(given(EXPECTED).when(announce({ amount: '1', currency: 'EUR' }))).toMatchObject([{ type: 'InvoiceChanged' }]);
  });

  it('is withdrawn if it was announced', () => {
    expect(given(EXPECTED).when((book) => decideWithdrawal(book, 'aws', checkedName('inv-1', '2025-03'), ' typo '))).toEqual([
      { type: 'InvoiceWithdrawn', data: { source: 'aws', invoiceId: 'INV-1', period: MARCH, reason: 'typo' } },
    ]);
    expect(refusal(() => given().when((book) => decideWithdrawal(book, 'aws', INV_1, null))).code).toBe('invoices.unknown');
  });

  it('is demanded of a source or not', () => {
    const demanded: InvoiceEvent = { type: 'InvoicesDemanded', data: { source: 'aws', demanded: true } };
    expect(given().when((book) => decideDemand(book, 'aws', true))).toEqual([demanded]);
    expect(given(demanded).when((book) => decideDemand(book, 'aws', true))).toEqual([]);
    expect(given().when((book) => decideDemand(book, 'aws', false))).toEqual([]);
  });
});

describe('an accepted difference', () => {
  const found = { ...INV_1, currency: USD, expected: '100', recorded: '97.5' };
  const accepted: InvoiceEvent = { type: 'InvoiceDifferenceAccepted', data: { source: 'aws', ...found, reason: 'credit follows' } };

  it('is the one that was seen, with a reason', () => {
    expect(decideAcceptance('aws', found, Decimal.parse('-2.50'), ' credit follows ')).toEqual([accepted]);
    expect(refusal(() => decideAcceptance('aws', found, Decimal.parse('-2'), 'x')).code).toBe('invoices.difference-changed');
    expect(refusal(() => decideAcceptance('aws', found, null, ' ')).code).toBe('invoices.reason-missing');
    expect(refusal(() => decideAcceptance('aws', { ...found, recorded: '100.004' }, null, 'x')).code).toBe('invoices.no-difference');
    expect(refusal(() => decideAcceptance('aws', { ...found, expected: null, recorded: null }, null, 'x')).code).toBe('invoices.unknown');
  });

  it('can be reopened, once', () => {
    const name = { ...checkedName('inv-1', '2025-03'), currency: USD };
    const reopened: InvoiceEvent = { type: 'InvoiceDifferenceReopened', data: { source: 'aws', ...INV_1, currency: USD, reason: null } };
    expect(given(accepted).when((book) => decideReopening(book, 'aws', name, null))).toEqual([reopened]);
    expect(refusal(() => given(accepted, reopened).when((book) => decideReopening(book, 'aws', name, null))).code).toBe(
      'invoices.not-accepted',
    );
    expect(refusal(() => given(accepted).when((book) => decideReopening(book, 'aws', { ...name, currency: EUR }, null))).code).toBe(
      'invoices.not-accepted',
    );
  });
});
