import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { houseRules } from '../../scripts/eslint/house-rules.mjs';

/** Names of the rules that the project's configuration reports for `code` standing in `fileName`. */
function findings(code: string, fileName: string): string[] {
  const parser = { files: ['**/*.ts', '**/*.tsx'], languageOptions: { parser: tseslint.parser as Linter.Parser } };
  return new Linter().verify(code, [parser, ...houseRules], { filename: fileName }).map((message) => message.ruleId ?? message.message);
}

const DOMAIN_FILE = 'libs/charges/domain/charge.ts';

describe('no-money-number', () => {
  it.each([
    'interface Line { billedCost: number }',
    'interface Line { readonly list_cost: number | null }',
    'class Line { amountDue?: number; }',
    'class Line { constructor(private readonly discount: number) {} }',
    'function post(total: number): void {}',
    'const amounts: readonly number[] = [];',
    'const prices: Map<string, number> = new Map();',
    'interface Ledger { total(): number }',
    'function subtotal(): number { return 1; }',
    'const amountMinor: number = rows();',
    'let total = 0;',
    'let total = -1;',
    'const x = Number(row.billedCost);',
    "const x = Number(row['billed_cost']);",
    'const x = Number(row.amount?.toString());',
    "const x = Number(row.listCost ?? '0');",
    'const x = parseInt(price, 10);',
    'const x = +line.due;',
  ])('refuses %s', (code) => {
    expect(findings(code, DOMAIN_FILE)).toEqual(['house/no-money-number']);
  });

  it.each([
    'interface Line { billedCost: Decimal; amount: string }',
    'const amountMinor: bigint = 5n;',
    'interface Page { totalLines: number; listLength: number; chargeCount: number }',
    'const lines = Number(row.lineCount);',
    'const rank = Number(isDebit(entry)) - Number(hasDiscount);',
    'const offset = +text;',
    'const widths = { due: 80 };',
  ])('accepts %s', (code) => {
    expect(findings(code, DOMAIN_FILE)).toEqual([]);
  });

  it('lets a chart of the console turn money into pixels, and no other file of it', () => {
    const code = 'const height = Number(bar.amount);';
    expect(findings(code, 'apps/console/src/dashboard/spend-chart.tsx')).toEqual([]);
    expect(findings(code, 'apps/console/src/dashboard/spend-table.tsx')).toEqual(['house/no-money-number']);
  });
});

describe('no-wall-clock', () => {
  it.each(['const t = Date.now();', 'const t = new Date();', 'const t = Date();', 'const x = Math.random();'])('refuses %s', (code) => {
    expect(findings(code, DOMAIN_FILE)).toEqual(['house/no-wall-clock']);
    expect(findings(code, 'libs/kernel/clock.ts')).toEqual([]);
    expect(findings(code, 'libs/charges/domain/charge.unit.spec.ts')).toEqual([]);
    expect(findings(code, 'apps/worker/main.ts')).toEqual([]);
    expect(findings(code, 'apps/worker/render.ts')).toEqual(['house/no-wall-clock']);
  });

  it('accepts an instant that is given, and durations', () => {
    expect(findings("const a = new Date('2025-01-01T00:00:00Z'); const b = performance.now();", DOMAIN_FILE)).toEqual([]);
  });
});

describe('no-process-env', () => {
  it.each(['const home = process.env.HOME;', 'const { env } = process;', "import { env } from 'node:process';"])('refuses %s', (code) => {
    expect(findings(code, 'libs/platform/storage/local-file-storage.ts')).toEqual(['house/no-process-env']);
    expect(findings(code, 'apps/api/main.ts')).toEqual(['house/no-process-env']);
    expect(findings(code, 'libs/platform/config/load-config.ts')).toEqual([]);
  });
});

describe('escape hatches', () => {
  it.each([
    'it.skip("x", () => {});',
    'describe.only("x", () => {});',
    'test.skipIf(noDatabase)("x", () => {});',
    'const n = parseFloat(text);',
  ])('refuses %s', (code) => {
    expect(findings(code, 'libs/charges/charge.unit.spec.ts')).toEqual(['no-restricted-syntax']);
  });
});
