import { tokenize } from './expression-tokens.js';
import { ExpressionRewriter } from './rewrite-expression.js';
import { TemplateFault } from './template-fault.js';

/** These must stay bare in `{{ … }}`: the engine gives them a meaning of their own there. */
const BARE_CALLS = new Set(['loop', 'super', 'caller']);
const OPENING = /\{\{|\{%|\{#/g;
const RAW = /^[-+]?\s*raw\s*[-+]?$/;
const END_OF_RAW = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;

/** A fault with the line of the template it was found in. */
export class LocatedFault extends TemplateFault {
  constructor(
    message: string,
    readonly line: number,
  ) {
    super(message);
  }
}

/** An open `for` or `if`. Names set within a round of a loop end with the round in Jinja2, so each is put into a `with`. */
interface OpenBlock {
  readonly keyword: 'for' | 'if';
  readonly line: number;
}

/**
 * Rewrites the expressions of a Jinja template for exact amounts (see {@link ExpressionRewriter}) and leaves everything else as it
 * is: text, comments, raw blocks, whitespace control, and the number of lines, so that the engine's line numbers stay right.
 * @param markOf what to put before the tags of a line, for a run that is to tell how far it came
 * @throws LocatedFault where an expression cannot be read
 */
export function rewriteTemplate(source: string, isHtml: boolean, markOf: (line: number) => string = () => ''): string {
  let result = '';
  let at = 0;
  let line = 1;
  const blocks: OpenBlock[] = [];
  const take = (end: number): string => {
    const text = source.slice(at, end);
    line += newlines(text);
    at = end;
    return text;
  };
  for (;;) {
    OPENING.lastIndex = at;
    const opening = OPENING.exec(source);
    if (opening === null) {
      const unclosed = blocks.findLast(({ keyword }) => keyword === 'for');
      if (unclosed !== undefined) throw new LocatedFault('“for” is not closed by “endfor”', unclosed.line);
      return result + source.slice(at);
    }
    result += take(opening.index);
    const open = opening[0];
    const end = endOfTag(source, opening.index, open);
    if (end === undefined) throw new LocatedFault(`“${open}” is not closed`, line);
    const content = source.slice(opening.index + 2, end - 2);
    if (open === '{#') {
      result += take(end);
    } else if (open === '{%' && RAW.test(content.trim())) {
      END_OF_RAW.lastIndex = end;
      const close = END_OF_RAW.exec(source);
      if (close === null) throw new LocatedFault('“raw” is not closed', line);
      const tag = take(end);
      // Jinja2 leaves the line break after `raw`, trim_blocks or not.
      result += /[-+]%\}$/.test(tag) ? tag : tag.replace(/%\}$/, '+%}');
      result += take(close.index + close[0].length);
    } else {
      const tag = rewriteTag(content, open === '{%', line, isHtml);
      result += markOf(line) + (open === '{%' ? scoped(tag, blocks, line) : `{{${tag}}}`);
      take(end);
    }
  }
}

/** Puts each round of a loop into a scope of its own; marks for blanks stay on the outer sides. */
function scoped(tag: string, blocks: OpenBlock[], line: number): string {
  const [, before = '', keyword = ''] = /^([-+]?)\s*(\w*)/.exec(tag) ?? [];
  const after = /[-+]?$/.exec(tag)?.[0] ?? '';
  const inner = tag.slice(before.length, tag.length - after.length);
  const top = blocks.at(-1);
  switch (keyword) {
    case 'if':
      blocks.push({ keyword, line });
      break;
    case 'for':
      blocks.push({ keyword, line });
      return `{%${before}${inner}%}{% with ${after}%}`;
    case 'else':
      if (top?.keyword === 'for') return `{%${before} endwith %}{%${inner}%}{% with ${after}%}`;
      break;
    case 'endfor':
      if (top?.keyword !== 'for') throw new LocatedFault(top === undefined ? '“endfor” without “for”' : '“endfor” before “endif”', line);
      blocks.pop();
      return `{%${before} endwith %}{%${inner}${after}%}`;
    case 'endif':
      if (top?.keyword === 'for') throw new LocatedFault('“endif” before “endfor”', line);
      blocks.pop();
  }
  return `{%${tag}%}`;
}

function rewriteTag(content: string, isStatement: boolean, line: number, isHtml: boolean): string {
  const before = /^[-+]/.exec(content)?.[0] ?? '';
  const after = /[-+]$/.exec(content.slice(before.length))?.[0] ?? '';
  const inner = content.slice(before.length, content.length - after.length);
  try {
    const rewritten = isStatement ? rewriteStatement(inner, line, isHtml) : rewritePrint(inner, line, isHtml);
    return `${before} ${rewritten}${'\n'.repeat(newlines(inner))} ${after}`;
  } catch (error) {
    if (error instanceof TemplateFault) throw new LocatedFault(error.message, line);
    throw error;
  }
}

function rewritePrint(inner: string, line: number, isHtml: boolean): string {
  const rewriter = new ExpressionRewriter(tokenize(inner, line), isHtml);
  const piece = rewriter.tuple();
  rewriter.end();
  // HTML keeps the engine's own printing, which knows what is escaped already.
  const isBare = isHtml || (piece.calls !== undefined && BARE_CALLS.has(piece.calls));
  return isBare ? piece.text : `_print(${piece.text})`;
}

/** Statements without an expression to rewrite (`macro`, `block`, `include`, `else`, …) stay as they are. */
function rewriteStatement(inner: string, line: number, isHtml: boolean): string {
  const tokens = tokenize(inner, line);
  const rewriter = new ExpressionRewriter(tokens, isHtml);
  const keyword = rewriter.next().text;
  const upTo = (stop: string): string | undefined => {
    const first = rewriter.current.start;
    while (rewriter.current.kind !== 'end' && !rewriter.is(stop)) rewriter.next();
    return rewriter.skip(stop)
      ? flat(inner.slice(first, tokens.findLast((token) => token.end <= rewriter.current.start && token.text === stop)?.start))
      : undefined;
  };
  let rewritten: string;
  if (keyword === 'if' || keyword === 'elif') {
    rewritten = `${keyword} ${rewriter.expression().condition}`;
  } else if (keyword === 'do') {
    rewritten = `do ${rewriter.expression().text}`;
  } else if (keyword === 'for') {
    const targets = upTo('in');
    if (targets === undefined) throw new TemplateFault('“for” needs “in”');
    rewritten = `for ${targets} in ${rewriter.tuple(false).text}`;
    if (rewriter.skip('if')) rewritten += ` if ${rewriter.expression().condition}`;
    if (rewriter.skip('recursive')) rewritten += ' recursive';
  } else if (keyword === 'set') {
    const targets = upTo('=');
    if (targets === undefined) return flat(inner);
    rewritten = `set ${targets.includes(',') && !targets.startsWith('(') ? `(${targets})` : targets} = ${rewriter.tuple().text}`;
  } else if (keyword === 'with' && rewriter.current.kind !== 'end') {
    const assignments: string[] = [];
    do {
      const target = upTo('=');
      if (target === undefined) throw new TemplateFault('“with” needs “=”');
      assignments.push(`${target} = ${rewriter.expression().text}`);
    } while (rewriter.skip(','));
    rewritten = `with ${assignments.join(', ')}`;
  } else {
    return flat(inner);
  }
  rewriter.end();
  return rewritten;
}

/** Where the tag that starts at `start` ends, after its closing marks; quotes and braces within are passed over. */
function endOfTag(source: string, start: number, open: string): number | undefined {
  if (open === '{#') {
    const close = source.indexOf('#}', start + 2);
    return close < 0 ? undefined : close + 2;
  }
  let braces = 0;
  for (let at = start + 2; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === '"' || character === "'") {
      const close = endOfText(source, at);
      if (close === undefined) return undefined;
      at = close;
    } else if (open === '{%') {
      if (source.startsWith('%}', at)) return at + 2;
    } else if (character === '{') {
      braces += 1;
    } else if (character === '}') {
      if (braces > 0) braces -= 1;
      else if (source.startsWith('}}', at)) return at + 2;
    }
  }
  return undefined;
}

function endOfText(source: string, start: number): number | undefined {
  for (let at = start + 1; at < source.length; at++) {
    if (source.charAt(at) === '\\') at += 1;
    else if (source.charAt(at) === source.charAt(start)) return at;
  }
  return undefined;
}

function newlines(text: string): number {
  return text.split('\n').length - 1;
}

/** Line breaks become blanks; the caller adds as many at the end as were there. */
function flat(text: string): string {
  return text.replaceAll('\n', ' ').trim();
}
