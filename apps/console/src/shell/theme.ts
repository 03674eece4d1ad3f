import {
  ActionIcon,
  Badge,
  Button,
  type CSSVariablesResolver,
  Drawer,
  Modal,
  Paper,
  Select,
  Table,
  TextInput,
  Tooltip,
  createTheme,
  type MantineColorsTuple,
} from '@mantine/core';

/** The one accent: a deep lagoon teal. */
const lagoon: MantineColorsTuple = [
  '#e8f6f5',
  '#d2ebe9',
  '#a5d8d4',
  '#74c3be',
  '#4bb1ab',
  '#2fa59e',
  '#189089',
  '#0b7a74',
  '#0b6763',
  '#07524f',
];
const slate: MantineColorsTuple = [
  '#f6f8f9',
  '#edf1f3',
  '#e0e6e9',
  '#cfd8dc',
  '#aebbc1',
  '#8b9aa2',
  '#667780',
  '#4c5c65',
  '#35434b',
  '#1d282e',
];
const night: MantineColorsTuple = [
  '#d3dbdf',
  '#b3bec4',
  '#8d9ba2',
  '#65747c',
  '#44525a',
  '#323f46',
  '#222d33',
  '#182126',
  '#12191d',
  '#0c1114',
];

const SANS = "Inter, 'Segoe UI Variable Text', 'Segoe UI', -apple-system, BlinkMacSystemFont, Roboto, 'Helvetica Neue', Arial, sans-serif";

export const theme = createTheme({
  primaryColor: 'lagoon',
  primaryShade: { light: 8, dark: 6 },
  colors: { lagoon, gray: slate, dark: night },
  defaultRadius: 'md',
  fontFamily: SANS,
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, 'Liberation Mono', monospace",
  headings: { fontFamily: SANS, fontWeight: '650' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  radius: { sm: '4px', md: '7px', lg: '12px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 550 } }),
    Button: Button.extend({ defaultProps: { size: 'sm', fw: 550 } }),
    Drawer: Drawer.extend({
      defaultProps: {
        position: 'right',
        lockScroll: false,
        closeButtonProps: { 'aria-label': 'Close' },
        overlayProps: { backgroundOpacity: 0.25 },
      },
    }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        lockScroll: false,
        closeButtonProps: { 'aria-label': 'Close' },
        // Without blur: a browser that draws without a graphics card would draw the whole window anew at each key.
        overlayProps: { backgroundOpacity: 0.35 },
      },
    }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'lg' } }),
    Select: Select.extend({ defaultProps: { size: 'sm', comboboxProps: { shadow: 'md' } } }),
    Table: Table.extend({ defaultProps: { borderColor: 'var(--line)', verticalSpacing: 7, horizontalSpacing: 'sm', fz: 'sm' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 250, withArrow: true, fz: 'xs' } }),
  },
});

/** Text on a tint of its own colour, readable in both schemes (4.5 to 1 and more). */
const TINTS: Readonly<Record<string, { readonly light: string; readonly dark: string }>> = {
  lagoon: { light: '#0a5b57', dark: '#74cfc8' },
  gray: { light: '#45555d', dark: '#b3bec4' },
  orange: { light: '#a03c05', dark: '#ffb27a' },
  yellow: { light: '#7a5300', dark: '#f0c55a' },
  red: { light: '#b3261e', dark: '#ff9b93' },
  green: { light: '#22692f', dark: '#7fd48f' },
  blue: { light: '#17609e', dark: '#85bff0' },
  grape: { light: '#7f2f98', dark: '#dba0ee' },
  indigo: { light: '#3a46a8', dark: '#a9b4f8' },
};

function tints(scheme: 'light' | 'dark'): Record<string, string> {
  const strength = scheme === 'light' ? '13%' : '17%';
  return Object.fromEntries(
    Object.entries(TINTS).flatMap(([color, text]) => [
      [`--mantine-color-${color}-light`, `color-mix(in srgb, var(--mantine-color-${color}-6) ${strength}, transparent)`],
      [`--mantine-color-${color}-light-hover`, `color-mix(in srgb, var(--mantine-color-${color}-6) 22%, transparent)`],
      [`--mantine-color-${color}-light-color`, text[scheme]],
    ]),
  );
}

/** The surfaces: a tinted page with white (or lifted) sheets on it. */
export const surfaces: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...tints('light'),
    '--page': '#f6f8f9',
    '--sheet': '#ffffff',
    '--sheet-hover': '#f3f7f7',
    '--sheet-active': '#e6f3f2',
    '--line': '#e1e7ea',
    '--line-strong': '#cfd8dc',
    '--quiet': '#5d6d76',
    '--accent-text': '#0b6763',
    '--bar-list': '#c9d9da',
    '--bar-billed': '#0b7a74',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1d282e',
    '--mantine-color-dimmed': '#5d6d76',
    '--mantine-color-default-border': '#d6dee2',
    '--mantine-color-placeholder': '#73838b',
  },
  dark: {
    ...tints('dark'),
    '--page': '#10171a',
    '--sheet': '#182126',
    '--sheet-hover': '#1d282e',
    '--sheet-active': '#163634',
    '--line': '#28343a',
    '--line-strong': '#3b4951',
    '--quiet': '#93a2a9',
    '--accent-text': '#5cc4bd',
    '--bar-list': '#3a4f53',
    '--bar-billed': '#2fa59e',
    '--mantine-color-body': '#182126',
    '--mantine-color-text': '#dfe6e9',
    '--mantine-color-dimmed': '#93a2a9',
    '--mantine-color-default': '#1b252b',
    '--mantine-color-default-hover': '#222d33',
    '--mantine-color-default-border': '#36444b',
    '--mantine-color-placeholder': '#7d8d95',
  },
});
