import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '#kernel';
import { plainAmount, readStatement } from '../testing/read-statement.js';
import type { MoneyTriple, StatementCharge } from './statement-document.js';
import { moneyTriple, render, statementCharge, statementDocument, type WholeStatement } from './statement-document.factory.js';

const FUND_ORGS = ['12345-67890', '999-1', 'GEO-2'];
const SERVICES = ['Amazon Elastic Compute Cloud', 'HPC compute hours', 'Łódź storage'];

/** Amounts from a fraction of a cent to 10^15, credits too. */
const amount = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 6 }), fc.boolean())
  .map(([units, decimals, small]) => Decimal.ofUnits(small ? units % 100_000n : units, decimals).toString());

const charge = fc
  .record({
    list: amount,
    due: amount,
    fundOrg: fc.constantFrom(...FUND_ORGS),
    serviceName: fc.constantFrom(...SERVICES),
    date: fc.constantFrom('2025-01-02', '2025-01-30', null),
    resource: fc.constantFrom('i-0a1b2c3d', 'volume 7', 'x'),
  })
  .map((record) => statementCharge(record));

/** The statement of some charges: one posting for each fund/org and service, rounded as the ledger rounds (domain.md §8). */
function statementOf(charges: readonly StatementCharge[]): WholeStatement {
  const groups = new Map<string, StatementCharge[]>();
  for (const each of charges) {
    const key = `${each.fundOrg}|${each.serviceName}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const rounded = (members: readonly StatementCharge[], of: keyof MoneyTriple): string =>
    Decimal.sum(members.map((member) => member[of]))
      .round(2)
      .toString();
  const services = [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, members]) => {
      const [fundOrg = '', serviceName = ''] = key.split('|');
      return { fundOrg, serviceName, source: 'HPC', ...moneyTriple(rounded(members, 'list'), rounded(members, 'due')) };
    });
  return statementDocument({ services, charges });
}

const amountsOf = (triple: MoneyTriple): string[] => [triple.list, triple.discount.negated(), triple.due].map((each) => each.toString());
const read = (cells: readonly string[]): string[] => cells.slice(-3).map((cell) => Decimal.parse(plainAmount(cell)).toString());

describe('a statement read back by another program', () => {
  it('says what it was made of, for any ledger', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(charge, { minLength: 1, maxLength: 70 }), async (charges) => {
        const statement = statementOf(charges);
        const { tables, paragraphs } = await readStatement(render(statement));
        const several = statement.fundOrgs.length > 1;

        const services = tables.get(several ? 'Charges by fund/org and service' : 'Charges by service') ?? [];
        const lines = services.filter(([first = '']) => first !== 'Total' && !first.startsWith('Fund/org '));
        expect(lines.map(([name = '', ...cells]) => [name.split(' HPC · ')[0], ...read(cells)])).toEqual(
          statement.services.map((service) => [service.serviceName, ...amountsOf(service)]),
        );
        const groups = services.filter(([first = '']) => first.startsWith('Fund/org '));
        expect(groups.map(read)).toEqual(several ? statement.fundOrgs.map(amountsOf) : []);
        expect(read(services.at(-1) ?? [])).toEqual(amountsOf(statement.totals));

        const rows = (tables.get('Charges') ?? []).filter(([first = '']) => first !== 'Total' && !first.startsWith('Fund/org '));
        expect(rows.map(([date, resource, service, ...cells]) => [date, resource, service, ...read(cells)])).toEqual(
          statement.charges.map((each) => [each.date ?? '–', each.resource, each.serviceName, ...amountsOf(each)]),
        );
        expect(read((tables.get('Charges') ?? []).at(-1) ?? [])).toEqual(amountsOf(statement.totals));

        const due = paragraphs.find((text) => /^(Amount due|Credit balance) /.test(text)) ?? '';
        expect(plainAmount(due).replace(/^.* /, '')).toBe(statement.totals.due.abs().toFixed(2));
        expect(due.startsWith('Credit balance')).toBe(statement.totals.due.isNegative());
      }),
      { seed: 20_251_121, numRuns: 60, endOnFailure: true },
    );
  });
});
