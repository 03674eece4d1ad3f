import { LinearPattern } from '#kernel';

/** How far an expression goes along with a text that it does not match. */
export interface PatternReach {
  /** The beginning of the text that still matches. */
  readonly matched: string;
  /** The part of the expression that does not match what follows. */
  readonly element: string;
}

/** Far more parts than an expression for fund/orgs has; each is compiled. */
const MOST_ELEMENTS = 60;

/**
 * Tells where expressions stop to match: the longest row of their parts that still does. It is an explanation for people, and
 * undefined for an expression whose parts don't stand in a row: one with `|` outside of parentheses.
 */
export function patternReach(expression: string): (text: string) => PatternReach | undefined {
  const elements = elementsOf(expression);
  if (elements === undefined || elements.length > MOST_ELEMENTS) return () => undefined;
  const beginnings = elements.map((element, index) => ({ element, before: LinearPattern.compile(elements.slice(0, index).join('')) }));
  return (text) => {
    for (const { element, before } of beginnings.toReversed()) {
      const matched = before.matchedAtStart(text);
      if (matched !== undefined) return { matched, element };
    }
    return undefined;
  };
}

/**
 * About how many steps an expression is unrolled into: `(ab){100}` into 200. Told from the text alone, because unrolling a large one is what
 * takes the time.
 */
export function stepsOf(expression: string): number {
  let steps = 0;
  let place = 0;
  while (place < expression.length) {
    const behind = behindAtom(expression, place);
    const end = behindQuantifier(expression, behind);
    const [, least = '1', most = least] = /^\{(\d+)(?:,(\d+))?/.exec(expression.slice(behind, end)) ?? [];
    const own = expression[place] === '(' ? stepsOf(expression.slice(place + 1, Math.max(place + 1, behind - 1))) : 1;
    steps += own * Math.max(1, Number(most));
    place = end;
  }
  return steps;
}

/** A group, a class, an escape or a character, each with its quantifier. */
function elementsOf(expression: string): string[] | undefined {
  const elements: string[] = [];
  let place = 0;
  while (place < expression.length) {
    const character = expression[place];
    if (character === '|' || expression.startsWith('\\Q', place)) return undefined;
    const end = behindQuantifier(expression, behindAtom(expression, place));
    elements.push(expression.slice(place, end));
    place = end;
  }
  return elements;
}

function behindAtom(expression: string, place: number): number {
  const rest = expression.slice(place);
  if (rest.startsWith('(')) return behindGroup(expression, place);
  if (rest.startsWith('[')) return behindClass(expression, place);
  const [escape] = /^\\(?:[pPx]\{[^}]*\}|x..|[^])/.exec(rest) ?? [];
  return place + (escape ?? String.fromCodePoint(rest.codePointAt(0) ?? 0)).length;
}

function behindQuantifier(expression: string, place: number): number {
  return place + (/^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(expression.slice(place))?.[0].length ?? 0);
}

function behindGroup(expression: string, start: number): number {
  let depth = 0;
  for (let place = start; place < expression.length; place++) {
    if (expression[place] === '\\') place++;
    else if (expression[place] === '[') place = behindClass(expression, place) - 1;
    else if (expression[place] === '(') depth++;
    else if (expression[place] === ')' && --depth === 0) return place + 1;
  }
  return expression.length;
}

function behindClass(expression: string, start: number): number {
  const [whole] = /^\[\^?\]?(?:\\[^]|\[:\^?\w+:\]|[^\]\\])*\]/.exec(expression.slice(start)) ?? [];
  return start + (whole?.length ?? 1);
}
