import { describe, expect, it } from 'vitest';
import { Decimal } from '#kernel';
import { renderTemplate } from './render-template.js';

const context = { a: Decimal.parse('1234.5'), cents: Decimal.parse('-0.05'), huge: Decimal.parse('1000000000000000'), code: 'F2201' };
const render = (source: string): string => renderTemplate({ source, name: 'columns.txt', context });

describe('filters for fixed columns', () => {
  it.each([
    [
      '{{ code|ljust(8) }}|{{ code|rjust(8) }}|{{ code|center(9) }}|{{ code|rjust(8, "0") }}|{{ code|ljust(8, fill=".") }}',
      'F2201   |   F2201|  F2201  |000F2201|F2201...',
    ],
    [
      '{{ 7|zfill(4) }}|{{ "42"|zfill(5) }}|{{ a|zfill(10) }}|{{ cents|zfill(8) }}|{{ code|zfill(2) }}',
      '0007|00042|0001234.50|-0000.05|F2201',
    ],
    [
      '{{ a|amount_without_point }}|{{ cents|amount_without_point }}|{{ a|amount_without_point(3) }}|{{ 12|amount_without_point(0) }}',
      '123450|-5|1234500|12',
    ],
    ['{{ huge|amount_without_point|zfill(20) }}|{{ (huge + 0.01)|amount_without_point }}', '00100000000000000000|100000000000000001'],
    ['{{ cents|amount_without_point|zfill(6) }}|{{ "1.10"|amount_without_point }}', '-00005|110'],
    ['[{{ code|fit(7, "fund") }}][{{ code|fit(5) }}][{{ nothing|fit(3) }}][{{ 12|fit(4) }}]', '[F2201  ][F2201][   ][12  ]'],
    ['[{{ code|at_most(7) }}][{{ "Zoë, lab"|at_most(8)|csv_cell }}]', '[F2201]["Zoë, lab"]'],
    [String.raw`{{ "two\r\nlines\tand\u2028more"|one_line }}`, 'two lines and more'],
    ['{{ "Zoë Ångström – Łódź “straße” 李 №"|ascii }}', 'Zoe Angstrom - Lodz "strasse" ? No'],
    ['{{ code|required("fund") }}{{ 0|required("count") }}', 'F22010'],
  ])('%s → %s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it('a text through ascii has one byte per character, so that columns stay where they are', () => {
    const line = render(String.raw`{{ "é😀ﬁ ½ e\u0301 ß"|ascii|one_line|truncate_desc(9)|fit(12, "description") }}|`);
    expect(Buffer.byteLength(line)).toBe(line.length);
    expect(line).toBe('e?fi 1/2    |');
  });

  it('nothing is cut off: template, line, value and column are named', () => {
    expect(() => render('x\n{{ code|fit(4, "fund code") }}')).toThrow(
      'Template columns.txt, line 2, “{{ code|fit(4, "fund code") }}”: the fund code “F2201” has 5 characters, its column 4; codes and amounts are never cut off.',
    );
  });

  it('a fault in an included template names the included one', () => {
    const templates = new Map([['layout.txt', 'a\n\n{{ code|fit(2, "fund code") }}']]);
    expect(() => renderTemplate({ source: '{% include "layout.txt" %}', name: 'own.txt', context, templates })).toThrow(
      /^Template own\.txt, line 1, .*: in layout\.txt: the fund code “F2201” has 5 characters, its column 2/,
    );
  });

  it.each([
    ['{{ huge|amount_without_point|zfill(17)|fit(17, "amount") }}', /the amount “100000000000000000” has 18 characters, its column 17/],
    ['{{ code|at_most(4, "segment") }}', /the segment “F2201” has 5 characters, its column 4/],
    [String.raw`{{ "A\nB"|fit(9, "fund") }}`, /the fund “A␤B” has characters other than printable ASCII/],
    ['{{ "Zoë"|fit(9, "name") }}', /has characters other than printable ASCII, which do not count the same everywhere/],
    ['{{ "李李李"|fit(2, "name") }}', /has 3 characters, its column 2/],
    [String.raw`{{ "A\tB"|at_most(9, "fund") }}`, /the fund “A␤B” has a line break or another control character/],
    ['{{ nothing|required("the chart code") }}', /the chart code is missing; set it in a template of your own that includes this one/],
    ['{{ "  "|required }}', /a value is missing/],
    ['{% if code != "F1" %}{{ ("no room for " ~ code)|fail }}{% endif %}', /line 1, .*: no room for F2201\.$/],
    ['{{ ""|fail }}', /the template refuses its data/],
    ['{{ code|amount_without_point }}', /amount_without_point takes a number, not “F2201”/],
    ['{{ 0.125|amount_without_point }}', /the amount 0\.125 has more decimals than the 2/],
    ['{{ a|amount_without_point(-1) }}', /more decimals than the -1/],
    ['{{ code|fit }}', /fit takes the width of its column/],
    ['{{ code|at_most(0) }}', /at_most takes the width of its column/],
    ['{{ code|fit("wide") }}', /width takes a whole number, not “wide”/],
    ['{{ code|ljust(9, "ab") }}', /the fill character “ab” must be one character/],
    ['{{ code|rjust(999999999999) }}', /a width of 999999999999 is too large/],
    ['{{ code|fit(999999999999) }}', /a width of 999999999999 is too large/],
  ])('%s is refused', (source, message) => {
    expect(() => render(source)).toThrow(message);
    expect(() => render(source)).toThrow(expect.objectContaining({ code: 'template.failed' }));
  });
});
