/** How a statement looks. Lengths are in points (1/72 inch), colours are RGB; every text colour has a contrast of at least 4.5:1 on its ground. */
export const theme = {
  color: {
    ink: '#1a2330',
    muted: '#586374',
    accent: '#1d4f91',
    hairline: '#dde2e9',
    rule: '#9aa5b4',
    tint: '#f3f6fa',
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
