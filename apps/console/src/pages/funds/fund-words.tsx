import { Badge, type MantineColor } from '@mantine/core';
import type { ReactElement } from 'react';
import type { FundFacts, FundStanding } from './fund-queries.js';

const LOOKS: Readonly<Record<FundStanding, { readonly color: MantineColor; readonly text: string }>> = {
  valid: { color: 'green', text: 'Valid' },
  upcoming: { color: 'blue', text: 'Not yet valid' },
  ended: { color: 'gray', text: 'Ended' },
};

export const STANDING_CHOICES = Object.entries(LOOKS).map(([value, { text }]) => ({ value, label: text }));

/** How a fund stands today. */
export function FundBadge({ standing }: { readonly standing: FundStanding }): ReactElement {
  const { color, text } = LOOKS[standing];
  return <Badge color={color}>{text}</Badge>;
}

const FIELDS = [
  ['title', 'Title'],
  ['validFrom', 'Valid from'],
  ['validTo', 'Valid to'],
  ['owner', 'Owner'],
] as const;

/** What differs between two states of a fund: `Valid to: – → 2025-06-30`. */
export function differences(before: Omit<FundFacts, 'fundOrg'> | undefined, after: Omit<FundFacts, 'fundOrg'>): string[] {
  return FIELDS.flatMap(([field, words]) => {
    const [was, is] = [before?.[field] || '–', after[field] || '–'];
    if (before === undefined) return is === '–' ? [] : [`${words}: ${is}`];
    return was === is ? [] : [`${words}: ${was} → ${is}`];
  });
}
