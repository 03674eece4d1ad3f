import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Decimal } from '#kernel';
import { renderTemplate } from './render-template.js';

interface Case {
  readonly name: string;
  readonly template: readonly string[];
  /** What Jinja2 gives, written by scripts/jinja-reference.py. */
  readonly expected: readonly string[];
  /** What we give instead, on purpose. */
  readonly here?: readonly string[];
}

const REFERENCE = new URL('testing/jinja-reference.json', import.meta.url);
const { context, cases } = JSON.parse(readFileSync(REFERENCE, 'utf8')) as {
  readonly context: Readonly<Record<string, unknown>>;
  readonly cases: readonly Case[];
};

/** `{"decimal": "1.50"}` stands for an amount. */
function withAmounts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withAmounts);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, text] = []] = entries;
  if (entries.length === 1 && key === 'decimal') return Decimal.parse(String(text));
  return Object.fromEntries(entries.map(([name, item]) => [name, withAmounts(item)]));
}

const data = withAmounts(context) as Readonly<Record<string, unknown>>;
const rendered = ({ template }: Case, name: string): string => renderTemplate({ source: template.join('\n'), name, context: data });

describe('templates of the older program’s engine', () => {
  it.each(cases)('as in Jinja2: $name', (one) => {
    expect(rendered(one, 'journal.csv')).toBe((one.here ?? one.expected).join('\n'));
  });

  it.each(cases.filter(({ here }) => here !== undefined))('on purpose not as in Jinja2: $name', (one) => {
    expect(one.here).not.toEqual(one.expected);
  });

  it('an indented loop in HTML is the same loop', () => {
    for (const one of cases.filter(({ name }) => /loop|scope|set |macro|call|whitespace/.test(name))) {
      const plain = rendered(one, 'journal.csv');
      if (!/[<>&'"]|True|False/.test(plain)) expect(rendered(one, 'mail.html'), one.name).toBe(plain);
    }
  });
});
