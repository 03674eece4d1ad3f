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

const loaded = new Loaded();
const context = {
  s: 'text',
  list: ['a', 'b'],
  entry: { amount: Decimal.parse('5'), own: { deep: 'x' } },
  loaded,
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

/** The words of a refusal. */
const refusal = (source: string): string => {
  try {
    return `rendered ${renderTemplate({ source, name: 'hostile.csv', context })}`;
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: 'template.failed', kind: 'invalid' });
    const { detail } = error as DomainError;
    expect(detail).not.toContain(SECRET);
    return detail;
  }
};

describe('a template reaches nothing but its data', () => {
  it.each([
    '{{ entry["constr" ~ "uctor"] }}',
    '{{ entry["__pro" ~ "to__"] }}',
    '{% set key = "constructor" %}{{ entry[key] }}',
    '{{ entry.amount.coefficient }}',
    '{{ entry.own.hasOwnProperty }}',
    '{{ entry.toString }}',
    '{{ entry.valueOf }}',
    '{{ list.map }}',
    '{{ call }}',
    '{{ nested.call }}',
    '{{ nested.list[0] }}',
    '{{ loaded.computed }}',
    '{{ loaded.reveal }}',
    '{{ process }}',
    '{{ globalThis }}',
    '{{ require }}',
    '{{ Function }}',
    '{{ eval }}',
    '{{ module }}',
    '{{ this }}',
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
    '{{ s.constructor }}',
    '{{ s.__proto__ }}',
    '{{ s["constructor"] }}',
    '{{ entry.constructor }}',
    '{{ entry.__proto__ }}',
    '{{ entry["__proto__"]["polluted"] }}',
    '{{ entry|attr("__proto__") }}',
    '{{ entry|attr("constructor") }}',
    '{{ entry.amount.constructor }}',
    '{{ list.constructor }}',
    '{{ list.__class__ }}',
    '{{ list|map(attribute="__class__.__mro__")|list }}',
    '{{ range.constructor }}',
    '{{ _filter.constructor }}',
    '{{ _calculate.prototype }}',
    '{{ loaded.__lookupGetter__("computed") }}',
    '{{ entry.__defineGetter__("x", call) }}',
    '{{ list.map(call) }}',
    '{{ s.toString.call(entry) }}',
    '{{ entry.hasOwnProperty("own") }}',
    '{{ list.concat.apply(list) }}',
    '{{ require("fs").readFileSync("/etc/passwd") }}',
    '{{ globalThis.process.exit(1) }}',
    '{{ Function("return process")() }}',
    '{{ eval("1") }}',
    '{{ import("fs") }}',
    '{{ config.__class__.__init__.__globals__["os"] }}',
    '{{ get_flashed_messages.__globals__ }}',
    '{{ joiner.__init__.__globals__ }}',
    '{{ namespace.__init__.__globals__ }}',
    '{{ lipsum.__globals__.os }}',
    '{{ "%(x.__class__)s"|format(x=s) }}',
    '{{ "{0.__class__}".format(s) }}',
    '{{ "{x[__proto__]}".format(x=entry) }}',
    '{% set entry.__proto__ = 1 %}',
    '{% set entry.own = 1 %}',
    '{% from "child_process" import execSync %}{{ execSync("id") }}',
    '{% include ["/etc/passwd", "../../package.json"] %}',
    '{% include "..\\\\package.json" %}',
    '{% import entry as e %}{{ e.own }}',
    '{% debug %}',
    '{% do process.exit() %}',
  ])('%s is refused, naming file, line and expression', (source) => {
    expect(refusal(`first line\n${source}`)).toMatch(/^Template hostile\.csv, line 2, “.+”: .{5,}\.$/s);
  });

  it('the program is as it was after all of that', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(loaded.reveal()).toBe(SECRET);
    expect(attempt('{{ s|upper }} {{ entry.own.deep }}')).toBe('TEXT x');
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
    '{% for n in [1] recursive %}{{ loop([1]) }}{% endfor %}',
    '{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}',
    '{% include "hostile.csv" %}',
    '{% extends "hostile.csv" %}',
    '{% set n = namespace(x=[1]) %}{% for i in range(40) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}',
    '{% set n = namespace(x="a" * 1000000) %}{% for i in range(12) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x|sort }}',
    '{% set ns = namespace() %}{% set ns.ns = ns %}{{ ns }}',
    '{{ range(100000)|map("string")|join("x" * 100000) }}',
    '{{ "aaaa"|replace("a", "b" * 30000000, 3) }}',
    '{{ "a b"|wordwrap(1, wrapstring="x" * 30000000) }}',
    '{{ ("\\t" * 100000).expandtabs(1000000) }}',
    '{{ "a\\nb"|indent(30000000, blank=true) }}',
    '{{ [1]|slice(100000000)|list|length }}',
    '{{ "%*d"|format(999999999, 1) }}',
    '{{ "%.999999999f"|format(1) }}',
    '{{ "a".zfill(99999999999) }}',
    '{{ 1e190 * 1e190 }}',
    '{{ [0] * 100000000 }}',
  ])('%# ends soon with a refusal', (source) => {
    expect(refusal(`first line\n${source}`)).toMatch(/^Template hostile\.csv, line 2, “.+”: .{5,}\.$/s);
    expect(attempt('{{ 1 + 1 }}')).toBe('2');
  });

  it('a long word is wrapped in one pass', () => {
    expect(refusal('{{ ("a" * 1000000)|wordwrap(1)|length }}')).toBe('rendered 1999999');
    expect(refusal('{{ ("a-" * 200000)|wordwrap(3)|length }}')).toBe('rendered 599999');
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
