import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../package-folder.js';
import type { CommandResult } from '../session.js';

/** Reads the manifest itself: asking #runtime would load the whole program for one line. */
export function showVersion(): CommandResult {
  const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string };
  return { data: { version, node: process.versions.node }, text: `OpenChargeback ${version}` };
}
