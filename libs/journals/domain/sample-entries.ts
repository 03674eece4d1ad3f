import { type BillingPeriod, billingPeriod, Decimal } from '#kernel';
import type { JournalEntry } from './posting.js';

/** Of the sample; a template can be tried before there is anything to bill. */
export const SAMPLE_PERIOD: BillingPeriod = billingPeriod('2025-01');

/** Two sources charged to two fund/orgs, one with a refund: debits and credits of 1,272.85. */
export function sampleEntries(): JournalEntry[] {
  return [
    entry('pi', '210045-CHEM', '1240.10', 'aws', { piEmail: 'ada@example.edu', projectId: 'genome-atlas' }),
    entry('pi', '210077-PHYS', '20.25', 'hpc', { piEmail: 'li@example.edu', projectId: 'plasma' }),
    entry('source', '900001-ITRC', '12.50', 'aws', {}, true),
    entry('source', '900001-ITRC', '1240.10', 'aws', {}),
    entry('source', '900002-ITHP', '20.25', 'hpc', {}),
    entry('pi', '210077-PHYS', '12.50', 'aws', { piEmail: 'li@example.edu', projectId: 'plasma' }, true),
  ].sort((one, other) => Number(other.isDebit) - Number(one.isDebit));
}

function entry(
  party: JournalEntry['party'],
  fundOrg: string,
  amount: string,
  sourceName: string,
  whose: Partial<Pick<JournalEntry, 'piEmail' | 'projectId'>>,
  isRefund = false,
): JournalEntry {
  const [fund = '', orgn = ''] = fundOrg.split('-');
  const isDebit = (party === 'pi') !== isRefund;
  return {
    party,
    fundOrg,
    fund,
    orgn,
    account: '7050',
    amount: Decimal.parse(amount),
    isDebit,
    isCredit: !isDebit,
    description: `${sourceName} ${SAMPLE_PERIOD} Research Computing Charges`,
    referenceId: '',
    sourceName,
    period: SAMPLE_PERIOD,
    piEmail: '',
    projectId: '',
    program: '',
    activity: '',
    location: '',
    groups: new Map([
      ['fund', fund],
      ['orgn', orgn],
    ]),
    ...whose,
  };
}
