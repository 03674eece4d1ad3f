import { billingPeriod, currency, Decimal } from '#kernel';
import { pngOf } from './png.js';
import {
  moneyTriple,
  statementCharge,
  statementDocument,
  type StatementInput,
  type WholeStatement,
} from '../document/statement-document.factory.js';

/** Stands for every name, so that all other words are the statement's own. */
export const NAME = 'zyxw';

const FUND = '12345-67890';
const OTHER_FUND = '999-1';
const named = { resource: NAME, serviceName: NAME };
const service = { fundOrg: FUND, serviceName: NAME, source: NAME };
const month = (period: string, due: string): WholeStatement['history'][number] => ({
  period: billingPeriod(period),
  due: Decimal.parse(due),
});
const adjusts = { chargeId: '1-2', period: billingPeriod('2024-10'), revision: 1, reason: NAME };

const several: StatementInput = {
  revision: 2,
  services: [
    { ...service, ...moneyTriple('1501.5', '1203.25') },
    { ...service, fundOrg: OTHER_FUND, ...moneyTriple('30', '21.12') },
  ],
  charges: [
    ...Array.from({ length: 25 }, () => statementCharge({ ...named, list: '60', due: '48.13' })),
    statementCharge({ ...named, list: '1.5', due: '-0.0001', note: 'credit' }),
    statementCharge({ ...named, fundOrg: OTHER_FUND, list: '-1', due: '-1', adjusts, note: 'credit' }),
    statementCharge({ ...named, fundOrg: OTHER_FUND, list: '4', due: '4', adjusts: { ...adjusts, chargeId: null, revision: null } }),
    statementCharge({ ...named, fundOrg: OTHER_FUND, list: '9', due: '6.12', part: { share: '12.5%', chargeId: '3-17' } }),
    statementCharge({ ...named, fundOrg: OTHER_FUND, list: '9', due: '6', part: { share: '1250.5', chargeId: '3-18' } }),
    statementCharge({ ...named, fundOrg: OTHER_FUND, list: '9', due: '6', part: { share: 'rest', chargeId: '3-19' } }),
  ],
  warnings: [
    { kind: 'preview' },
    { kind: 'project-end', day: '2025-03-14', isPast: false },
    { kind: 'late-charges', count: 1200, due: '1041.2' },
  ],
  changes: {
    since: 1,
    addedCount: 1,
    goneCount: 2,
    changedCount: 1200,
    dueBefore: '1100.00',
    dueAfter: '1224.37',
    services: Array.from({ length: 14 }, (_, index) => ({
      fundOrg: FUND,
      serviceName: NAME,
      dueBefore: '0.00',
      dueAfter: `${index + 1}.00`,
    })),
  },
  references: [
    { label: NAME, value: '01' },
    { label: 2, value: '02' },
  ],
  history: [month('2024-10', '80'), month('2024-12', '1180'), month('2025-01', '1224.37')],
};

const credit: StatementInput = {
  services: [
    { ...service, ...moneyTriple('-5', '-5') },
    { ...service, fundOrg: OTHER_FUND, ...moneyTriple('-1', '-1') },
  ],
  charges: [
    statementCharge({ ...named, list: '-5', due: '-5', lineCount: 1234, note: { from: '2025-01-01', until: '2025-01-31' } }),
    statementCharge({ ...named, fundOrg: OTHER_FUND, list: '-1', due: '-1', note: 'credit' }),
  ],
  summarized: true,
  warnings: [
    { kind: 'project-end', day: '2025-01-14', isPast: true },
    { kind: 'late-charges', count: 1, due: '5' },
  ],
  changes: { since: 3, addedCount: 0, goneCount: 0, changedCount: 0, dueBefore: '-6.00', dueAfter: '-6.00', services: [] },
};

const nothing: StatementInput = { services: [{ ...service, ...moneyTriple('0', '0') }] };

/** Statements that together say everything that a statement can say, apart from names. */
export function everyStatement(locale: string, pageSize: WholeStatement['pageSize'] = 'A4'): WholeStatement[] {
  return [several, credit, nothing].map((input) =>
    statementDocument({
      piEmail: `${NAME}@${NAME}`,
      projectId: NAME,
      organization: { name: NAME, contact: NAME, logo: pngOf(40, 20, 6), footer: NAME },
      currency: currency('EUR'),
      locale,
      pageSize,
      ...input,
    }),
  );
}
