/** What needs no quotes in a `key=value` line. */
const PLAIN_VALUE = /^[^\s"=\\\p{Cc}]+$/u;
const FIRST_KEYS = ['time', 'level', 'name', 'msg'];

/**
 * One log record as a line `time=… level=… key=value`, which Splunk takes apart by itself. Nested keys are joined by dots; texts with
 * blanks are quoted as in JSON, so that no value can start a line or a pair of its own.
 */
export function keyValueLine(record: Readonly<Record<string, unknown>>): string {
  const first = FIRST_KEYS.filter((key) => key in record).map((key) => [key, record[key]] as const);
  const rest = Object.entries(record).filter(([key]) => !FIRST_KEYS.includes(key));
  return [...first, ...rest].flatMap(([key, value]) => pairs(key, value)).join(' ');
}

function pairs(key: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, item]: [string, unknown]) => pairs(`${key}.${name}`, item));
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [`${key.replaceAll(/[\s"=\p{Cc}]/gu, '_')}=${PLAIN_VALUE.test(text) ? text : JSON.stringify(text)}`];
}
