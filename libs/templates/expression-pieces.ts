import { Decimal } from '#kernel';
import type { Token } from './expression-tokens.js';
import { TemplateFault } from './template-fault.js';
import { markDecimal } from './template-values.js';

/** A rewritten expression. */
export interface Piece {
  readonly text: string;
  /** The same, written so that the engine sees its truth as Python would: a zero amount is false. */
  readonly condition: string;
  /** Text, none, booleans and lists as written in the template: never a number, so comparing them needs no help. */
  readonly isLiteral?: boolean;
  /** The function's name, where the expression is a call of a bare name. */
  readonly calls?: string;
}

/** A name, attribute or the like: what it holds is only known when the template runs. */
export function value(text: string): Piece {
  return { text, condition: `((${text}) and (${text}) not in _zeros)` };
}

/** The result of a call; asked for once only, because calling twice might act twice. */
export function computed(text: string): Piece {
  return { text, condition: `_truth(${text})` };
}

export function truthValue(text: string): Piece {
  return { text, condition: text };
}

export function literal(text: string): Piece {
  return { text, condition: text, isLiteral: true };
}

/** The engine would read `0.1` as a binary float and a long whole number inexactly. */
export function numberLiteral(token: Token): string {
  const exact = Decimal.tryParse(token.text.replaceAll('_', ''));
  if (exact === undefined) throw new TemplateFault(`“${token.text}” is no number`);
  if (token.kind === 'float') return JSON.stringify(markDecimal(exact, Math.max(exact.decimals, 1)));
  const digits = exact.toString();
  return Number.isSafeInteger(Number(digits)) ? digits : JSON.stringify(markDecimal(exact, 0));
}
