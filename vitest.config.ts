import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

interface Manifest {
  readonly imports: Readonly<Record<string, { readonly source: string }>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** The doors of the libs, at their sources: tests run what is written, not what was built last. */
const alias = Object.entries(manifest.imports).map(([name, { source }]) => ({
  find: new RegExp(`^${name}$`),
  replacement: fileURLToPath(new URL(source, import.meta.url)),
}));

export default defineConfig({
  plugins: [
    swc.vite({ module: { type: 'es6' }, jsc: { target: 'es2022', transform: { legacyDecorator: true, decoratorMetadata: true } } }),
  ],
  resolve: { alias },
  test: {
    include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'test/**/*.spec.ts', 'sample_data/**/*.spec.ts', 'scripts/**/*.spec.ts'],
    exclude: ['test/browser/**', 'test/redis/**', 'node_modules/**', 'dist/**'],
    globalSetup: ['libs/testing/harness/postgres.global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Every file on its own would load the program and its libraries once more: a third of the work. A spy ends with its test.
    isolate: false,
    restoreMocks: true,
    maxWorkers: 2,
  },
});
