import { type CssRule, type MatchedElement, matches, readRules } from './css-rules.js';

/** Elements without content, and those whose start ends others that were left open (HTML standard, optional tags). */
const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
const ENDED_BY: Readonly<Record<string, ReadonlySet<string>>> = {
  li: new Set(['li']),
  p: new Set(['p', 'div', 'table', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'hr', 'blockquote']),
  td: new Set(['td', 'th', 'tr', 'tbody', 'tfoot']),
  th: new Set(['td', 'th', 'tr', 'tbody', 'tfoot']),
  tr: new Set(['tr', 'tbody', 'tfoot']),
};
/** A comment, a declaration, a style block, an end tag or a start tag with its attributes. */
const PIECE =
  /<!--[\s\S]*?-->|<![^>]*>|<style\b[^>]*>[\s\S]*?<\/style\s*>|<script\b[^>]*>[\s\S]*?<\/script\s*>|<\/([a-z][^\s>/]*)[^>]*>|<([a-z][^\s>/]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?|\s*\/)*)\s*>/gi;
const STYLE_BLOCK = /<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi;
const ATTRIBUTE = /([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g;

interface OpenElement extends MatchedElement {
  children: number;
}

/**
 * A document whose style sheet also stands at its elements, for mail programs that leave `<style>` out when they quote, forward or show a
 * message. What is inline already wins, and the block stays for what only a sheet can say (`@media`, `:hover`). Selectors of types,
 * classes, ids, descendants, children and positions are understood; all others are left to the block.
 */
export function inlineStyles(html: string): string {
  const rules = [...html.matchAll(STYLE_BLOCK)].flatMap(([, sheet = '']) => readRules(sheet));
  if (rules.length === 0) return html;
  const root: OpenElement = { type: '', id: '', classes: new Set(), position: 1, parent: null, children: 0 };
  let parent = root;
  return html.replace(PIECE, (piece: string, end: string | undefined, start: string | undefined, attributes: string | undefined = '') => {
    if (end !== undefined) parent = closed(parent, end.toLowerCase());
    if (/^<s(?:tyle|cript)\b/i.test(piece)) parent.children += 1;
    if (start === undefined) return piece;
    const type = start.toLowerCase();
    while (parent.parent !== null && ENDED_BY[parent.type]?.has(type) === true) parent = parent.parent as OpenElement;
    parent.children += 1;
    const element = opened(type, attributes, parent);
    if (!VOID.has(type) && !/\/\s*$/.test(attributes)) parent = element;
    return withStyle(
      piece,
      attributes,
      rules.filter((rule) => matches(rule.selector, element)),
    );
  });
}

function closed(open: OpenElement, type: string): OpenElement {
  for (let at: OpenElement | null = open; at !== null; at = at.parent as OpenElement | null) {
    if (at.type === type) return (at.parent as OpenElement | null) ?? at;
  }
  return open;
}

function opened(type: string, attributes: string, parent: OpenElement): OpenElement {
  const named = attributesOf(attributes);
  const classes = new Set((named.get('class') ?? '').split(/\s+/).filter((name) => name !== ''));
  return { type, id: named.get('id') ?? '', classes, position: parent.children, parent, children: 0 };
}

function attributesOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single, bare]) => [name.toLowerCase(), double ?? single ?? bare ?? '']),
  );
}

function withStyle(tag: string, attributes: string, rules: readonly CssRule[]): string {
  if (rules.length === 0) return tag;
  const ordered = [...rules].sort((a, b) => a.specificity - b.specificity || a.order - b.order);
  const own = attributesOf(attributes).get('style')?.replaceAll('&quot;', '"') ?? '';
  const declared = new Map<string, string>();
  for (const [property, value] of [...ordered.flatMap((rule) => rule.declarations), ...declarationsOf(own)]) {
    if (declared.get(property)?.endsWith('!important') === true && !value.endsWith('!important')) continue;
    declared.delete(property);
    declared.set(property, value);
  }
  const style = [...declared]
    .map(([property, value]) => `${property}:${value}`)
    .join(';')
    .replaceAll('"', '&quot;');
  const without = tag.replace(/\s+style\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+)/i, '');
  return without.replace(/\s*(\/?)>$/, (_, slash: string) => ` style="${style}"${slash === '' ? '' : ' /'}>`);
}

function declarationsOf(text: string): readonly (readonly [string, string])[] {
  return readRules(`x{${text}}`)[0]?.declarations ?? [];
}
