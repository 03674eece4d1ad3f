import { type Document, LineCounter, type Node, type Pair, type Scalar, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Problem } from '#kernel';
import { didYouMean } from './did-you-mean.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the whole reading of one file shares. */
class Reading {
  readonly problems: Problem[] = [];
  readonly sections: YamlSection[] = [];

  constructor(
    readonly document: Document,
    readonly lines: LineCounter,
    readonly environment: Environment,
  ) {}

  report(path: string, node: Node | null, what: string): void {
    const offset = node?.range?.[0];
    const line = offset === undefined ? '' : ` (line ${this.lines.linePos(offset).line})`;
    this.problems.push({ where: `${path || 'the file'}${line}`, what });
  }
}

/** A text of the file together with where it stands. */
export interface PlacedText {
  readonly value: string;
  report(what: string): void;
}

const PLAIN_NULL = /^(~|null|Null|NULL|)$/;
const YES = /^(true|yes|on|1)$/i;
const NO = /^(false|no|off|0)$/i;
const VARIABLE = /\$\{([^}]+)\}/g;

/**
 * One mapping of a YAML file. Reading a key marks it as known and reports a value of the wrong sort; an absent or null
 * key gives undefined. `finish` reports what nobody asked for.
 */
export class YamlSection {
  private readonly entries = new Map<string, { readonly key: Node; readonly value: Node | null }>();
  private readonly known = new Set<string>();

  private constructor(
    private readonly reading: Reading,
    private readonly path: string,
    private readonly node: Node | null,
  ) {
    reading.sections.push(this);
    if (isMap<Node, Node | null>(node)) for (const pair of node.items) this.take(pair);
  }

  /** Parses `text`; broken YAML is reported as problems of an empty section. */
  static parse(text: string, environment: Environment): YamlSection {
    const lines = new LineCounter();
    // Without types of YAML's own: `007` stays an account code and `yes` is read where a switch is expected.
    const document = parseDocument(text, { lineCounter: lines, schema: 'failsafe', prettyErrors: false });
    const reading = new Reading(document, lines, environment);
    for (const error of document.errors) {
      reading.problems.push({
        where: `the file (line ${lines.linePos(error.pos[0]).line})`,
        what: `This is not valid YAML: ${error.message}`,
      });
    }
    const root = document.errors.length === 0 ? (document.contents as Node | null) : null;
    const section = new YamlSection(reading, '', root);
    if (root !== null && !isMap(root) && !isNull(root)) {
      reading.report('', root, 'The file must hold keys and values such as “currency: USD”.');
    }
    return section;
  }

  /** All problems found in the file, those of keys that nobody asked for included. */
  finish(): readonly Problem[] {
    for (const section of this.reading.sections) section.reportUnknownKeys();
    return this.reading.problems;
  }

  has(key: string): boolean {
    return this.value(key) !== undefined;
  }

  report(key: string, what: string): void {
    this.reading.report(this.pathOf(key), this.entries.get(key)?.value ?? this.entries.get(key)?.key ?? this.node, what);
  }

  /** `lenient`: a missing variable in `${…}` stands for nothing, as in the older program's secrets. */
  text(key: string, options: { readonly lenient?: boolean } = {}): string | undefined {
    return this.scalar(this.value(key), this.pathOf(key), options.lenient === true)?.value;
  }

  whole(key: string, least: number, most: number): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    this.report(key, `“${text}” is not a whole number from ${least} to ${most}.`);
    return undefined;
  }

  flag(key: string): boolean | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    if (YES.test(text)) return true;
    if (NO.test(text)) return false;
    this.report(key, `“${text}” is neither true nor false.`);
    return undefined;
  }

  choice<Choice extends string>(key: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    if (found === undefined) this.report(key, `“${text}” is none of ${choices.join(', ')}.`);
    return found;
  }

  texts(key: string): readonly PlacedText[] {
    return this.items(key).flatMap(({ node, path }) => {
      const value = this.scalar(node, path, false);
      return value === undefined ? [] : [value];
    });
  }

  /** The mapping below `key`; an absent one is empty. */
  section(key: string): YamlSection {
    const value = this.value(key);
    if (value !== undefined && !isMap(value)) this.report(key, 'Keys and values are expected here.');
    return new YamlSection(this.reading, this.pathOf(key), value ?? this.entries.get(key)?.key ?? null);
  }

  sections(key: string): readonly YamlSection[] {
    return this.items(key).map(({ node, path }) => {
      if (!isMap(node)) this.reading.report(path, node, 'Keys and values are expected here.');
      return new YamlSection(this.reading, path, node);
    });
  }

  /** The mappings below `key` by their names, which are free. */
  namedSections(key: string): readonly (readonly [string, YamlSection])[] {
    const parent = this.section(key);
    return [...parent.entries.keys()].map((name) => [name, parent.section(name)] as const);
  }

  /** Accepts `key` with whatever is below it. */
  ignore(key: string): boolean {
    return this.value(key) !== undefined;
  }

  private take(pair: Pair<Node, Node | null>): void {
    const key = this.resolve(pair.key);
    const value = this.resolve(pair.value);
    if (!isScalar(key)) return;
    if (key.value === '<<') {
      const sources = isSeq<Node>(value) ? value.items : [value];
      for (const source of sources) {
        const merged = this.resolve(source);
        // A key of the mapping itself wins over a merged one, wherever it stands.
        if (isMap<Node, Node | null>(merged)) for (const item of merged.items) if (!this.entries.has(nameOf(item.key))) this.take(item);
      }
      return;
    }
    this.entries.set(nameOf(key), { key, value });
  }

  private resolve(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.reading.document) ?? null) : node;
  }

  private value(key: string): Node | undefined {
    this.known.add(key);
    const value = this.entries.get(key)?.value;
    return value === undefined || value === null || isNull(value) ? undefined : value;
  }

  private items(key: string): readonly { readonly node: Node; readonly path: string }[] {
    const value = this.value(key);
    if (value === undefined) return [];
    if (!isSeq<Node>(value)) {
      this.report(key, 'A list is expected here, one “- …” per line.');
      return [];
    }
    return value.items.flatMap((item, index) => {
      const node = this.resolve(item);
      return node === null ? [] : [{ node, path: `${this.pathOf(key)}[${index}]` }];
    });
  }

  private scalar(node: Node | undefined, path: string, lenient: boolean): PlacedText | undefined {
    if (node === undefined) return undefined;
    if (!isScalar(node)) {
      this.reading.report(path, node, 'A single value is expected here.');
      return undefined;
    }
    const report = (what: string): void => this.reading.report(path, node, what);
    const value = scalarText(node).replaceAll(VARIABLE, (_, name: string) => {
      const found = this.reading.environment[name];
      if (found === undefined && !lenient) report(`The environment variable ${name} is not set; set it, or write the value itself.`);
      return found ?? '';
    });
    return { value, report };
  }

  private pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  private reportUnknownKeys(): void {
    for (const [name, { key }] of this.entries) {
      if (this.known.has(name)) continue;
      const meant = didYouMean(name, [...this.known]);
      const advice = meant === undefined ? 'take it out' : `did you mean “${meant}”?`;
      this.reading.report(this.pathOf(name), key, `There is no such setting; ${advice}${meant === undefined ? '.' : ''}`);
    }
  }
}

function nameOf(key: Node): string {
  return isScalar(key) ? scalarText(key) : '';
}

/** The failsafe schema makes every scalar a text, or null where nothing is written. */
function scalarText(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : '';
}

function isNull(node: Node): boolean {
  return isScalar(node) && (node.value === null || isPlainNull(node));
}

function isPlainNull(node: Scalar): boolean {
  return node.type === 'PLAIN' && typeof node.value === 'string' && PLAIN_NULL.test(node.value);
}
