import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Built into dist/apps/console, from where the API process serves it at `/`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The SDK is taken from its sources (package.json "imports"), so that a build needs nothing built before.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: {
    outDir: '../../dist/apps/console',
    emptyOutDir: true,
    target: 'es2022',
    // Apart from the console's own code, which changes more often than they do.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler|@tanstack)[\\/]/ }] },
      },
    },
  },
  // `npm start` listens there; the API is never anywhere but at the page's own origin.
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
});
