import { computed, literal, numberLiteral, type Piece, truthValue, value } from './expression-pieces.js';
import type { Token } from './expression-tokens.js';
import { filterCall } from './filter-call.js';
import { FILTERS, METHODS } from './template-filters.js';
import { TemplateFault } from './template-fault.js';

const DEEPEST_NESTING = 60;
const LONGEST_EXPRESSION = 100_000;
const LITERAL_NAMES = new Set(['true', 'false', 'none', 'True', 'False', 'None']);
const ENDS_A_TEST = new Set(['and', 'or', 'not', 'if', 'else', 'is', 'in', 'recursive']);
/** What a template for Python or JavaScript reaches for to get out of its data. The engine has none of it; saying so beats printing nothing. */
const WAY_OUT = /^(?:__\w*__|constructor|prototype)$/;
const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);

/**
 * Rewrites Jinja expressions so that arithmetic, comparisons, conditions and some filters go through functions that are exact on
 * amounts: `a + b` becomes `_calculate("+", a, b)`. Grammar and precedence are those of Jinja2's parser.
 */
export class ExpressionRewriter {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    /** In HTML, text that is marked as safe must stay in the engine's hands, so `~` is left alone there. */
    private readonly isHtml: boolean,
  ) {}

  get current(): Token {
    const token = this.tokens[this.at] ?? this.tokens.at(-1);
    if (token === undefined) throw new TemplateFault('an expression is missing');
    return token;
  }

  skip(text: string): boolean {
    const isThere = this.is(text);
    if (isThere) this.at += 1;
    return isThere;
  }

  is(text: string): boolean {
    return this.current.text === text && this.current.kind !== 'text';
  }

  /** @throws TemplateFault unless everything was read. */
  end(): void {
    if (this.current.kind !== 'end') throw new TemplateFault(`unexpected “${this.current.text}”`);
  }

  next(): Token {
    const token = this.current;
    this.at += 1;
    return token;
  }

  /** One expression, or several with commas between them as a list. */
  tuple(withCondition = true): Piece {
    const one = (): Piece => (withCondition ? this.expression() : this.disjunction());
    const first = one();
    if (!this.is(',')) return first;
    const items = [first.text];
    while (this.skip(',')) {
      if (this.current.kind === 'end' || this.is(')')) break;
      items.push(one().text);
    }
    return literal(`[${items.join(', ')}]`);
  }

  /** An expression with an inline `if`. */
  expression(): Piece {
    this.depth += 1;
    if (this.depth > DEEPEST_NESTING) throw new TemplateFault('the expression is nested too deeply');
    let piece = this.disjunction();
    while (this.skip('if')) {
      const test = this.disjunction();
      const otherwise = this.skip('else') ? this.expression() : undefined;
      const tail = otherwise === undefined ? '' : ` else ${otherwise.text}`;
      piece = computed(`(${piece.text} if ${test.condition}${tail})`);
    }
    this.depth -= 1;
    if (piece.text.length > LONGEST_EXPRESSION) throw new TemplateFault('the expression is too long');
    return piece;
  }

  private disjunction(): Piece {
    return this.logical('or', () => this.logical('and', () => this.negation()));
  }

  private logical(word: 'and' | 'or', operand: () => Piece): Piece {
    let left = operand();
    while (this.skip(word)) {
      const right = operand();
      left = { text: `(${left.text} ${word} ${right.text})`, condition: `(${left.condition} ${word} ${right.condition})` };
    }
    return left;
  }

  private negation(): Piece {
    let count = 0;
    while (this.skip('not')) count += 1;
    const piece = this.comparison();
    return count === 0 ? piece : truthValue(`(${'not '.repeat(count)}${piece.condition})`);
  }

  private comparison(): Piece {
    let left = this.sum();
    const tests: string[] = [];
    for (;;) {
      const operator = this.current.text;
      if (this.current.kind === 'operator' && COMPARISONS.has(operator)) {
        this.next();
        const right = this.sum();
        const isNative = (operator === '==' || operator === '!=') && (left.isLiteral === true || right.isLiteral === true);
        tests.push(isNative ? `(${left.text} ${operator} ${right.text})` : `_compare("${operator}", ${left.text}, ${right.text})`);
        left = right;
      } else if (this.is('in') || (this.is('not') && this.tokens[this.at + 1]?.text === 'in')) {
        const word = this.skip('not') ? 'not in' : 'in';
        this.next();
        const right = this.sum();
        tests.push(`(${left.text} ${word} ${right.text})`);
        left = right;
      } else {
        return tests.length === 0 ? left : truthValue(`(${tests.join(' and ')})`);
      }
    }
  }

  private sum(): Piece {
    return this.arithmetic(['+', '-'], () => this.concatenation());
  }

  private concatenation(): Piece {
    const first = this.arithmetic(['*', '/', '//', '%'], () => this.power());
    if (!this.is('~')) return first;
    const parts = [first.text];
    while (this.skip('~')) parts.push(this.arithmetic(['*', '/', '//', '%'], () => this.power()).text);
    return computed(this.isHtml ? `(${parts.join(' ~ ')})` : `_concatenate(${parts.join(', ')})`);
  }

  private arithmetic(operators: readonly string[], operand: () => Piece): Piece {
    let left = operand();
    while (this.current.kind === 'operator' && operators.includes(this.current.text)) {
      const operator = this.next().text;
      left = computed(`_calculate("${operator}", ${left.text}, ${operand().text})`);
    }
    return left;
  }

  private power(): Piece {
    let left = this.unary();
    while (this.skip('**')) left = computed(`_calculate("**", ${left.text}, ${this.unary().text})`);
    return left;
  }

  private unary(withFilters = true): Piece {
    let piece: Piece;
    if (this.skip('-')) piece = computed(`_negate(${this.nested(() => this.unary(false)).text})`);
    else if (this.skip('+')) piece = this.nested(() => this.unary(false));
    else piece = this.postfix(this.primary());
    return withFilters ? this.filters(piece) : piece;
  }

  private nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > DEEPEST_NESTING) throw new TemplateFault('the expression is nested too deeply');
    const result = read();
    this.depth -= 1;
    return result;
  }

  private primary(): Piece {
    const token = this.next();
    switch (token.kind) {
      case 'name':
        return LITERAL_NAMES.has(token.text) ? literal(token.text) : value(token.text);
      case 'text': {
        let text = token.text;
        while (this.current.kind === 'text') text = `(${text} ~ ${this.next().text})`;
        return literal(text);
      }
      case 'integer':
      case 'float':
        return computed(numberLiteral(token));
      default:
        return this.bracketed(token);
    }
  }

  private bracketed(token: Token): Piece {
    if (token.text === '(') {
      if (this.skip(')')) return literal('[]');
      const inner = this.nested(() => this.tuple());
      this.expect(')');
      return inner.isLiteral === true ? inner : { ...inner, text: `(${inner.text})` };
    }
    if (token.text === '[') return literal(`[${this.items(']', () => this.expression().text)}]`);
    if (token.text === '{') {
      const pair = (): string => {
        const key = this.expression().text;
        this.expect(':');
        return `${key}: ${this.expression().text}`;
      };
      return literal(`{${this.items('}', pair)}}`);
    }
    throw new TemplateFault(token.kind === 'end' ? 'the expression ends too early' : `unexpected “${token.text}”`);
  }

  private items(close: string, item: () => string): string {
    const items: string[] = [];
    while (!this.skip(close)) {
      if (items.length > 0) {
        this.expect(',');
        if (this.skip(close)) break;
      }
      items.push(item());
    }
    return items.join(', ');
  }

  private postfix(start: Piece): Piece {
    let piece = start;
    for (;;) {
      if (this.skip('.')) {
        const name = this.next();
        if (name.kind !== 'name' && name.kind !== 'integer') throw new TemplateFault(`unexpected “${name.text}” after a dot`);
        refuseWayOut(name.text);
        if (METHODS.has(name.text) && this.is('(')) {
          piece = computed(`_method("${name.text}", ${[piece.text, ...this.callArguments()].join(', ')})`);
        } else if (name.text === 'get' && this.is('(')) {
          piece = value(got(piece.text, this.callArguments()));
        } else piece = value(name.kind === 'integer' ? `${piece.text}[${name.text}]` : `${piece.text}.${name.text}`);
      } else if (this.skip('[')) {
        piece = value(`${piece.text}[${this.subscript()}]`);
      } else if (this.is('(')) {
        const isBareName = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(piece.text);
        const args = this.callArguments().join(', ');
        // The engine's takes a list.
        const given = piece.text === 'cycler' ? `[${args}]` : args;
        piece = { ...computed(`${piece.text}(${given})`), ...(isBareName ? { calls: piece.text } : {}) };
      } else {
        return piece;
      }
    }
  }

  private subscript(): string {
    let text = '';
    while (!this.skip(']')) {
      if (this.skip(':')) text += ':';
      else if (this.current.kind === 'end') throw new TemplateFault('a ] is missing');
      else {
        if (this.current.kind === 'text') refuseWayOut(this.current.text.slice(1, -1));
        text += this.expression().text;
      }
    }
    return text;
  }

  private callArguments(): string[] {
    this.expect('(');
    const args: string[] = [];
    while (!this.skip(')')) {
      if (args.length > 0) {
        this.expect(',');
        if (this.skip(')')) break;
      }
      const stars = this.is('*') || this.is('**') ? this.next().text : '';
      const isNamed = this.current.kind === 'name' && this.tokens[this.at + 1]?.text === '=';
      const name = isNamed ? `${this.next().text}=` : '';
      if (isNamed) this.next();
      args.push(stars + name + this.expression().text);
    }
    return args;
  }

  /** The filters and tests after an expression. */
  private filters(start: Piece): Piece {
    let piece = start;
    for (;;) {
      if (this.skip('|')) {
        const name = this.dottedName();
        const args = this.is('(') ? this.callArguments() : [];
        if (name === 'attr' || name === 'map') args.forEach((argument) => refuseWayOut(...attributeNames(argument)));
        const call = filterCall(name, piece.text, args, this.isHtml);
        if (call !== undefined) piece = computed(call);
        else if (FILTERS.has(name)) piece = computed(`_filter("${name}", ${[piece.text, ...args].join(', ')})`);
        else piece = value(`${piece.text}|${name}${args.length > 0 ? `(${args.join(', ')})` : ''}`);
      } else if (this.skip('is')) {
        piece = this.test(piece);
      } else if (this.is('(') && piece !== start) {
        piece = computed(`${piece.text}(${this.callArguments().join(', ')})`);
      } else {
        return piece;
      }
    }
  }

  private test(piece: Piece): Piece {
    const word = this.skip('not') ? 'is not' : 'is';
    const name = this.dottedName();
    let argument = '';
    if (this.is('(')) argument = `(${this.callArguments().join(', ')})`;
    else if (['name', 'integer', 'float', 'text'].includes(this.current.kind) && !ENDS_A_TEST.has(this.current.text)) {
      argument = `(${this.postfix(this.primary()).text})`;
    } else if (this.is('[') || this.is('{')) argument = `(${this.primary().text})`;
    return truthValue(`(${piece.text} ${word} ${name}${argument})`);
  }

  private dottedName(): string {
    const token = this.next();
    if (token.kind !== 'name') throw new TemplateFault(token.kind === 'end' ? 'a name is missing' : `unexpected “${token.text}”`);
    let name = token.text;
    while (this.skip('.')) name += `.${this.next().text}`;
    return name;
  }

  private expect(text: string): void {
    if (!this.skip(text)) {
      throw new TemplateFault(`expected “${text}”${this.current.kind === 'end' ? '' : ` instead of “${this.current.text}”`}`);
    }
  }
}

/** `dict.get`; the engine has it without a default. */
function got(mapping: string, [key = '', otherwise]: readonly string[]): string {
  return otherwise === undefined ? `${mapping}.get(${key})` : `(${mapping}[${key}] if (${key}) in ${mapping} else ${otherwise})`;
}

/** @throws TemplateFault for a name that leads out of the data of a template. */
function refuseWayOut(...names: readonly string[]): void {
  const name = names.find((one) => WAY_OUT.test(one));
  if (name !== undefined) throw new TemplateFault(`“${name}” cannot be reached from a template`);
}

/** Of an argument that is a text: the steps of a path. */
function attributeNames(argument: string): string[] {
  return /^(?:attribute=)?(["'])(.*)\1$/s.exec(argument)?.[2]?.split('.') ?? [];
}
