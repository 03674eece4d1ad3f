import { TemplateFault } from './template-fault.js';

export type TokenKind = 'name' | 'integer' | 'float' | 'text' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written in the template. */
  readonly text: string;
  /** Where it starts and ends within the expression. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

const TOKEN =
  /(\s+)|([\p{L}_][\p{L}\p{N}_]*)|(\d[\d_]*(?:\.\d[\d_]*(?:[eE][-+]?\d+)?|[eE][-+]?\d+))|(\d[\d_]*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\*\*|\/\/|==|!=|<=|>=|[-+*/%~<>=()[\]{}.,:|])/suy;

/** Takes a Jinja expression or statement apart. @throws TemplateFault at a character that cannot stand there. */
export function tokenize(expression: string, firstLine: number): Token[] {
  const tokens: Token[] = [];
  let line = firstLine;
  let at = 0;
  while (at < expression.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(expression);
    if (match === null) throw new TemplateFault(`unexpected “${expression.slice(at, at + 20).trim()}”`);
    const [text, blank, name, float, integer, quoted] = match;
    const end = at + text.length;
    if (blank === undefined) {
      const kind: TokenKind =
        name !== undefined
          ? 'name'
          : float !== undefined
            ? 'float'
            : integer !== undefined
              ? 'integer'
              : quoted !== undefined
                ? 'text'
                : 'operator';
      tokens.push({ kind, text, start: at, end, line });
    }
    line += text.split('\n').length - 1;
    at = end;
  }
  tokens.push({ kind: 'end', text: '', start: at, end: at, line });
  return tokens;
}
