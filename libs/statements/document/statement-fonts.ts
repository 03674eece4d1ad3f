import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FontFace } from '../pdf/font-face.js';

export type Weight = 'regular' | 'semibold';

/** Font files of an organisation; null: those that the program brings. */
export type ThemeFonts = Readonly<Record<Weight, string | null>>;

/** One stretch of text that a single font can print. */
export interface FontRun {
  readonly face: FontFace;
  readonly text: string;
  /** Characters that no font has; {@link text} holds `�` for each. */
  readonly lacking: string;
}

/** Marks and joiners print in the font of the letter they belong to. */
const CLINGS = /[\p{M}\u200c\u200d]/u;
/** Blanks and punctuation stay with the run before them, so that a right-to-left phrase is not torn apart. */
const NEUTRAL = /[\p{White_Space}\p{P}]/u;

const { resolve } = createRequire(import.meta.url);

const sansHans = (weight: string) => () => join(dirname(resolve('@embedpdf/fonts-sc')), '../fonts', `NotoSansHans-${weight}.otf`);
const nanum = (weight: string) => () => resolve(`@expo-google-fonts/nanum-gothic/${weight}/NanumGothic_${weight}.ttf`);
/** Has a glyph, if a plain one, for every letter of the Basic Multilingual Plane: the last resort. */
const unifont = new FontFace('unifont', () => resolve('@fontsource/unifont/files/unifont-latin-400-normal.woff'));

/** In the order they are asked: Latin, Greek and Cyrillic; Han and Kana; Hangul; Arabic, Hebrew, Armenian, Georgian and symbols; everything else. */
const faces: Record<Weight, readonly [FontFace, ...FontFace[]]> = {
  regular: [
    new FontFace('text', () => resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'), true),
    new FontFace('han', sansHans('Regular')),
    new FontFace('hangul', nanum('400Regular')),
    new FontFace('wide', () => resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
    unifont,
  ],
  semibold: [
    new FontFace('strong', () => resolve('@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf'), true),
    new FontFace('han-strong', sansHans('Bold')),
    new FontFace('hangul-strong', nanum('700Bold')),
    new FontFace('wide-strong', () => resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')),
    unifont,
  ],
};

/** Stands in for a character that no font has. */
const REPLACEMENT = '\ufffd';

/** Scripts that are shaped by rules of their own, so that a run may hold but one of them. */
const SHAPED_SCRIPTS = [
  'Arab',
  'Hebr',
  'Syrc',
  'Thaa',
  'Deva',
  'Beng',
  'Guru',
  'Gujr',
  'Orya',
  'Taml',
  'Telu',
  'Knda',
  'Mlym',
  'Sinh',
  'Thai',
  'Laoo',
  'Tibt',
  'Mymr',
  'Khmr',
  'Mong',
  'Ethi',
].map((script) => new RegExp(`\\p{Script=${script}}`, 'u'));

interface Setting {
  readonly face: FontFace;
  /** Index of the shaped script, -1 for all others. */
  readonly script: number;
}

/** The fonts of one weight in the order they are asked for a character. */
export class FontStack {
  private readonly primary: FontFace;

  /** `ofTheme`: whether the first is a font that the organisation chose, so that it should be told where others had to help out. */
  constructor(
    private readonly faces: readonly [FontFace, ...FontFace[]],
    readonly ofTheme: boolean,
  ) {
    [this.primary] = faces;
  }

  /** Whether the font that was chosen prints this run. */
  isPrimary(run: FontRun): boolean {
    return run.face === this.primary;
  }

  /** Width in thousandths of the font size. */
  widthOf(text: string): number {
    return this.split(text).reduce((width, run) => width + run.face.widthOf(run.text), 0);
  }

  /**
   * Splits `text` into runs by which font can print them and which rules shape them, in reading order; characters beyond all fonts
   * become `�`.
   */
  split(text: string): FontRun[] {
    if (text === '') return [];
    const first = this.primary;
    if (!FontFace.needsShaping(text) && everyCharacterIn(first, text)) return [{ face: first, text, lacking: '' }];
    const runs: (Setting & { text: string; lacking: string })[] = [];
    const characters = [...text];
    characters.forEach((character, index) => {
      const last = runs.at(-1);
      if (CLINGS.test(character)) {
        // A mark without a glyph in its letter's font would print as an empty box; the letter alone is the lesser loss.
        if (last?.face.has(codePointOf(character)) === true) last.text += character;
        return;
      }
      if (last !== undefined && NEUTRAL.test(character) && last.face.has(codePointOf(character))) {
        const following = characters.slice(index + 1).find((next) => !NEUTRAL.test(next));
        if (following !== undefined && sameSetting(this.settingFor(following), last)) {
          last.text += character;
          return;
        }
      }
      const setting = this.settingFor(character);
      const printed = setting === undefined ? REPLACEMENT : character;
      const lacking = setting === undefined ? character : '';
      const used = setting ?? this.settingFor(REPLACEMENT) ?? { face: first, script: -1 };
      if (last !== undefined && sameSetting(used, last)) {
        last.text += printed;
        last.lacking += lacking;
      } else runs.push({ ...used, text: printed, lacking });
    });
    return runs;
  }

  private settingFor(character: string): Setting | undefined {
    const codePoint = codePointOf(character);
    const face = this.faces.find((candidate) => candidate.has(codePoint));
    return face && { face, script: SHAPED_SCRIPTS.findIndex((script) => script.test(character)) };
  }
}

const stacks = new Map<string, FontStack>();

/** The stack of a weight, with the organisation's font before the program's; made once per process. */
export function fontStack(weight: Weight, file: string | null): FontStack {
  const key = `${weight}|${file ?? ''}`;
  let stack = stacks.get(key);
  if (stack === undefined) {
    const own = faces[weight];
    stack = file === null ? new FontStack(own, false) : new FontStack([new FontFace(`theme-${weight}`, () => file, true), ...own], true);
    stacks.set(key, stack);
  }
  return stack;
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function everyCharacterIn(face: FontFace, text: string): boolean {
  for (const character of text) if (!face.has(codePointOf(character))) return false;
  return true;
}

function sameSetting(one: Setting | undefined, other: Setting): boolean {
  return one?.face === other.face && one.script === other.script;
}
