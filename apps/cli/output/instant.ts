/** `2025-10-03 16:30:00Z`: to the second, in UTC, as all times of the command line. */
export function instant(at: Date): string {
  return at
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
