import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { OrganizationConfig, StatementConfig } from './app-config.js';
import { readStatementWords } from './read-statement-words.js';
import type { YamlSection } from './yaml-section.js';

/** A logo is read for every run and lies in every statement. */
const MAX_LOGO_BYTES = 5 * 1024 ** 2;
const MAX_FONT_BYTES = 40 * 1024 ** 2;

const LOGO_NAMES = ['logo.png', 'logo.jpg', 'logo.jpeg'];
const FONT_NAMES = { regular: ['regular.ttf', 'regular.otf'], semibold: ['semibold.ttf', 'semibold.otf', 'bold.ttf', 'bold.otf'] } as const;

const IMAGE_SIGNATURES = ['89504e470d0a1a0a', 'ffd8ff'];
/** TrueType, OpenType with PostScript outlines, and TrueType of Apple's. */
const FONT_SIGNATURES = ['00010000', '4f54544f', '74727565'];

const DEFAULT_ACCENT = '#1d4f91';
/** The ground of the amount due; what is set on it must be readable (WCAG 2.2, 1.4.3). */
const GROUND = '#f4f6f9';
const LEAST_CONTRAST = 4.5;

type ReadPath = (section: YamlSection, key: string) => string | undefined;

/** Name, contact and logo of the organisation; a logo of the theme's folder if none is named. */
export function readOrganization(section: YamlSection, statement: YamlSection, path: ReadPath): OrganizationConfig {
  const named = path(section, 'logo');
  if (named !== undefined) reportUnlessImage(named, (what) => section.report('logo', what));
  const theme = path(statement, 'theme');
  const ofTheme = named === undefined && theme !== undefined ? findIn(theme, LOGO_NAMES) : undefined;
  if (ofTheme !== undefined) reportUnlessImage(ofTheme, (what) => statement.report('theme', what));
  return { name: section.text('name') ?? 'Research Computing', contact: section.text('contact') ?? '', logo: named ?? ofTheme };
}

export function readStatement(section: YamlSection, path: ReadPath): StatementConfig {
  const theme = path(section, 'theme');
  if (theme !== undefined && !isFolder(theme)) {
    section.report(
      'theme',
      `There is no folder ${theme}; make it and put logo.png, regular.ttf or semibold.ttf into it, or take the setting out.`,
    );
  }
  return {
    pageSize: section.choice('page_size', ['LETTER', 'A4']) ?? 'LETTER',
    locale: readLocale(section),
    accentColor: readAccent(section),
    fonts: { regular: readFont(section, theme, 'regular'), semibold: readFont(section, theme, 'semibold') },
    footer: section.text('footer') ?? '',
    detailLimit: section.whole('detail_limit', 1, 1_000_000_000),
    words: readStatementWords(section.section('wording')),
  };
}

function readLocale(section: YamlSection): string {
  const text = section.text('locale') ?? 'en-US';
  try {
    return Intl.getCanonicalLocales(text)[0] ?? 'en-US';
  } catch {
    section.report('locale', `“${text}” is not a language tag such as en-US.`);
    return 'en-US';
  }
}

function readAccent(section: YamlSection): string {
  const text = (section.text('accent_color') || DEFAULT_ACCENT).toLowerCase();
  const color = /^#[0-9a-f]{3}$/.test(text) ? text.replaceAll(/[0-9a-f]/g, '$&$&') : text;
  if (!/^#[0-9a-f]{6}$/.test(color)) {
    section.report('accent_color', `“${text}” is not a colour such as ${DEFAULT_ACCENT}.`);
    return DEFAULT_ACCENT;
  }
  const contrast = contrastOf(color, GROUND);
  if (contrast < LEAST_CONTRAST) {
    const found = contrast.toFixed(1);
    section.report(
      'accent_color',
      `${text} is too light to read on paper (contrast ${found}, at least ${LEAST_CONTRAST} is needed); take a darker one.`,
    );
  }
  return color;
}

/** As WCAG 2.2 defines it: from 1 to 21. */
function contrastOf(one: string, other: string): number {
  const [light, dark] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function readFont(section: YamlSection, theme: string | undefined, weight: keyof typeof FONT_NAMES): string | null {
  const file = theme === undefined ? undefined : findIn(theme, FONT_NAMES[weight]);
  if (file === undefined) return null;
  const problem = problemOf(file, MAX_FONT_BYTES, FONT_SIGNATURES);
  if (problem === undefined) return file;
  section.report('theme', `The font ${file} ${problem}; put a TrueType or OpenType font (.ttf, .otf) in its place, or take it away.`);
  return null;
}

function reportUnlessImage(file: string, report: (what: string) => void): void {
  const problem = problemOf(file, MAX_LOGO_BYTES, IMAGE_SIGNATURES);
  if (problem !== undefined) report(`The logo ${file} ${problem}; save it as a PNG or JPEG of at most 5 MB, or take the setting out.`);
}

/** What keeps a file from being used, told by its size and its first bytes. */
function problemOf(file: string, mostBytes: number, signatures: readonly string[]): string | undefined {
  let size: number;
  let beginning: string;
  try {
    const found = statSync(file);
    if (!found.isFile()) return 'is not a file';
    ({ size } = found);
    beginning = firstBytes(file);
  } catch (error) {
    return existsSync(file) ? `can’t be read (${error instanceof Error ? error.message : String(error)})` : 'does not exist';
  }
  if (size > mostBytes) return `has ${Math.ceil(size / 1024 ** 2)} MB, and at most ${mostBytes / 1024 ** 2} are taken`;
  return signatures.some((signature) => beginning.startsWith(signature)) ? undefined : 'is of another kind';
}

function firstBytes(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(8);
    return bytes.toString('hex', 0, readSync(descriptor, bytes, 0, 8, 0));
  } finally {
    closeSync(descriptor);
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** The first of the names that is there, in any case. */
function findIn(folder: string, names: readonly string[]): string | undefined {
  if (!isFolder(folder)) return undefined;
  const files = readdirSync(folder);
  for (const name of names) {
    const found = files.find((file) => file.toLowerCase() === name);
    if (found !== undefined) return join(folder, found);
  }
  return undefined;
}
