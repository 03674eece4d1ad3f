import type { Environment } from 'minijinja-js/dist/bundler/minijinja_js_bg.js';
import { Decimal } from '#kernel';
import { LocatedFault, rewriteTemplate } from './rewrite-template.js';
import { FILTERS, filterArguments, FULL_FILTERS, METHODS } from './template-filters.js';
import { TemplateFailed } from './template-failed.js';
import { TemplateFault } from './template-fault.js';
import { calculate, compare, isEqual, limited, negate } from './template-operators.js';
import { backToEngine, dataForEngine, isTrue, markDecimal, numberOf, textOf, withoutMarks } from './template-values.js';
import { EngineBrokenError, nextCall, withEnvironment } from './wasm-engine.js';

export interface RenderRequest {
  readonly source: string;
  /** File name; `.html`, `.htm` and `.xml` are escaped, all others are not. Faults are reported under it. */
  readonly name: string;
  /** Data only: functions and accessors are left out. A `Decimal` is an exact amount in the template. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Other templates that `include`, `import` and `extends` may name; nothing else can be loaded. */
  readonly templates?: ReadonlyMap<string, string>;
  /** Fewest decimals an amount is written with: those of the currency, 2 unless said otherwise. */
  readonly digits?: number;
  /** Steps the template may take; see {@link templateFuel} for large journals. */
  readonly fuel?: number;
  /** Largest result in bytes of UTF-8. */
  readonly maxOutputBytes?: number;
  /** How long the template may run, in milliseconds; seen whenever it prints or computes something. */
  readonly timeLimitMs?: number;
}

const DEFAULT_FUEL = 2_000_000;
const FUEL_PER_ENTRY = 2_500;
/** Steps for a journal of that many entries: the default, and more than the longest shipped template, of thirty segments, takes for each. */
export function templateFuel(entryCount: number): number {
  return DEFAULT_FUEL + FUEL_PER_ENTRY * entryCount;
}

const DEFAULT_MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const DEFAULT_TIME_LIMIT_MS = 20_000;

const MOST_PLACES_OF_ZERO = 16;
const ESCAPED_NAME = /\.(html?|xml)(\.j2)?$/i;
/** The engine tells the line of an `include`, and of what is included only the name. */
const INCLUDED = /error in "([^"]+)" \(in /;
/** A whole number that the engine cannot take: given back by a function, it ends the run at once, at the line it came from. */
const STOP = 2n ** 70n;
const BROKEN_DOWN = 'it needs more memory or deeper nesting than a template may use';

type Callback = (...args: unknown[]) => unknown;

/**
 * Renders a Jinja template as Jinja2 does with `trim_blocks` and `lstrip_blocks` on and `keep_trailing_newline` off.
 *
 * Exact, at any size: printing, adding, subtracting, multiplying, comparing, sorting, summing and formatting amounts, and number
 * literals such as `0.1`, because every number that is not whole is a decimal here. Not exact: a division that does not come out
 * even (20 decimals). Differences from Jinja2: numbers are rounded half away from zero, as the ledger rounds (`2.675|round(2)` is 2.68); `none`
 * prints as nothing; `a or b` takes a zero amount for true unless it stands in a condition; dictionaries are in the order of their keys; tuples
 * print as lists. In HTML lists, booleans and none print as the engine writes them, `tojson` leaves letters as they are, and what is marked as
 * safe is escaped again after a filter of ours. Refused, because missing: `%e` and `%g`; the filters `pprint`, `xmlattr`, `forceescape`,
 * `random`, `urlize`; the test `callable`; `str.index`; `lipsum`; methods that change a list or dictionary; `break`, `continue` and `trans`. What
 * templates use besides is held against Jinja2 itself in `testing/jinja-reference.json`.
 *
 * A template reaches its context, its own variables and the engine's filters, nothing else. Steps, time, memory and output are
 * bounded; the time limit is not seen inside a loop that neither prints nor computes, which the step limit ends.
 * @throws TemplateFailed naming template, line and expression
 */
export function renderTemplate(request: RenderRequest): string {
  const run = new TemplateRun(request.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES, request.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS);
  const sources = new Map([...(request.templates ?? []), [request.name, request.source] as const]);
  try {
    return rendered(request, run, sources);
  } catch (error) {
    const fault = error instanceof EngineBrokenError ? (lastPlace(request, sources) ?? error) : error;
    throw failure(fault, run.fault, request.name, sources);
  }
}

function rendered(request: RenderRequest, run: TemplateRun, sources: ReadonlyMap<string, string>, isMarked = false): string {
  const data = dataForEngine(request.context, request.digits ?? 2);
  const output = withEnvironment((environment) => {
    prepare(environment, run);
    environment.fuel = request.fuel ?? DEFAULT_FUEL;
    for (const [name, source] of sources) addTemplate(environment, { name, source, isMarked }, sources, request.name);
    return environment.renderTemplate(engineName(request.name), data);
  });
  const text = withoutMarks(output);
  if (Buffer.byteLength(text) > run.maxLength) throw new TemplateFault(tooLong(run.maxLength));
  return text;
}

/** An engine that broke down cannot say where: the same once more, with a mark before each tag, ends at the same place. */
function lastPlace(request: RenderRequest, sources: ReadonlyMap<string, string>): Error | undefined {
  const run = new TemplateRun(request.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES, request.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS);
  try {
    rendered(request, run, sources, true);
  } catch {
    // As before.
  }
  return run.place === undefined ? undefined : new Error(`${BROKEN_DOWN} (in ${run.place})`);
}

/**
 * Reads a template and its parts without filling it in: what it is given, and what it asks of that, is not looked at.
 * @throws TemplateFailed naming template, line and expression
 */
export function checkTemplate(request: Pick<RenderRequest, 'source' | 'name' | 'templates'>): void {
  const run = new TemplateRun(DEFAULT_MAX_OUTPUT_BYTES, DEFAULT_TIME_LIMIT_MS);
  const sources = new Map([...(request.templates ?? []), [request.name, request.source] as const]);
  try {
    withEnvironment((environment) => {
      prepare(environment, run);
      for (const [name, source] of sources) addTemplate(environment, { name, source, isMarked: false }, sources, request.name);
    });
  } catch (error) {
    throw failure(error, run.fault, request.name, sources);
  }
}

/** What happens during one rendering: the first fault, and how much was printed. */
class TemplateRun {
  fault: string | undefined;
  /** The last mark: template and line. */
  place: string | undefined;
  private printed = 0;
  private readonly deadline: number;

  constructor(
    readonly maxLength: number,
    private readonly timeLimitMs: number,
  ) {
    this.deadline = performance.now() + timeLimitMs;
  }

  /** A callback must never throw, because that would break the engine; it stops the run instead. */
  guard(work: Callback): Callback {
    return (...args) => {
      nextCall();
      try {
        if (performance.now() > this.deadline) throw new TemplateFault(`the template ran longer than ${this.timeLimitMs} ms`);
        return work(...args);
      } catch (error) {
        this.fault ??= error instanceof Error ? error.message : String(error);
        return STOP;
      }
    };
  }

  print(value: unknown): string {
    const text = typeof value === 'string' ? value : textOf(value);
    this.printed += text.length;
    if (this.printed > this.maxLength) throw new TemplateFault(tooLong(this.maxLength));
    return text;
  }
}

function prepare(environment: Environment, run: TemplateRun): void {
  const { maxLength } = run;
  environment.trimBlocks = true;
  environment.lstripBlocks = true;
  environment.keepTrailingNewline = false;
  environment.enablePyCompat();
  // It shows the engine's insides, which are no business of a template.
  environment.removeGlobal('debug');

  const functions: Record<string, Callback> = {
    _print: (value) => run.print(value),
    _at: (place) => {
      run.place = String(place);
      return '';
    },
    _calculate: (operator, left, right) => calculate(String(operator), left, right, maxLength),
    _negate: (value) => negate(value),
    _compare: (operator, left, right) => compare(String(operator), left, right),
    _truth: (value) => isTrue(value),
    _concatenate: (...parts) => limited(parts.map(textOf).join(''), maxLength),
    _filter: (name, value, ...args) => applied(FILTERS.get(String(name)) ?? FULL_FILTERS.get(String(name)), value, args, maxLength),
    _method: (name, value, ...args) => applied(METHODS.get(String(name)), value, args, maxLength),
  };
  for (const [name, work] of Object.entries(functions)) environment.addGlobal(name, run.guard(work));
  environment.addGlobal(
    '_zeros',
    Array.from({ length: MOST_PLACES_OF_ZERO }, (_, places) => markDecimal(Decimal.ZERO, places)),
  );
  for (const [name, filter] of FILTERS) {
    environment.addFilter(
      name,
      run.guard((value, ...args) => applied(filter, value, args, maxLength)),
    );
  }
  for (const [name, operator] of TEST_OPERATORS) {
    environment.addTest(
      name,
      run.guard((left, right) => compare(operator, left, right)),
    );
  }
  environment.addTest(
    'number',
    run.guard((value) => typeof value !== 'boolean' && numberOf(value) !== undefined),
  );
  // Amounts were floats in the older program.
  for (const [name, isFraction] of [
    ['float', true],
    ['integer', false],
  ] as const) {
    environment.addTest(
      name,
      run.guard((value) => {
        const number = typeof value === 'boolean' ? undefined : numberOf(value);
        return number !== undefined && (number.places !== undefined) === isFraction;
      }),
    );
  }
  environment.addTest(
    'string',
    run.guard((value) => typeof value === 'string' && numberOf(value) === undefined),
  );
  environment.addTest(
    'sameas',
    run.guard((left, right) => isEqual(left, right)),
  );
}

const TEST_OPERATORS: readonly (readonly [string, string])[] = [
  ...['==', 'eq', 'equalto'].map((name) => [name, '=='] as const),
  ...['!=', 'ne'].map((name) => [name, '!='] as const),
  ...['<', 'lt', 'lessthan'].map((name) => [name, '<'] as const),
  ...['<=', 'le'].map((name) => [name, '<='] as const),
  ...['>', 'gt', 'greaterthan'].map((name) => [name, '>'] as const),
  ...['>=', 'ge'].map((name) => [name, '>='] as const),
];

type AnyFilter = (value: unknown, args: ReturnType<typeof filterArguments>) => unknown;

function applied(filter: AnyFilter | undefined, value: unknown, args: readonly unknown[], maxLength: number): unknown {
  if (filter === undefined) throw new TemplateFault('there is no such filter');
  return backToEngine(filter(value, filterArguments(args, maxLength)));
}

interface AddedTemplate {
  readonly name: string;
  readonly source: string;
  readonly isMarked: boolean;
}

function addTemplate(
  environment: Environment,
  { name, source, isMarked }: AddedTemplate,
  all: ReadonlyMap<string, string>,
  main: string,
): void {
  try {
    // Jinja2 reads all line ends as \n.
    const normalised = withoutMarks(source).replace(/\r\n?/g, '\n');
    const markOf = isMarked ? (line: number): string => `{{ _at(${JSON.stringify(`${name}:${line}`)}) }}` : undefined;
    environment.addTemplate(name === main ? engineName(name) : name, rewriteTemplate(normalised, ESCAPED_NAME.test(name), markOf));
  } catch (error) {
    // A broken neighbour concerns only those that use it.
    const isUsed = name === main || [...all].some(([other, text]) => other !== name && text.includes(name));
    if (!isUsed && !(error instanceof RangeError)) return;
    throw error instanceof LocatedFault ? new Error(`${error.message} (in ${name}:${error.line})`) : error;
  }
}

/** The engine would write JSON into `.json`, `.js` and `.yaml`; Jinja2 writes text. */
function engineName(name: string): string {
  return ESCAPED_NAME.test(name) ? name : `${name}.txt`;
}

function failure(error: unknown, fault: string | undefined, main: string, sources: ReadonlyMap<string, string>): TemplateFailed {
  const message = error instanceof Error ? error.message : String(error);
  const place = /\(in (.+?):(\d+)\)/.exec(message);
  const named = place?.[1] ?? main;
  const template = named === engineName(main) ? main : named;
  const line = place?.[2] === undefined ? null : Number(place[2]);
  const text = line === null ? '' : (sources.get(template)?.split(/\r\n?|\n/)[line - 1] ?? '').trim().slice(0, 160);
  const within = INCLUDED.exec(message)?.[1];
  const reason =
    (within === undefined || fault === undefined ? '' : `in ${within}: `) + (fault ?? reasonOf(error, message.replace(/ \(in .+$/s, '')));
  return new TemplateFailed({ template, line, expression: text === '' ? null : text, reason });
}

function reasonOf(error: unknown, message: string): string {
  if (error instanceof EngineBrokenError) return BROKEN_DOWN;
  if (message.includes('fuel')) return 'it takes more steps than allowed; is there an endless loop?';
  return message.replace(/\.$/, '');
}

function tooLong(maxOutputBytes: number): string {
  return `the result is longer than the ${maxOutputBytes} bytes allowed`;
}
