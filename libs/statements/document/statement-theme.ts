import { fontStack, type ThemeFonts, type Weight } from './statement-fonts.js';
import type { TextStyle } from './text-layout.js';

/** How a statement looks. Lengths are in points (1/72 inch), colours are RGB; every text colour has a contrast of at least 4.5:1 on its ground. */
export const theme = {
  color: {
    ink: '#1a2330',
    muted: '#586374',
    hairline: '#dde2e9',
    rule: '#9aa5b4',
    tint: '#f4f6f9',
    white: '#ffffff',
    warningInk: '#5c4008',
    warningGround: '#fff7e3',
    warningEdge: '#c98a15',
  },
  size: { title: 23, amountDue: 25, heading: 11.5, organization: 11, text: 9.5, table: 8.5, small: 7.75 },
  margin: { side: 54, top: 50, bottom: 66 },
  /** Distance from one baseline to the next, as a multiple of the font size. */
  leading: 1.36,
} as const;

/** What an organisation chooses of the looks. */
export interface StatementTheme {
  /** `#rrggbb`, dark enough to read on white. */
  readonly accent: string;
  readonly fonts: ThemeFonts;
}

type StyleName =
  'organization' | 'title' | 'heading' | 'text' | 'strong' | 'label' | 'small' | 'table' | 'tableStrong' | 'tableHead' | 'warning';

/** The theme of one document: its colours, and every style that text is set in. */
export interface StatementLook {
  readonly accent: string;
  readonly style: Readonly<Record<StyleName, TextStyle>>;
}

const looks = new Map<string, StatementLook>();

/** Kept, because measuring remembers what belongs to a font. */
export function lookOf(chosen: StatementTheme): StatementLook {
  const key = JSON.stringify([chosen.accent, chosen.fonts.regular, chosen.fonts.semibold]);
  let look = looks.get(key);
  if (look === undefined) {
    look = makeLook(chosen);
    looks.set(key, look);
  }
  return look;
}

function makeLook({ accent, fonts }: StatementTheme): StatementLook {
  const { ink, muted, warningInk } = theme.color;
  const style = (size: keyof typeof theme.size, weight: Weight, color: string): TextStyle => ({
    size: theme.size[size],
    font: fontStack(weight, fonts[weight]),
    color,
  });
  return {
    accent,
    style: {
      organization: style('organization', 'semibold', ink),
      title: style('title', 'semibold', ink),
      heading: style('heading', 'semibold', ink),
      text: style('text', 'regular', ink),
      strong: style('text', 'semibold', ink),
      label: style('text', 'regular', muted),
      small: style('small', 'regular', muted),
      table: style('table', 'regular', ink),
      tableStrong: style('table', 'semibold', ink),
      tableHead: style('small', 'semibold', muted),
      warning: style('text', 'regular', warningInk),
    },
  };
}
