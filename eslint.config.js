import { defineConfig } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { houseRules } from './scripts/eslint/house-rules.mjs';

const TESTS = ['**/*.spec.ts', '**/*.spec.tsx', 'test/**/*.ts', 'libs/testing/**/*.ts', 'libs/*/testing/**/*.ts'];

export default defineConfig(
  {
    name: 'ignored',
    ignores: ['**/dist/**', '**/node_modules/**', 'instance/**', 'coverage/**', 'libs/sdk/generated/**', 'test/boundaries/fixtures/**'],
  },
  // Code says what is wrong with it; a comment may not switch a rule off. Exceptions stand here, with their reason.
  { name: 'no-exceptions-in-comments', linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    name: 'language',
    files: ['**/*.{ts,tsx,js,mjs,cjs}'],
    rules: {
      'array-callback-return': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 400 }],
      'no-constructor-return': 'error',
      'no-debugger': 'error',
      'no-duplicate-case': 'error',
      'no-eval': 'error',
      'no-fallthrough': 'error',
      'no-implicit-coercion': ['error', { allow: ['!!', '+'] }],
      'no-irregular-whitespace': 'error',
      'no-loss-of-precision': 'error',
      'no-new-func': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unreachable': 'error',
      'no-unsafe-finally': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-useless-rename': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    name: 'types',
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Nest's modules are classes that hold nothing but their decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Nest declares options as classes and takes object literals for them.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
      // An empty text is as absent as null in FOCUS cells and form fields, so `||` is often meant.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // Characters of a text are its code points here; what takes several of them is shown, not counted.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      // An async method without await still turns a throw into a rejection, which its interface promises.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    name: 'quiet-libraries',
    // What the program has to say goes through the logger (or a command's output), never past it.
    files: ['libs/**/*.ts', 'apps/**/*.{ts,tsx}'],
    rules: { 'no-console': 'error' },
  },
  {
    name: 'tests',
    files: TESTS,
    rules: {
      // `expect(x.method)` and partly typed answers of a server are normal in tests.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { name: 'console', files: ['apps/console/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat.recommended] },
  // They describe code as others wrote it.
  { name: 'declarations', files: ['**/*.d.ts'], rules: { '@typescript-eslint/no-extraneous-class': 'off' } },
  ...houseRules,
  { name: 'plain-javascript', files: ['**/*.{js,mjs,cjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
