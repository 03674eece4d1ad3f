import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '#kernel';
import { renderTemplate } from './render-template.js';
import { templateEntries } from './testing/template-entries.js';

const entries = templateEntries();
const a = Decimal.parse('1234.50');
const b = Decimal.parse('12345678901234567.89');
const render = (source: string, context: Record<string, unknown> = { entries, period: '2024-11', a, b }): string =>
  renderTemplate({ source, name: 'journal.csv', context });

describe('whitespace, as Jinja2 with trim_blocks and lstrip_blocks', () => {
  it.each([
    ['x\n  {% if 1 %}\ny\n  {% endif %}\nz\n', 'x\ny\nz'],
    ['a\n{#- gone -#}\nb', 'ab'],
    ['a\n{# gone #}\nb\n\n', 'a\nb\n'],
    ['{% for n in [1, 2] -%}\n  {{ n }};\n{%- endfor %}\n.', '1;2;.'],
    ['  {%+ if 1 %}x{% endif %}', '  x'],
    ['{% raw %}{{ a + b }}{% endraw %}', '{{ a + b }}'],
    ['1\r\n2\r\n', '1\n2'],
    ['{{ "}}" }}{{ {"k": {"l": "%}"}}.k.l }}', '}}%}'],
  ])('%j → %j', (source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe('amounts are exact decimals', () => {
  it.each([
    ['{{ a }} {{ b }}', '1234.50 12345678901234567.89'],
    [
      '{{ a + b }} {{ a - b }} {{ a * 3 }} {{ a / 4 }} {{ a * 0.0825 }}',
      '12345678901235802.39 -12345678901233333.39 3703.50 308.625 101.846250',
    ],
    ['{{ -a }} {{ (-a)|abs }} {{ a // 100 }} {{ a % 100 }} {{ 0.1 + 0.2 }}', '-1234.50 1234.50 12 34.50 0.3'],
    ['{{ a > 99 }} {{ a < b }} {{ a == 1234.5 }} {{ a != a }} {{ 1 < a <= 1234.50 }}', 'True True True False True'],
    [
      '{% set n = namespace(t=0) %}{% for e in entries if e.is_debit %}{% set n.t = n.t + e.amount %}{% endfor %}{{ n.t }}',
      '90071992547410.03',
    ],
    ['{{ entries|selectattr("is_debit")|map(attribute="amount")|sum }}', '90071992547410.03'],
    ['{{ entries|sum(attribute="amount") }}', '180143985094820.06'],
    ['{{ entries|map(attribute="amount")|map("float")|sum }}', '180143985094820.06'],
    ['{{ entries|sort(attribute="amount")|map(attribute="amount")|join(" ") }}', '0.10 0.10 90071992547409.93 90071992547409.93'],
    ['{{ entries|selectattr("amount", "gt", 5)|list|length }}', '2'],
    [
      '{{ [a, b]|max }} {{ [b, a]|min }} {{ a|round(1) }} {{ 2.675|round(2) }} {{ a|int }} {{ a|float }}',
      '12345678901234567.89 1234.50 1234.5 2.68 1234 1234.5',
    ],
    ['{% if a - a %}owed{% else %}nothing{% endif %} {{ "y" if not a - a else "n" }}', 'nothing y'],
    ['{{ a is number }} {{ a is string }} {{ "12" is number }}', 'True False False'],
    ['{{ a|replace(".", "") }} {{ a|string|length }} {{ "USD" ~ a }} {{ a|tojson }}', '123450 7 USD1234.50 "1234.50"'],
    ['{{ 2 ** 70 }} {{ 9007199254740993 + 1 }}', '1180591620717411303424 9007199254740994'],
  ])('%s → %s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it('writes as many decimals as the currency has', () => {
    expect(renderTemplate({ source: '{{ x }}', name: 't', context: { x: Decimal.parse('1200') }, digits: 0 })).toBe('1200');
    expect(renderTemplate({ source: '{{ x }}', name: 't', context: { x: Decimal.parse('1.5') }, digits: 3 })).toBe('1.500');
  });

  it('adds, compares and formats any amounts as the ledger does', () => {
    const amount = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map((units) => Decimal.ofUnits(units, 2));
    fc.assert(
      fc.property(amount, amount, (x, y) => {
        const rendered = render('{{ x + y }}|{{ x < y }}|{{ "%.2f"|format(x) }}|{{ [x, y]|sum }}', { x, y });
        const total = x.plus(y).toPadded(2);
        expect(rendered).toBe(`${total}|${x.compare(y) < 0 ? 'True' : 'False'}|${x.toFixed(2)}|${total}`);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves text that looks like a number alone', () => {
    expect(render('{{ entries[1].fund + entries[1].account }} {{ "10" < "9" }}')).toBe('00426200 True');
  });
});

describe('Python’s ways of writing', () => {
  it.each([
    [
      '{{ "%.2f"|format(a) }}|{{ "%012.2f"|format(a) }}|{{ "%15.2f"|format(b) }}|{{ "%-10.1f"|format(a) }}',
      '1234.50|000001234.50|12345678901234567.89|1234.5    ',
    ],
    ['{{ "%015.2f"|format(-a) }}|{{ "%+.2f" % a }}|{{ "%.2f" % 2.675 }}', '-00000001234.50|+1234.50|2.68'],
    ['{{ "%05d"|format(42) }}|{{ "%d" % a }}|{{ "%x" % 255 }}|{{ "%5.1f%%"|format(99.95) }}', '00042|1234|ff|100.0%'],
    ['{{ "%-*s|"|format(6, "Łó") }}{{ "%.3s" % "abcdef" }}|{{ "%s-%s" % (1, "x") }}|{{ "%(n)s"|format(n=a) }}', 'Łó    |abc|1-x|1234.50'],
    ['{{ "{:>12,.2f}|{:<4}|{k:05d}".format(a, "x", k=7) }}', '    1,234.50|x   |00007'],
    ['{{ "7".zfill(3) }}|{{ "x".ljust(3) }}|{{ "x".rjust(3, ".") }}|{{ "ab".upper() }}', '007|x  |..x|AB'],
    [
      '{{ "aé李bcd"|truncate_desc(4) }}|{{ "x" * 3 }}|{{ "0123456789012345678901234567890123456789"|truncate_desc }}',
      'aé李b|xxx|01234567890123456789012345678901234',
    ],
    ['{{ true }} {{ [1, "a", a] }} {{ {"k": false} }}', "True [1, 'a', 1234.50] {'k': False}"],
  ])('%s → %s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe('templates of the kinds that accounting uses', () => {
  it('fixed width with macros, a loop that looks back, and a control total', () => {
    const source = [
      '{% macro money(x) -%}',
      '{{ "%020.2f"|format(x) }}',
      '{%- endmacro %}',
      'H{{ "%-8s"|format(period) }}{{ "%04d"|format(entries|length) }}',
      '{% for e in entries|sort(attribute="orgn,fund") %}',
      '{{ "=" if not loop.first and e.orgn == loop.previtem.orgn else "." }}{{ "%-5s"|format(e.orgn[:5]) }}{{ money(e.amount) }}{{ e.project_id|default("-", true) }}',
      '{% endfor %}',
      'T{{ money(entries|selectattr("is_credit")|map(attribute="amount")|sum) }}',
    ].join('\n');
    expect(render(source).split('\n')).toEqual([
      'H2024-11 0004',
      '.ART  00000000000000000.10ink',
      '.CHEM 00090071992547409.93foam, "wet"',
      '.IT   00000000000000000.10-',
      '=IT   00090071992547409.93-',
      'T00090071992547410.03',
    ]);
  });

  it('groups, joins and loops over nothing', () => {
    const source =
      '{% for s, g in entries|groupby("source_name") %}\n{{ s|title }}:{{ g|map(attribute="fund")|join("+") }}\n{% endfor %}\n{% for e in [] %}{% else %}none{% endfor %}\n';
    expect(render(source)).toBe('Gpu:0042+GPU\nTape:G7+TAPE\nnone');
  });

  it('escapes in .html only', () => {
    const context = { x: '<b>' };
    expect(renderTemplate({ source: '{{ x }}{{ x|safe }}', name: 'm.html', context })).toBe('&lt;b&gt;<b>');
    expect(renderTemplate({ source: '{{ x }}', name: 'm.json', context })).toBe('<b>');
  });

  it('includes from the templates it is given and from nowhere else', () => {
    const templates = new Map([
      ['part.csv', '{{ a + 1 }}'],
      ['broken.csv', '{% if %}'],
    ]);
    expect(renderTemplate({ source: '[{% include "part.csv" %}]', name: 'm.csv', context: { a }, templates })).toBe('[1235.50]');
    for (const name of ['/etc/passwd', '../part.csv', 'package.json']) {
      expect(() => renderTemplate({ source: `{% include "${name}" %}`, name: 'm.csv', context: {}, templates })).toThrow(
        /template not found/,
      );
    }
  });
});

describe('faults', () => {
  it.each([
    ['a\n{{ "%d"|format("x") }}', /^Template journal\.csv, line 2, “{{ "%d"\|format\("x"\) }}”: “%d” takes a number/],
    ['a\nb\n{{ a +\n }}', /line 3, .*ends too early/],
    ['{{ x.y.z }}', /line 1, .*undefined/],
    ['{{ a|nosuch }}', /nosuch/],
    ['{{ "total " + a }}', /join text with ~/],
    ['{{ a > "5" }}', /cannot be compared/],
    ['{{ a / 0 }}', /division by zero/],
    ['{{ a ** 100 }}', /more than 190 digits/],
    ['{% if a %}', /line 1/],
    ['{{ "%s %s"|format(1) }}', /more places/],
    ['{{ "%q"|format(1) }}', /no format that is supported/],
  ])('%j is refused, naming template, line and expression', (source, message) => {
    expect(() => render(source)).toThrow(message);
    expect(() => render(source)).toThrow(expect.objectContaining({ code: 'template.failed', kind: 'invalid' }));
  });
});
