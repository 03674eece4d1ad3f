import { Badge, Group, type MantineColor, Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { flagReason, flagTitle } from './field-words.js';

interface Look {
  readonly color: MantineColor;
  readonly text: string;
}

const LOOKS: Readonly<Record<string, Look>> = {
  open: { color: 'lagoon', text: 'Open' },
  closed: { color: 'yellow', text: 'Closed' },
  finalized: { color: 'indigo', text: 'Finalized' },
  clear: { color: 'gray', text: 'Clear' },
  flagged: { color: 'orange', text: 'Flagged' },
  approved: { color: 'green', text: 'Approved' },
  rejected: { color: 'red', text: 'Rejected' },
  split: { color: 'cyan', text: 'Divided' },
  superseded: { color: 'gray', text: 'Superseded' },
  withdrawn: { color: 'gray', text: 'Withdrawn' },
  adjustment: { color: 'violet', text: 'Adjustment' },
  received: { color: 'blue', text: 'Being read' },
  recorded: { color: 'green', text: 'Recorded' },
  booked: { color: 'violet', text: 'Booked' },
  refused: { color: 'red', text: 'Refused' },
  cancelled: { color: 'gray', text: 'Cancelled' },
  queued: { color: 'blue', text: 'Queued' },
  sent: { color: 'green', text: 'Sent' },
  failed: { color: 'red', text: 'Failed' },
  dev_mode: { color: 'grape', text: 'Written to folder' },
  planned: { color: 'blue', text: 'Planned' },
  suppressed: { color: 'yellow', text: 'Suppressed' },
  running: { color: 'blue', text: 'Running' },
  with_failures: { color: 'orange', text: 'With failures' },
  completed: { color: 'green', text: 'Completed' },
  written: { color: 'blue', text: 'Written' },
  posted: { color: 'green', text: 'Posted' },
  void: { color: 'gray', text: 'Void' },
};

/** The state of a period, charge, import, delivery or run, as a badge of its colour. */
export function StateBadge({ state, size = 'sm' }: { readonly state: string; readonly size?: 'sm' | 'md' | 'lg' }): ReactElement {
  const look = LOOKS[state] ?? { color: 'gray', text: state };
  return (
    <Badge color={look.color} size={size}>
      {look.text}
    </Badge>
  );
}

/** Why a charge waits for a person; each badge explains itself. */
export function FlagBadges({ flags }: { readonly flags: readonly string[] }): ReactElement {
  return (
    <Group gap={4} wrap="wrap">
      {flags.map((flag) => (
        <Tooltip key={flag} label={flagReason(flag)} multiline maw={280}>
          <Badge color="orange" variant="light">
            {flagTitle(flag)}
          </Badge>
        </Tooltip>
      ))}
    </Group>
  );
}
