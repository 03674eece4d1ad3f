import { runnerImport } from 'vite';

/** Runs a TypeScript module of this repository in a bare Node process: `run-typescript.mjs <module> [arguments]`. */
const [module = ''] = process.argv.splice(2, 1);
await runnerImport(module, {
  configFile: false,
  logLevel: 'error',
  environments: { inline: { resolve: { conditions: ['source', 'node'] } } },
});
