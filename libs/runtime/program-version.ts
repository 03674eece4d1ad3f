import { readFileSync } from 'node:fs';

/** The program's version, from its package. */
export function programVersion(): string {
  // dist/ mirrors the sources one folder further down.
  const path = import.meta.url.endsWith('.ts') ? '../../package.json' : '../../../package.json';
  const manifest = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
