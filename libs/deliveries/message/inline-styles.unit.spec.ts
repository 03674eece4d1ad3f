import { describe, expect, it } from 'vitest';
import { inlineStyles } from './inline-styles.js';

const sheet = (css: string, body: string): string => inlineStyles(`<style>${css}</style>${body}`).split('</style>')[1] ?? '';

describe('inlineStyles', () => {
  it.each([
    ['p { color: red; }', '<p>x</p>', '<p style="color:red">x</p>'],
    ['.a { color: red } p.a { color: blue }', '<p class="b a">x', '<p class="b a" style="color:blue">x'],
    ['p.a { color: blue } .a { color: red }', "<p class='a'>x", `<p class='a' style="color:blue">x`],
    ['#x { color: red } p { color: blue; margin: 0 }', '<p id=x>', '<p id=x style="margin:0;color:red">'],
    ['.box .total { color: red }', '<div class="box"><p><b class="total">', '<div class="box"><p><b class="total" style="color:red">'],
    ['.box > .total { color: red }', '<div class="box"><p><b class="total">', '<div class="box"><p><b class="total">'],
    ['.box>b { color: red }', '<div class="box"><br><b>', '<div class="box"><br><b style="color:red">'],
    [
      'tr:nth-child(even) { background: #eee }',
      '<table><tr><td>1<tr><td>2<tr></table>',
      '<table><tr><td>1<tr style="background:#eee"><td>2<tr></table>',
    ],
    ['i:nth-child(2n + 1), i:first-child { top: 0 }', '<i></i><i></i><i></i>', '<i></i><i style="top:0"></i><i></i>'],
    ['p { color: red !important; margin: 0 }', '<p style="color:blue; margin: 1px">', '<p style="color:red !important;margin:1px">'],
    ['p { font-family: "A B", serif; background: url(x;y) }', '<p>', '<p style="font-family:&quot;A B&quot;, serif;background:url(x;y)">'],
    [
      'p { color: red } /* b { color: red } */ @media print { b { color: red } } i { top: 0 }',
      '<p><b><i>',
      '<p style="color:red"><b><i style="top:0">',
    ],
    ['a:hover, p[title], p + p, p ~ b, b::before { color: red }', '<p title="x"><a><p><b>', '<p title="x"><a><p><b>'],
    ['p { color: red }', '<!-- <p> --><p\n title="a > b"/>', '<!-- <p> --><p\n title="a > b" style="color:red" />'],
    ['b { color: red }', '<p><!--[if mso]><b><![endif]--><b>', '<p><!--[if mso]><b><![endif]--><b style="color:red">'],
  ])('%s on %s', (css, body, expected) => {
    // The style block is a child too, the first one.
    expect(sheet(css, body)).toBe(expected);
  });

  it('keeps the sheet, and leaves a document without one as it is', () => {
    const html = '<style>p { color: red } @media print { p { color: black } }</style><p>x</p>';
    expect(inlineStyles(html)).toBe('<style>p { color: red } @media print { p { color: black } }</style><p style="color:red">x</p>');
    expect(inlineStyles('<p class="a">x</p>')).toBe('<p class="a">x</p>');
  });

  it('ends in good time on what is no HTML', () => {
    for (const piece of ['<p ', '<p a="', '<style>p{', '<!--', '<style>{{{{', '<p a=b ', '<<<p']) {
      const hostile = `<style>p{color:red}</style>${piece.repeat(5_000)}`;
      expect(inlineStyles(hostile).length).toBeGreaterThanOrEqual(hostile.length);
    }
  });
});
