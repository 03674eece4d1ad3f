import { describe, expect, it } from 'vitest';
import { billingPeriod, currency, dateTimeFormat, Decimal, formatMoney, formatPercent, numberFormat, periodTitle } from '#kernel';

describe('formats for people', () => {
  it('are made once, and are others where the locale or an option is another', () => {
    const two = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    expect(numberFormat('en-US', { ...two })).toBe(numberFormat('en-US', two));
    expect(numberFormat('en-US', two).format(1234.5)).toBe('1,234.50');
    expect(numberFormat('de', two).format(1234.5)).toBe('1.234,50');
    // The same values under other names.
    expect(numberFormat('en-US', { minimumIntegerDigits: 2, maximumFractionDigits: 2 }).format(1.5)).toBe('01.5');
    const day = { dateStyle: 'long', timeZone: 'UTC' } as const;
    expect(dateTimeFormat('en-GB', { ...day })).toBe(dateTimeFormat('en-GB', day));
    const midnight = new Date('2025-01-01T00:00:00Z');
    expect(dateTimeFormat('en-GB', day).format(midnight)).toBe('1 January 2025');
    expect(dateTimeFormat('en-GB', { ...day, timeZone: 'America/New_York' }).format(midnight)).toBe('31 December 2024');
  });

  it('write amounts exactly at any size, parts of a whole, and months', () => {
    const amount = (text: string, code: string): string => formatMoney(Decimal.parse(text), currency(code));
    expect([amount('12345678901234567890.125', 'USD'), amount('-12', 'JPY')]).toEqual(['$12,345,678,901,234,567,890.13', '-¥12']);
    const percent = (part: string, whole: string): string | null => formatPercent(Decimal.parse(part), Decimal.parse(whole), 'en-US');
    expect([percent('1', '3'), percent('1', '1'), percent('0', '3'), percent('-1', '3'), percent('1', '0')]).toEqual([
      '33.3%',
      '100%',
      null,
      null,
      null,
    ]);
    const may = billingPeriod('2025-05');
    const june = billingPeriod('2025-06');
    expect([periodTitle(june), periodTitle(june, 'en-GB', 'short'), periodTitle(may, 'de')]).toEqual(['June 2025', 'Jun 2025', 'Mai 2025']);
  });
});
