// Copies to dist/ what tsc leaves behind: templates, which are read from disk at run time.
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';

for (const lib of await readdir('libs')) {
  const from = join('libs', lib, 'templates');
  await cp(from, join('dist', from), { recursive: true }).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
