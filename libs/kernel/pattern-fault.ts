import { RE2JS, RE2JSSyntaxException } from 're2js';

/** Why an expression that a person wrote does not compile. */
export interface PatternFault {
  /** In a few words, as the engine has it: `missing closing )`. */
  readonly reason: string;
  /** Where it is, as the number of the character from 1; null where that can't be said. */
  readonly character: number | null;
  /** The piece that is wrong; '' where there is none. */
  readonly fragment: string;
}

/** @returns undefined for an expression that compiles. */
export function patternFault(source: string): PatternFault | undefined {
  const found = syntaxError(source);
  if (found === undefined) return undefined;
  const place = placeOf(source, found);
  return {
    reason: found.reason,
    character: place === undefined ? null : [...source.slice(0, place)].length + 1,
    fragment: found.fragment === source ? '' : found.fragment,
  };
}

interface SyntaxError {
  readonly reason: string;
  readonly fragment: string;
}

function syntaxError(source: string): SyntaxError | undefined {
  try {
    RE2JS.compile(source);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return { reason: error.error, fragment: error.input ?? '' };
    return { reason: error instanceof Error ? error.message : String(error), fragment: '' };
  }
}

function placeOf(source: string, { reason, fragment }: SyntaxError): number | undefined {
  if (fragment === source || fragment === '') return parenthesisWithoutPair(source);
  if (source.endsWith(fragment) && reason.startsWith('missing closing')) return source.length - fragment.length;
  // The engine reads from left to right: what is wrong at a place is wrong in every beginning that reaches beyond it, and in no shorter one.
  let [fine, wrong] = [0, source.length];
  while (wrong - fine > 1) {
    const middle = (fine + wrong) >> 1;
    const found = syntaxError(source.slice(0, middle));
    if (found?.reason === reason && found.fragment === fragment) wrong = middle;
    else fine = middle;
  }
  const end = source.slice(0, wrong);
  return end.endsWith(fragment) ? end.length - fragment.length : undefined;
}

/** The first `)` that closes nothing, or the last `(` that is not closed. */
function parenthesisWithoutPair(source: string): number | undefined {
  const opened: number[] = [];
  let isInClass = false;
  for (let place = 0; place < source.length; place++) {
    const character = source[place];
    if (character === '\\') place++;
    else if (isInClass) isInClass = character !== ']';
    else if (character === '[') {
      isInClass = true;
      // A bracket at the start of a class is one of its characters.
      if (source[place + 1] === '^') place++;
      if (source[place + 1] === ']') place++;
    } else if (character === '(') opened.push(place);
    else if (character === ')' && opened.pop() === undefined) return place;
  }
  return opened.at(-1);
}
