import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '#kernel';
import { type AppConfig, loadConfig, STATEMENT_LABELS } from '#platform';

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');
const FONT = Buffer.from('0001000000000000', 'hex');

let cwd: string;
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'config-'))));
afterEach(() => rmSync(cwd, { recursive: true }));

function load(yaml: string): AppConfig {
  writeFileSync(join(cwd, 'config.yaml'), yaml);
  return loadConfig({ cwd, env: {} });
}

function problemsOf(yaml: string): string[] {
  try {
    load(yaml);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.problems.map(({ where, what }) => `${where}: ${what}`);
  }
  return [];
}

function put(name: string, content: Uint8Array | string): void {
  mkdirSync(join(cwd, 'theme'), { recursive: true });
  writeFileSync(join(cwd, 'theme', name), content);
}

describe('the looks of statements in the configuration', () => {
  it('have defaults, and take the keys that were there before', () => {
    const { statement, organization } = load('statement: {page_size: a4, locale: de-DE}\norganization: {name: X}');
    expect(statement).toEqual({
      pageSize: 'A4',
      locale: 'de-DE',
      accentColor: '#1d4f91',
      fonts: { regular: null, semibold: null },
      footer: '',
      detailLimit: undefined,
      words: { introduction: '', closing: '' },
    });
    expect(organization).toEqual({ name: 'X', contact: '', logo: undefined });
  });

  it('come from a folder, in which names may be in any case', () => {
    put('Logo.PNG', PNG);
    put('regular.ttf', FONT);
    put('bold.otf', Buffer.from('OTTO0000'));
    const { statement, organization } = load(
      'statement: {theme: theme, accent_color: "#123", detail_limit: 500, wording: {title: Bill for}}',
    );
    expect(organization.logo).toBe(join(cwd, 'theme', 'Logo.PNG'));
    expect(statement.fonts).toEqual({ regular: join(cwd, 'theme', 'regular.ttf'), semibold: join(cwd, 'theme', 'bold.otf') });
    expect(statement).toMatchObject({ accentColor: '#112233', detailLimit: 500, words: { title: 'Bill for' } });
  });

  it('prefer the logo that is named', () => {
    put('logo.png', PNG);
    put('other.jpg', Buffer.from('ffd8ffe000104a46', 'hex'));
    expect(load('organization: {logo: theme/other.jpg}\nstatement: {theme: theme}').organization.logo).toBe(
      join(cwd, 'theme', 'other.jpg'),
    );
  });

  it('are refused with path and remedy where a file is missing, of another kind or too large', () => {
    const logo = (): string => problemsOf('organization: {logo: theme/logo.png}').join();
    expect(logo()).toMatch(
      /^organization\.logo \(line 1\): The logo .*theme\/logo\.png does not exist; save it as a PNG or JPEG of at most 5 MB/,
    );
    put('logo.png', '<svg xmlns="http://www.w3.org/2000/svg"/>');
    expect(logo()).toContain('is of another kind; save it as a PNG or JPEG');
    put('logo.png', PNG);
    expect(logo()).toBe('');
    truncateSync(join(cwd, 'theme', 'logo.png'), 50 * 1024 ** 2);
    expect(logo()).toContain('has 50 MB, and at most 5 are taken');
    expect(problemsOf('organization: {logo: theme}').join()).toContain('is not a file');
    expect(problemsOf('statement: {theme: none}').join()).toMatch(/^statement\.theme \(line 1\): There is no folder .*none; make it/);
    rmSync(join(cwd, 'theme', 'logo.png'));
    put('regular.ttf', 'no font');
    expect(problemsOf('statement: {theme: theme}').join()).toMatch(
      /The font .*regular\.ttf is of another kind; put a TrueType or OpenType font/,
    );
  });

  it('take words of one’s own for any label, and leave the others to the language', () => {
    const keys = STATEMENT_LABELS.map((label) => label.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
    const { words } = load(`statement:\n  wording:\n${keys.map((key) => `    ${key}: My ${key}\n`).join('')}`).statement;
    expect(words).toEqual({
      ...Object.fromEntries(STATEMENT_LABELS.map((label, index) => [label, `My ${keys[index] ?? ''}`])),
      introduction: '',
      closing: '',
    });
    expect(keys).toContain('prepared_for');
    expect(load('statement: {wording: {fund_org: Innenauftrag, title: ""}}').statement.words).toEqual({
      fundOrg: 'Innenauftrag',
      introduction: '',
      closing: '',
    });
  });

  it.each([
    ['accent_color: "#ffcc00"', 'too light to read on paper (contrast 1.4, at least 4.5 is needed)'],
    ['accent_color: blue', '“blue” is not a colour such as #1d4f91'],
    ['detail_limit: 0', 'is not a whole number from 1'],
    ['locale: "12"', 'is not a language tag'],
    ['wording: {titel: x}', 'did you mean “title”?'],
    ['wording: {fund_orgg: x}', 'statement.wording.fund_orgg (line 1): There is no such setting; did you mean “fund_org”?'],
    ['wording: {page_of: x}', 'statement.wording.page_of (line 1): There is no such setting'],
    ['wording: {total: [x]}', 'A single value is expected here.'],
  ])('are refused: %s', (setting, problem) => {
    expect(problemsOf(`statement: {${setting}}`).join()).toContain(problem);
  });
});
