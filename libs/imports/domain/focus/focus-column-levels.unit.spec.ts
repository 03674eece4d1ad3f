import { describe, expect, it } from 'vitest';
import { missingColumns } from './focus-column-levels.js';

describe('missingColumns', () => {
  it('names what a version asks for and the header lacks, mandatory columns first', () => {
    const missing = missingColumns(['billedcost ', 'BillingPeriodStart', 'Tags', 'x_mine'], '1.0');
    expect(missing).toHaveLength(40);
    expect(missing[0]).toEqual({ column: 'BillingAccountId', level: 'Mandatory' });
    expect(missing.at(-1)).toEqual({ column: 'ChargeFrequency', level: 'Recommended' });
    expect(missing.map(({ column }) => column)).not.toContain('BilledCost');
  });

  it('follows the versions: a column gets another level, and is taken out', () => {
    const levelOf = (column: string, version: Parameters<typeof missingColumns>[1]): string | undefined =>
      missingColumns([], version).find((missing) => missing.column === column)?.level;
    expect(['1.1', '1.2', '1.3', '1.4'].map((version) => levelOf('InvoiceId', version as '1.1'))).toEqual([
      undefined,
      'Recommended',
      'Conditional',
      'Conditional',
    ]);
    expect([levelOf('ProviderName', '1.3'), levelOf('ProviderName', '1.4')]).toEqual(['Mandatory', undefined]);
    expect([missingColumns([], '1.3').length, missingColumns([], '1.4').length]).toEqual([65, 65]);
  });

  it('misses nothing in a header with every column', () => {
    const all = missingColumns([], '1.4').map(({ column }) => ` ${column.toUpperCase()} `);
    expect(missingColumns(all, '1.4')).toEqual([]);
  });
});
