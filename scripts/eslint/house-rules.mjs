import noMoneyNumber from './no-money-number.mjs';
import noProcessEnv from './no-process-env.mjs';
import noWallClock from './no-wall-clock.mjs';

const plugin = {
  meta: { name: 'house' },
  rules: { 'no-money-number': noMoneyNumber, 'no-process-env': noProcessEnv, 'no-wall-clock': noWallClock },
};

const TYPESCRIPT = ['**/*.ts', '**/*.tsx'];
const TESTS = ['**/*.spec.ts', '**/*.spec.tsx', 'test/**', 'libs/testing/**', 'libs/*/testing/**'];

/**
 * The rules of this project that no published plugin knows, and where they hold. They need no type information, so
 * their test runs them alone.
 *
 * @type {import('eslint').Linter.Config[]}
 */
export const houseRules = [
  { name: 'house/plugin', files: TYPESCRIPT, plugins: { house: plugin } },
  { name: 'house/money', files: TYPESCRIPT, rules: { 'house/no-money-number': 'error' } },
  {
    name: 'house/money-as-pixels',
    // A bar's height in pixels is no money any more; charts may have it as a number.
    files: ['apps/console/**/*-chart.tsx'],
    rules: { 'house/no-money-number': 'off' },
  },
  {
    name: 'house/clock',
    files: TYPESCRIPT,
    // The embedded server's launcher compares with the file system's times and waits for a process: both are the machine's.
    ignores: [
      ...TESTS,
      'libs/kernel/clock.ts',
      'libs/platform/embedded/**',
      'apps/*/main.ts',
      'apps/console/**',
      'bench/**',
      'scripts/**',
      '*.config.ts',
    ],
    rules: { 'house/no-wall-clock': 'error' },
  },
  {
    name: 'house/environment',
    files: TYPESCRIPT,
    ignores: [...TESTS, 'libs/platform/config/**', 'bench/**', 'apps/console/vite.config.ts', '*.config.ts'],
    rules: { 'house/no-process-env': 'error' },
  },
  {
    name: 'house/escape-hatches',
    files: TYPESCRIPT,
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.name="parseFloat"], MemberExpression[object.name="Number"][property.name="parseFloat"]',
          message: 'parseFloat accepts “12abc” and rounds; use Decimal of #kernel for amounts, Number() with a check for the rest.',
        },
        {
          selector:
            'MemberExpression[object.name=/^(it|test|describe|suite)$/][property.name=/^(only|skip|todo|skipIf|runIf|fails)$/], CallExpression[callee.name=/^(xit|xdescribe|fit|fdescribe)$/]',
          message: 'A test runs always and everywhere; a missing service is a failure, not a reason to skip.',
        },
      ],
    },
  },
];
