import type { Tables } from './read-models.js';

const SHOWN_CHARACTERS = 600;
const CONTEXT_CHARACTERS = 80;

/** The first row that only one side has, per table. */
export function tableDifferences(expected: Tables, found: Tables, what: string): string[] {
  const differences: string[] = [];
  for (const table of new Set([...expected.keys(), ...found.keys()])) {
    const [left, right] = [expected.get(table) ?? [], found.get(table) ?? []];
    const missing = onlyIn(left, right);
    const added = onlyIn(right, left);
    if (missing.length === 0 && added.length === 0) continue;
    differences.push(
      `${what}: table ${table}: ${left.length} rows expected, ${right.length} found; ${missing.length} missing, ${added.length} added; ` +
        `first missing ${shown(missing[0])}; first added ${shown(added[0])}`,
    );
  }
  return differences;
}

/** Keys that only one side has, and the place from which the texts of a key differ. */
export function textDifferences(expected: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>, what: string): string[] {
  const differences: string[] = [];
  for (const key of new Set([...expected.keys(), ...found.keys()])) {
    const [left, right] = [expected.get(key), found.get(key)];
    if (left === right) continue;
    if (left === undefined || right === undefined) {
      differences.push(`${what} ${key}: ${left === undefined ? 'not expected' : 'missing'}`);
      continue;
    }
    let at = 0;
    while (at < left.length && left[at] === right[at]) at += 1;
    differences.push(`${what} ${key}: expected ${around(left, at)}, found ${around(right, at)}`);
  }
  return differences;
}

function around(text: string, at: number): string {
  return `“…${text.slice(Math.max(0, at - CONTEXT_CHARACTERS), at + CONTEXT_CHARACTERS)}…”`;
}

/** Of sorted lines, those that `others` lacks; a line that is there twice must be there twice. */
function onlyIn(lines: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left <= 0;
  });
}

function shown(text: string | undefined): string {
  if (text === undefined) return '–';
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
