import { type BillingPeriod, billingPeriod, currency, type Currency, Decimal } from '#kernel';
import { renderStatementPdf } from './render-statement-pdf.js';
import { DetailSurvey } from './statement-detail.js';
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
  Omit<StatementDocument, 'totals' | 'fundOrgs' | 'services' | 'detail' | 'period' | 'currency' | 'organization' | 'words'>
> {
  readonly period?: BillingPeriod;
  readonly currency?: Currency;
  readonly services: readonly Omit<StatementService, 'lineCount'>[];
  readonly charges?: readonly StatementCharge[];
  readonly organization?: Partial<StatementDocument['organization']>;
  readonly words?: Partial<StatementDocument['words']>;
  readonly summarized?: boolean;
}

/** A statement whose charges are at hand. */
export interface WholeStatement extends StatementDocument {
  readonly charges: readonly StatementCharge[];
}

/** The PDF of such a statement. */
export function render({ charges, ...document }: WholeStatement): Uint8Array {
  return renderStatementPdf(document, charges);
}

/** A statement for tests: totals and fund/orgs follow from the services, and what is known of the charges from them. */
export function statementDocument({ summarized = false, organization, words, ...input }: StatementInput): WholeStatement {
  const given = input.charges ?? [];
  const order = [...new Set(input.services.map(({ fundOrg }) => fundOrg))];
  const charges = [...given].sort((a, b) => order.indexOf(a.fundOrg) - order.indexOf(b.fundOrg));
  const survey = new DetailSurvey();
  for (const charge of charges) survey.add(charge);
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
      logo: null,
      footer: '',
      ...organization,
    },
    theme: { accent: '#1d4f91', fonts: { regular: null, semibold: null } },
    words: { introduction: '', closing: '', ...words },
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
    history: [],
    ...input,
    detail: survey.result(summarized),
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
    lineCount: 1,
    note: null,
    adjusts: null,
    part: null,
    ...rest,
    ...moneyTriple(list, due),
  };
}
