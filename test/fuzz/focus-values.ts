import type { Random } from '../faults/random.js';

/** A cell, and what is wrong with it: the column that a report has to name, or null for a good one. */
export interface Cell {
  readonly text: string;
  readonly bad: boolean;
}

const good = (text: string): Cell => ({ text, bad: false });
const bad = (text: string): Cell => ({ text, bad: true });

const NAMES = [
  'Amazon EC2',
  'Łukasz Ç 李',
  'Zoë 👩‍🔬',
  'a, b',
  'say "hi"',
  'two\nlines',
  'CR\r\nLF',
  ' padded ',
  'tab\there',
  "O'Brien",
  '=1+1',
  '\\N',
  'x'.repeat(300),
  '“”',
  '\u00a0',
  '009007199254740993',
  'null',
];
const TAGS = [
  '{"pi_email":"ada@example.edu","project_id":"engine","fund_org":"MATH-100"}',
  '{ "pi_email" : "ada@example.edu" }',
  '{" fund_org":"A","fund_org":"B"}',
  '"pi_email": "ada@example.edu","project_id": "p"',
  '[{"key":"pi_email","value":"ada@example.edu"}]',
  '{"project_id":9007199254740993,"a":null,"b":true,"c":{"d":[1,2]}}',
  '{"pi_email":"李@example.edu"}',
  '{}',
  '[]',
  '',
  'NULL',
];
const BAD_TAGS = ['not json', '{"a":', '[1]', '12', '{"pi_email":"a\\u0000"}', "{'a':'b'}"];
const BAD_DATES = [
  '5/1/25',
  '2025-13-01',
  '2025-02-30',
  'garbage-date',
  '20250101',
  '2025-01-01T25:00:00Z',
  '2025',
  '2025-01-01T00:00:00+99:00',
];
const BAD_AMOUNTS = [
  '$10,000.00 ',
  '1,5',
  '+3',
  'n/a',
  'inf',
  'NaN',
  '1.2.3',
  '-',
  '.',
  '0x10',
  '1e9999',
  '1-',
  '１２',
  '1 000',
  '--1',
  '1e',
  '٣',
];

export function dateOf(random: Random, month: string): Cell {
  if (random.chance(0.01)) return bad(random.one(BAD_DATES));
  const day = `${month}-01`;
  return good(
    random.one([
      `${day}T00:00:00Z`,
      `${day}T00:00:00.000Z`,
      `${day}T00:00Z`,
      `${day} 00:00:00`,
      `${day} 00:00:00 UTC`,
      `${day}T00:00:00+00:00`,
      day,
      ` ${day} `,
    ]),
  );
}

/** Costs as exporters write them: any number of decimals, exponents, zeros in front and behind. */
export function amountOf(random: Random): Cell {
  if (random.chance(0.01)) return bad(random.one(BAD_AMOUNTS));
  const digits = (count: number): string => Array.from({ length: count }, () => random.below(10)).join('');
  const sign = random.chance(0.15) ? '-' : '';
  switch (random.below(9)) {
    case 0:
      return good(`${sign}${random.below(1_000_000)}`);
    case 1:
      return good(`${sign}.${digits(1 + random.below(20))}`);
    case 2:
      return good(`${sign}${digits(1 + random.below(3))}E-${random.below(15)}`);
    case 3:
      return good(`${sign}${digits(1 + random.below(30))}.${digits(random.below(30))}`);
    case 4:
      return good(`${sign}${random.one(['1E59', '9E-60', `${digits(60)}.${digits(60)}`, `0.${digits(40)}E-20`])}`);
    case 5:
      return good(random.one(['0', '-0.0', '0.00', '000', '1e2', '5.']));
    default:
      return good(`${sign}${random.below(10_000)}.${digits(1 + random.below(14))}`);
  }
}

export function tagsOf(random: Random): Cell {
  return random.chance(0.01) ? bad(random.one(BAD_TAGS)) : good(random.one(TAGS));
}

export function nameOf(random: Random): Cell {
  return good(random.chance(0.1) ? '' : random.one(NAMES));
}

export function currencyOf(random: Random): Cell {
  if (random.chance(0.01)) return bad('dollars');
  return good(random.one(['USD', 'USD', 'USD', 'usd', 'EUR', '', 'NULL', ' USD ']));
}
