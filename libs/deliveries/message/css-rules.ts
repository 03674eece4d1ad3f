/** An element as selectors see it. */
export interface MatchedElement {
  readonly type: string;
  readonly id: string;
  readonly classes: ReadonlySet<string>;
  /** Among the children of its parent, from 1. */
  readonly position: number;
  readonly parent: MatchedElement | null;
}

interface SimpleSelector {
  readonly type: string | null;
  readonly id: string | null;
  readonly classes: readonly string[];
  /** `an+b` of `:nth-child`. */
  readonly positions: readonly (readonly [number, number])[];
}

interface SelectorStep {
  readonly simple: SimpleSelector;
  /** How it stands to the step before: anywhere below it, or right below it. */
  readonly below: 'anywhere' | 'directly';
}

export interface CssRule {
  readonly selector: readonly SelectorStep[];
  readonly declarations: readonly (readonly [string, string])[];
  /** Selectors Level 4, § 17, as one number. */
  readonly specificity: number;
  readonly order: number;
}

const SIMPLE = /^(\*|[a-z][\w-]*)?((?:[.#][\w-]+|:first-child|:nth-child\([^)]*\))*)$/i;
const PART = /([.#])([\w-]+)|:(first-child)|:nth-child\(([^)]*)\)/gi;
const NTH = /^\s*(?:(even)|(odd)|([+-]?\d*)n\s*(?:([+-])\s*(\d+))?|([+-]?\d+))\s*$/i;

/** The rules of a style sheet that can stand at an element; those inside of at-rules, and with selectors that are not understood, are left out. */
export function readRules(sheet: string): CssRule[] {
  const rules: CssRule[] = [];
  const text = sheet.replace(/\/\*[\s\S]*?\*\//g, '').replace(/<!--|-->/g, '');
  for (const [selectors, body] of blocksOf(text)) {
    if (selectors.startsWith('@')) continue;
    const declarations = readDeclarations(body);
    for (const written of selectors.split(',')) {
      const selector = readSelector(written.trim());
      if (selector === undefined || declarations.length === 0) continue;
      rules.push({ selector, declarations, specificity: specificityOf(selector), order: rules.length });
    }
  }
  return rules;
}

export function matches(selector: readonly SelectorStep[], element: MatchedElement, last = selector.length - 1): boolean {
  const step = selector[last];
  if (step === undefined) return true;
  if (!fits(step.simple, element)) return false;
  if (last === 0) return true;
  for (let above = element.parent; above !== null; above = above.parent) {
    if (matches(selector, above, last - 1)) return true;
    if (step.below === 'directly') return false;
  }
  return false;
}

function fits({ type, id, classes, positions }: SimpleSelector, element: MatchedElement): boolean {
  return (
    element.parent !== null &&
    (type === null || type === element.type) &&
    (id === null || id === element.id) &&
    classes.every((name) => element.classes.has(name)) &&
    positions.every(([step, offset]) => {
      const beyond = element.position - offset;
      return step === 0 ? beyond === 0 : beyond % step === 0 && beyond / step >= 0;
    })
  );
}

/** Selectors with their bodies; the body of an at-rule may hold blocks of its own. */
function* blocksOf(text: string): Generator<readonly [string, string]> {
  let at = 0;
  for (;;) {
    const open = text.indexOf('{', at);
    if (open < 0) return;
    let depth = 1;
    let close = open + 1;
    while (close < text.length && depth > 0) {
      if (text[close] === '{') depth += 1;
      if (text[close] === '}') depth -= 1;
      close += 1;
    }
    // A statement such as `@charset "x";` has no block.
    const selectors = text.slice(at, open).split(';').at(-1) ?? '';
    yield [selectors.trim(), text.slice(open + 1, close - 1)];
    at = close;
  }
}

function readDeclarations(body: string): (readonly [string, string])[] {
  // A semicolon inside of brackets or quotes belongs to its value.
  const parts = body.match(/(?:[^;"'(]|"[^"]*"|'[^']*'|\([^)]*\))+/g) ?? [];
  return parts.flatMap((part) => {
    const colon = part.indexOf(':');
    const property = part.slice(0, colon).trim().toLowerCase();
    const value = part
      .slice(colon + 1)
      .trim()
      .replace(/\s+/g, ' ');
    return colon > 0 && /^[\w-]+$/.test(property) && value !== '' ? [[property, value] as const] : [];
  });
}

function readSelector(text: string): readonly SelectorStep[] | undefined {
  const steps: SelectorStep[] = [];
  let below: SelectorStep['below'] = 'anywhere';
  for (const word of text.replace(/\s*>\s*/g, ' > ').split(/\s+(?![^(]*\))/)) {
    if (word === '>') {
      below = 'directly';
      continue;
    }
    const simple = readSimple(word);
    if (simple === undefined) return undefined;
    steps.push({ simple, below });
    below = 'anywhere';
  }
  return steps.length === 0 ? undefined : steps;
}

function readSimple(word: string): SimpleSelector | undefined {
  const [, type, rest = ''] = SIMPLE.exec(word) ?? [];
  if (word === '' || (type === undefined && rest === '')) return undefined;
  const classes: string[] = [];
  const positions: (readonly [number, number])[] = [];
  let id: string | null = null;
  for (const [, mark, name = '', first, nth] of rest.matchAll(PART)) {
    if (mark === '.') classes.push(name);
    else if (mark === '#') id = name;
    else if (first !== undefined) positions.push([0, 1]);
    else {
      const position = readNth(nth ?? '');
      if (position === undefined) return undefined;
      positions.push(position);
    }
  }
  return { type: type === undefined || type === '*' ? null : type.toLowerCase(), id, classes, positions };
}

function readNth(text: string): readonly [number, number] | undefined {
  const found = NTH.exec(text);
  if (found === null) return undefined;
  const [, even, odd, step, sign = '+', offset = '0', single] = found;
  if (even !== undefined) return [2, 0];
  if (odd !== undefined) return [2, 1];
  if (single !== undefined) return [0, Number(single)];
  const factor = step === undefined || step === '' || step === '+' ? 1 : step === '-' ? -1 : Number(step);
  return [factor, Number(`${sign}${offset}`)];
}

function specificityOf(selector: readonly SelectorStep[]): number {
  return selector.reduce((sum, { simple }) => {
    const { id, classes, positions, type } = simple;
    return sum + (id === null ? 0 : 10_000) + 100 * (classes.length + positions.length) + (type === null ? 0 : 1);
  }, 0);
}
