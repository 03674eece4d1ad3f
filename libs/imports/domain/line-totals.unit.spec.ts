import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { currency } from '#kernel';
import { FocusReader } from './focus/index.js';
import { LineTotals } from './line-totals.js';

const NO_TAGS = {
  pi_email: [],
  project_id: [],
  fund_org: [],
  cost_center: [],
  account_code: [],
  reference_1: [],
  reference_2: [],
  end_date: [],
  reconciliation_end: [],
};

describe('LineTotals', () => {
  it('adds up by period and currency, by flag, and the refused rows, never across currencies', async () => {
    const file = [
      'BillingPeriodStart,BillingCurrency,BilledCost,ListCost,ContractedCost,EffectiveCost',
      '2025-02-01,USD,0.1,1,,0.1',
      '2025-02-01,USD,0.2,,0.25,0.2',
      '2025-02-01,EUR,5,,,',
      '2025-01-01,USD,-0.3,,,',
      'nonsense,USD,2.50,,,',
      '2025-01-01,USD,,,,',
    ].join('\n');
    const totals = new LineTotals();
    const options = {
      tagMapping: NO_TAGS,
      ledgerCurrency: currency('USD'),
      expectedPeriod: null,
      flagPatterns: [],
      fundOrgPatterns: [],
      costBasis: 'billed',
      dateFormat: null,
      lineIdColumn: null,
    } as const;
    const reader = await FocusReader.open(Readable.from([file]), options);
    const take = totals.add.bind(totals);
    for await (const batch of reader.batches(take)) {
      for (const row of batch.refused) totals.addRefused(row);
    }
    const report = totals.report();
    expect(report).toMatchObject({ lineCount: 4, flaggedLineCount: 4, refusedRowCount: 2 });
    expect(report.periods).toEqual([
      {
        period: '2025-01',
        currency: 'USD',
        lineCount: 1,
        listCost: '-0.3',
        contractedCost: '0',
        billedCost: '-0.3',
        effectiveCost: '0',
        amount: '-0.3',
      },
      {
        period: '2025-02',
        currency: 'EUR',
        lineCount: 1,
        listCost: '5',
        contractedCost: '0',
        billedCost: '5',
        effectiveCost: '0',
        amount: '5',
      },
      {
        period: '2025-02',
        currency: 'USD',
        lineCount: 2,
        listCost: '1.2',
        contractedCost: '0.25',
        billedCost: '0.3',
        effectiveCost: '0.3',
        amount: '0.3',
      },
    ]);
    expect(report.flags).toContainEqual({ flag: 'currency_mismatch', currency: 'EUR', lineCount: 1, amount: '5' });
    expect(report.flags).toContainEqual({ flag: 'missing_pi_email', currency: 'USD', lineCount: 3, amount: '0' });
    expect(report.refused).toEqual([
      { currency: null, rowCount: 1, amount: '0' },
      { currency: 'USD', rowCount: 1, amount: '2.5' },
    ]);
  });
});
