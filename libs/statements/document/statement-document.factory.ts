import { type BillingPeriod, billingPeriod, currency, type Currency, Decimal } from '#kernel';
import type { MoneyTriple, StatementCharge, StatementDocument, StatementService } from './statement-document.js';

/** List and due as decimal text; the discount is what lies between. */
export function moneyTriple(list: string, due: string): MoneyTriple {
  const listed = Decimal.parse(list);
  const owed = Decimal.parse(due);
  return { list: listed, discount: listed.minus(owed), due: owed };
}

function sumOf(triples: readonly MoneyTriple[]): MoneyTriple {
  return {
    list: Decimal.sum(triples.map((triple) => triple.list)),
    discount: Decimal.sum(triples.map((triple) => triple.discount)),
    due: Decimal.sum(triples.map((triple) => triple.due)),
  };
}

export interface StatementInput extends Partial<
  Omit<StatementDocument, 'totals' | 'fundOrgs' | 'services' | 'charges' | 'period' | 'currency'>
> {
  readonly period?: BillingPeriod;
  readonly currency?: Currency;
  readonly services: readonly Omit<StatementService, 'lineCount'>[];
  readonly charges?: readonly StatementCharge[];
}

/** A statement for tests: totals and fund/orgs follow from the services. */
export function statementDocument(input: StatementInput): StatementDocument {
  const charges = input.charges ?? [];
  const services = input.services.map((service) => ({
    ...service,
    lineCount: Math.max(
      1,
      charges.filter((charge) => charge.serviceName === service.serviceName && charge.fundOrg === service.fundOrg).length,
    ),
  }));
  const fundOrgs = [...new Set(services.map((service) => service.fundOrg))].map((fundOrg) => ({
    fundOrg,
    ...sumOf(services.filter((service) => service.fundOrg === fundOrg)),
  }));
  return {
    organization: {
      name: 'Research Computing, Example University',
      contact: 'billing@rc.example.edu\n+1 555 010 0199\nScience Hall 210, Springfield',
      logoPng: null,
    },
    period: billingPeriod('2025-01'),
    piEmail: 'ada.lovelace@example.edu',
    projectId: 'genome-atlas',
    currency: currency('USD'),
    locale: 'en-US',
    pageSize: 'LETTER',
    revision: 1,
    madeAt: new Date('2025-02-03T14:05:00Z'),
    verificationCode: '9f2c41d07be3',
    totals: sumOf(services),
    fundOrgs,
    references: [],
    warnings: [],
    changes: null,
    ...input,
    services,
    charges,
  };
}

export interface ChargeInput extends Partial<Omit<StatementCharge, keyof MoneyTriple>> {
  /** Decimal text. */
  readonly list: string;
  readonly due: string;
}

export function statementCharge({ list, due, ...rest }: ChargeInput): StatementCharge {
  return {
    date: '2025-01-15',
    resource: 'i-0a1b2c3d4e5f67890',
    serviceName: 'Amazon Elastic Compute Cloud',
    fundOrg: '12345-67890',
    note: null,
    adjusts: null,
    ...rest,
    ...moneyTriple(list, due),
  };
}
