import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { check, generate, release } from '../../scripts/event-schemas/commands.mjs';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/event-schemas.mjs');
const COMMANDS = { generate, check, release };
const PERIOD_EVENTS = 'libs/periods/domain/period.events.ts';
const OPENED = 'docs/events/PeriodOpened.v1.json';
const RELEASED = 'docs/events/released.json';

/** A small project: an event store, a kernel with a brand, a stream, and a handler that appends to it. */
const PROJECT: Readonly<Record<string, string>> = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2023',
      lib: ['ES2023'],
      types: [],
      module: 'nodenext',
      moduleResolution: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
    },
    include: ['libs/**/*.ts'],
  }),
  'package.json': '{ "type": "module" }',
  'libs/event-store/event-store.ts': `
    export interface Event<Type extends string = string, Data extends object = object> { readonly type: Type; readonly data: Data }
    export class EventStore { append(tx: object, stream: string, events: readonly Event[]): void {} }`,
  'libs/kernel/billing-period.ts': `
    declare const brand: unique symbol;
    /** A calendar month. */
    export type BillingPeriod = string & { readonly [brand]: true };
    const PERIOD_PATTERN = /^\\d{4}-\\d{2}$/;`,
  [PERIOD_EVENTS]: `
    import type { Event } from '../../event-store/event-store.js';
    import type { BillingPeriod } from '../../kernel/billing-period.js';
    /** A month takes imports. */
    export type PeriodOpened = Event<'PeriodOpened', { period: BillingPeriod }>;
    /** A month takes no more imports. */
    export type PeriodClosed = Event<'PeriodClosed', { period: BillingPeriod; notes: string | null }>;
    export type PeriodEvent = PeriodOpened | PeriodClosed;
    export function periodStream(period: BillingPeriod): string { return \`period-\${period}\`; }`,
  'libs/periods/application/change-period.handler.ts': `
    import type { EventStore } from '../../event-store/event-store.js';
    import type { PeriodEvent } from '../domain/period.events.js';
    export function change(store: EventStore, events: readonly PeriodEvent[]): void { store.append({}, 'period', events); }`,
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'event-schemas-'));
  for (const [path, text] of Object.entries(PROJECT)) write(path, text);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function replaceIn(path: string, from: string, to: string): void {
  const text = read(path);
  expect(text).toContain(from);
  write(path, text.replace(from, to));
}

function succeed(command: keyof typeof COMMANDS): void {
  expect(COMMANDS[command](root).problems).toEqual([]);
}

function complaintsOf(command: keyof typeof COMMANDS): readonly string[] {
  const { problems } = COMMANDS[command](root);
  expect(problems).not.toEqual([]);
  return problems;
}

function commit(message: string): void {
  const git = (...args: string[]): void => {
    const { status, stderr } = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.edu', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  };
  if (!existsSync(join(root, '.git'))) git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '-m', message);
}

describe('schemas of events', () => {
  it('say what every kind of type says', () => {
    write(
      'libs/things/domain/thing.events.ts',
      `
      import type { Event } from '../../event-store/event-store.js';
      import type { BillingPeriod } from '../../kernel/billing-period.js';
      /** Where {@link ThingSeen} happened. */
      interface Place {
        /** Metres. */
        readonly height: number;
        readonly description?: string | null;
      }
      type Colour = 'red' | 'blue';
      const SIZES = ['small', 'big'] as const;
      /** Something was seen,
       *  and written down. */
      export type ThingSeen = Event<'ThingSeen', Place & {
        text: string; count: number; yes: boolean; never: null; one: 'one'; two: 2; onlyTrue: true;
        period: BillingPeriod; maybePeriod: BillingPeriod | null; periods: readonly BillingPeriod[];
        /** As painted. */
        colour: Colour; maybeColour: Colour | null; size: (typeof SIZES)[number]; maybeOne: 'one' | null;
        mixed: string | number | null; place: Place; maybePlace: Place | null; pair: readonly [string, number];
        counts: Record<string, number>; nothing: Record<string, never>; either: { a: string } | { b: string };
        maybe?: boolean; less: Omit<Place, 'description'>; costs: string[]; listCount: number;
      }>;
      export const THING_STREAM = 'things';`,
    );
    succeed('generate');
    const schema = JSON.parse(read('docs/events/ThingSeen.v1.json')) as { properties: Record<string, unknown>; required: string[] };
    const period = { description: 'A calendar month.', type: 'string', pattern: '^\\d{4}-\\d{2}$' };
    const height = { description: 'Metres.', type: 'integer' };
    const place = {
      description: 'Where ThingSeen happened.',
      type: 'object',
      properties: { height, description: { type: ['string', 'null'] } },
      required: ['height'],
      additionalProperties: false,
    };
    const object = (name: string): object => ({
      type: 'object',
      properties: { [name]: { type: 'string' } },
      required: [name],
      additionalProperties: false,
    });
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:openchargeback:event:ThingSeen:v1',
      title: 'ThingSeen',
      description: 'Something was seen, and written down.',
      type: 'object',
      additionalProperties: false,
    });
    expect(schema.properties).toEqual({
      ...place.properties,
      text: { type: 'string' },
      count: { type: 'integer' },
      yes: { type: 'boolean' },
      never: { type: 'null' },
      one: { const: 'one' },
      two: { const: 2 },
      onlyTrue: { const: true },
      period,
      maybePeriod: { ...period, type: ['string', 'null'] },
      periods: { type: 'array', items: period },
      colour: { description: 'As painted.', enum: ['blue', 'red'] },
      maybeColour: { enum: ['blue', 'red', null] },
      size: { enum: ['big', 'small'] },
      maybeOne: { enum: ['one', null] },
      mixed: { anyOf: [{ type: 'integer' }, { type: 'string' }, { type: 'null' }] },
      place,
      maybePlace: { ...place, type: ['object', 'null'] },
      pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 },
      counts: { type: 'object', additionalProperties: { type: 'integer' } },
      nothing: { type: 'object', additionalProperties: false },
      either: { anyOf: [object('a'), object('b')] },
      maybe: { type: 'boolean' },
      less: { type: 'object', properties: { height }, required: ['height'], additionalProperties: false },
      costs: { type: 'array', items: { type: 'string' } },
      listCount: { type: 'integer' },
    });
    expect(Object.keys(schema.properties).filter((name) => !schema.required.includes(name))).toEqual(['description', 'maybe']);
  });

  it('refuse what JSON cannot hold and money in numbers, naming the field', () => {
    write(
      'libs/things/domain/thing.events.ts',
      `
      import type { Event } from '../../event-store/event-store.js';
      interface Tree { branches: Tree[] }
      class Money {}
      /** Bad in every way. */
      export type ThingSeen = Event<'ThingSeen', {
        at: Date; anything: any; something: unknown; call: () => void; money: Money; big: bigint; tree: Tree; empty: {}; open: object;
        gone: string | undefined; some: [string, ...number[]];
        amount: number; listCost: number | null; report: { totals: { billed: number }[] }; due: Record<string, number>; amountMinor: 5;
      }>;
      export type Undocumented = Event<'Undocumented', { a: string }>;
      /** Its name is another. */
      export type Other = Event<'Thing', { a: string }>;
      export const THING_STREAM = 'things';`,
    );
    const complaints = complaintsOf('generate');
    const fields = complaints.flatMap((line) => /: (\S+) of ThingSeen (?:is|may|has|refers) /.exec(line)?.[1] ?? []);
    expect(fields).toEqual([
      ...['at', 'anything', 'something', 'call', 'money', 'big', 'tree.branches[]', 'empty', 'open', 'gone', 'some'],
      ...['amount', 'listCost', 'report.totals[].billed', 'due.*', 'amountMinor'],
    ]);
    expect(complaints.filter((line) => line.includes('never a number'))).toHaveLength(5);
    expect(complaints.slice(fields.length)).toEqual([
      expect.stringContaining('thing.events.ts:11: Undocumented has no doc comment'),
      expect.stringContaining("write type Other = Event<'Other', {…}>"),
    ]);
    expect(existsSync(join(root, 'docs/events'))).toBe(false);
  });

  it('are listed with their streams below what people wrote', () => {
    write('docs/events/README.md', '# Events\n\nWritten by hand.\n');
    succeed('generate');
    const page = read('docs/events/README.md');
    expect(page).toMatch(/^# Events\n\nWritten by hand\.\n\n<!--/);
    expect(page).toContain('| PeriodOpened | 1 | `period-<period>` | A month takes imports. | [schema](PeriodOpened.v1.json) |');
    succeed('generate');
    expect(read('docs/events/README.md')).toBe(page);
  });
});

describe('the command', () => {
  const run = (...args: string[]): { exitCode: number | null; said: string; complaints: string[] } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args, '--root', root], { encoding: 'utf8' });
    return { exitCode: status, said: stdout, complaints: stderr.split('\n').filter((line) => line !== '') };
  };

  it('says what it did, and fails with a line for each problem', () => {
    expect(run('generate')).toEqual({ exitCode: 0, said: 'event schemas: 2 types, 3 files written or removed\n', complaints: [] });
    rmSync(join(root, OPENED));
    expect(run('check')).toMatchObject({ exitCode: 1, complaints: [expect.stringContaining(OPENED)] });
    expect(run('mend')).toMatchObject({ exitCode: 2, complaints: [expect.stringContaining('usage:')] });
  });
});

describe('events without a schema', () => {
  it('are found where they are appended, and types that nothing appends too', () => {
    succeed('generate');
    write(
      'libs/periods/application/other.handler.ts',
      `
      import type { Event, EventStore } from '../../event-store/event-store.js';
      const wrap = (store: EventStore, more: readonly Event[]): void => { store.append({}, 'x', more); };
      class Handler {
        constructor(private readonly store: EventStore) {}
        private put(stream: string, list: readonly Event[]): void { this.store.append({}, stream, list); }
        run(flag: boolean): void {
          this.put('a', [{ type: 'ThroughAMethod', data: {} }]);
          this.store.append({}, 'b', flag ? [{ type: 'InABranch', data: {} }] : []);
          const event = { type: 'FromAConstant', data: {} } as const;
          this.store.append({}, 'c', [event, ...[{ type: 'Spread', data: {} }]]);
        }
        unclear(some: () => Event[]): void { this.store.append({}, 'd', some()); }
      }`,
    );
    replaceIn(PERIOD_EVENTS, 'PeriodOpened | PeriodClosed', 'PeriodOpened');
    const place = 'libs/periods/application/other.handler.ts';
    const wanted = [
      'PeriodClosed is appended nowhere; delete the type, or append it',
      `${place}:8: ThroughAMethod is appended and has no type`,
      `${place}:9: InABranch is appended and has no type`,
      `${place}:11: FromAConstant is appended and has no type`,
      `${place}:11: Spread is appended and has no type`,
      `${place}:13: which events are appended here cannot be told`,
    ];
    const complaints = complaintsOf('check');
    expect(complaints).toEqual(expect.arrayContaining(wanted.map((line) => expect.stringContaining(line) as string)));
    expect(complaints).toHaveLength(wanted.length);
  });
});

describe('released schemas', () => {
  let released: string;
  beforeAll(() => {
    released = root = mkdtempSync(join(tmpdir(), 'event-schemas-'));
    for (const [path, text] of Object.entries(PROJECT)) write(path, text);
    succeed('generate');
    succeed('release');
    commit('release 1');
    succeed('check');
  }, 60_000);
  beforeEach(() => cpSync(released, root, { recursive: true }));
  afterAll(() => rmSync(released, { recursive: true }));

  it('are entered by their structure, so that words may be bettered', () => {
    expect(Object.keys(JSON.parse(read(RELEASED)) as object)).toEqual(['PeriodClosed.v1', 'PeriodOpened.v1']);
    replaceIn(PERIOD_EVENTS, 'A month takes imports.', 'A month takes imports and decisions.');
    expect(complaintsOf('check')).toEqual([
      expect.stringContaining(`${OPENED} is not what the sources make of it: run npm run generate:events`),
      expect.stringContaining('docs/events/README.md is not what the sources make of it'),
    ]);
    succeed('generate');
    expect(read(OPENED)).toContain('imports and decisions');
    succeed('check');
  });

  it('may not change their structure: the version is raised, and the old schema is kept', () => {
    const asReleased = read(OPENED);
    replaceIn(PERIOD_EVENTS, "'PeriodOpened', { period: BillingPeriod }", "'PeriodOpened', { period: BillingPeriod; by: string }");
    const raise = [
      expect.stringContaining(
        "Raise the version: give PeriodOpened its new form, write an upcaster { type: 'PeriodOpened', from: 1, upcast }",
      ),
    ];
    expect(complaintsOf('check')).toEqual(raise);
    expect(complaintsOf('generate')).toEqual(raise);
    expect(read(OPENED)).toBe(asReleased);

    write(
      'libs/periods/domain/period.upcasters.ts',
      `export const PERIOD_UPCASTERS = [{ type: 'PeriodOpened', from: 1, upcast: (data: object) => ({ ...data, by: '' }) }];`,
    );
    succeed('generate');
    expect(read(OPENED)).toBe(asReleased);
    expect(JSON.parse(read('docs/events/PeriodOpened.v2.json'))).toMatchObject({
      $id: 'urn:openchargeback:event:PeriodOpened:v2',
      required: ['period', 'by'],
    });
    expect(read('docs/events/README.md')).toContain('| PeriodOpened | 1, now 2 |');
    succeed('release');
    commit('release 2');
    succeed('check');
    rmSync(join(root, OPENED));
    expect(complaintsOf('generate')).toEqual([expect.stringContaining(`${OPENED} is missing: PeriodOpened is at version 2`)]);
  });

  it('may not lose their file, nor have it edited', () => {
    rmSync(join(root, PERIOD_EVENTS));
    rmSync(join(root, 'libs/periods/application/change-period.handler.ts'));
    succeed('generate');
    expect(read('docs/events/README.md')).toContain('| PeriodOpened | 1 | no longer written |');
    succeed('check');
    replaceIn(OPENED, '"period"', '"month"');
    rmSync(join(root, 'docs/events/PeriodClosed.v1.json'));
    succeed('generate');
    expect(complaintsOf('check')).toEqual([
      expect.stringContaining('PeriodClosed.v1.json is missing: it was released'),
      expect.stringContaining(`${OPENED} was changed after its release`),
    ]);
  });

  it('stay in released.json as they were entered, by the whole history', () => {
    const asReleased = read(RELEASED);
    const { 'PeriodOpened.v1': hash = '', ...others } = JSON.parse(asReleased) as Record<string, string>;
    write(RELEASED, JSON.stringify(others));
    const vanished = [
      expect.stringMatching(
        new RegExp(`the entry PeriodOpened.v1 vanished since commit [0-9a-f]{9}.*put back "PeriodOpened.v1": "${hash}"`),
      ),
    ];
    expect(complaintsOf('check')).toEqual(vanished);
    commit('forget a release');
    expect(complaintsOf('check')).toEqual(vanished);

    replaceIn(PERIOD_EVENTS, "'PeriodOpened', { period: BillingPeriod }", "'PeriodOpened', { period: string }");
    succeed('generate');
    expect(complaintsOf('release')).toEqual(vanished);
    write(RELEASED, asReleased.replace(hash, '0'.repeat(64)));
    expect(complaintsOf('check')).toContainEqual(expect.stringContaining('the entry PeriodOpened.v1 differs from commit'));
  });

  it('can do without a history', () => {
    rmSync(join(root, '.git'), { recursive: true });
    succeed('check');
  });

  it('take upcasters that follow each other, of types that exist, written so that they can be read', () => {
    write(
      'libs/periods/domain/period.upcasters.ts',
      `const type = 'PeriodOpened';
       const upcast = (data: object): object => data;
       export const PERIOD_UPCASTERS = [{ type: 'PeriodClosed', from: 2, upcast }, { type: 'Gone', from: 1, upcast }, { type, from: 1, upcast }];`,
    );
    expect(complaintsOf('check')).toEqual([
      expect.stringContaining("period.upcasters.ts:3: an upcaster's type and from must be literals"),
      expect.stringContaining('the upcasters of PeriodClosed read the versions 2; they must follow each other from 1'),
      expect.stringContaining('there is no event type Gone for this upcaster'),
    ]);
  });
});
