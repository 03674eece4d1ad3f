import { describe, expect, it } from 'vitest';
import { Decimal, DomainError } from '#kernel';
import { renderTemplate } from './render-template.js';

/** What a template must never be able to read. */
const SECRET = 'opened-sesame';

class Loaded {
  readonly shown = 'shown';
  get computed(): string {
    return SECRET;
  }
  reveal(): string {
    return SECRET;
  }
}

const context = {
  s: 'text',
  list: ['a', 'b'],
  entry: { amount: Decimal.parse('5'), own: { deep: 'x' } },
  loaded: new Loaded(),
  call: (): string => SECRET,
  nested: { call: (): string => SECRET, list: [(): string => SECRET] },
};

const attempt = (source: string): string => {
  try {
    return renderTemplate({ source, name: 'hostile.csv', context });
  } catch (error) {
    // Anything else than a refusal would be a hole.
    expect(error).toBeInstanceOf(DomainError);
    return 'refused';
  }
};

describe('a template reaches nothing but its data', () => {
  it.each([
    '{{ s.constructor }}',
    '{{ s.__proto__ }}',
    '{{ entry.constructor }}',
    '{{ entry.__proto__ }}',
    '{{ entry["constr" ~ "uctor"] }}',
    '{{ entry|attr("__proto__") }}',
    '{{ entry.amount.constructor }}',
    '{{ entry.amount.coefficient }}',
    '{{ entry.own.hasOwnProperty }}',
    '{{ list.constructor }}',
    '{{ list.map }}',
    '{{ list.__class__ }}',
    '{{ call }}',
    '{{ nested.call }}',
    '{{ nested.list[0] }}',
    '{{ loaded.computed }}',
    '{{ loaded.reveal }}',
    '{{ process }}',
    '{{ globalThis }}',
    '{{ require }}',
    '{{ range.constructor }}',
    '{{ _filter.constructor }}',
    '{{ _calculate.prototype }}',
  ])('%s is nothing', (source) => {
    expect(attempt(source).trim()).toBe('');
  });

  it.each([
    '{{ s.constructor.constructor("return process")() }}',
    '{{ entry.__proto__.__proto__.constructor }}',
    '{{ "".__class__.__mro__[1].__subclasses__() }}',
    '{{ call() }}',
    '{{ nested.call() }}',
    '{{ loaded.reveal() }}',
    '{{ range.constructor("return 1")() }}',
    '{{ cycler.__init__.__globals__.os.popen("id").read() }}',
    '{{ s|map("constructor")|list }}',
    '{{ [s]|map(attribute="constructor.constructor")|first()() }}',
    '{{ _filter("constructor", s) }}',
    '{{ _method("toString", s) }}',
    '{{ _filter("__proto__", s) }}',
    '{% import "fs" as fs %}{{ fs }}',
    '{% extends "/etc/passwd" %}',
    '{% include "file:///etc/passwd" %}',
    '{{ self.__init__ }}',
    '{{ debug() }}',
    '{{ process.env.PATH }}',
  ])('%s is refused', (source) => {
    expect(attempt(source)).toBe('refused');
  });

  it('shows plain fields, and no function, accessor or method of what it was given', () => {
    const all = attempt('{{ loaded }} {{ nested }} {{ entry }} {{ _filter }} {{ range }}');
    expect(all).toContain("'shown': 'shown'");
    expect(all).not.toMatch(new RegExp(`${SECRET}|function |native code|=>|reveal`));
  });

  it('text from outside cannot pass for an amount', () => {
    const data = { x: '\uFDD01.00', y: '\uFDD02.00' };
    expect(renderTemplate({ source: '{{ x + y }} {{ x is number }}', name: 't', context: data })).toBe('1.002.00 False');
  });

  it('a filter argument cannot break the engine for the next template', () => {
    for (let round = 0; round < 3; round++) {
      expect(attempt('{{ "x"|indent(999999999) }}')).toBe('refused');
      expect(attempt('{{ s|upper }}')).toBe('TEXT');
    }
  });
});

describe('a template is bounded', () => {
  const grow = (step: string): string => `{% set n = namespace(s="aaaaaaaaaa") %}{% for i in range(90) %}${step}{% endfor %}`;
  it.each([
    '{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}',
    '{% for i in range(99999) %}{% for j in range(99999) %}{{ j + 1 }}{% endfor %}{% endfor %}',
    '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}',
    grow('{% set n.s = n.s ~ n.s %}'),
    grow('{% set n.s = n.s + n.s %}'),
    grow('{% set n.s = n.s|replace("a", "aaaaaaaa") %}'),
    grow('{% set n.s %}{{ n.s }}{{ n.s }}{% endset %}'),
    '{{ "a" * 2000000000 }}',
    '{{ "%2000000000d"|format(1) }}',
    '{{ "{:2000000000}".format(1) }}',
    '{{ "a"|center(2000000000) }}',
    '{{ "a".ljust(2000000000) }}',
    '{{ range(2000000000)|list }}',
    '{{ 9 ** 9 ** 9 ** 9 }}',
    `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`,
    `{{ ${'-'.repeat(50_000)}1 }}`,
    `{{ ${'not '.repeat(50_000)}1 }}`,
    '{% if 1 %}'.repeat(20_000),
  ])('%# ends soon with a refusal', (source) => {
    const started = performance.now();
    expect(attempt(source)).toBe('refused');
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(attempt('{{ 1 + 1 }}')).toBe('2');
  });

  it('keeps to the step, time and size limits it is given', () => {
    const loop = '{% for i in range(1000) %}{{ i }},{% endfor %}';
    const limited =
      (limits: object): (() => string) =>
      () =>
        renderTemplate({ source: loop, name: 'loop.csv', context: {}, ...limits });
    expect(limited({})().length).toBe(3890);
    expect(limited({ fuel: 100 })).toThrow(/more steps than allowed/);
    expect(limited({ timeLimitMs: 0 })).toThrow(/longer than 0 ms/);
    expect(limited({ maxOutputBytes: 3889 })).toThrow(/longer than the 3889 bytes/);
    expect(limited({ maxOutputBytes: 3890 })().length).toBe(3890);
  });
});
