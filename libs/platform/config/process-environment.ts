import type { Environment } from './yaml-section.js';

/** The environment of this process; the one place that looks at it. */
export function processEnvironment(): Environment {
  return { ...process.env };
}
