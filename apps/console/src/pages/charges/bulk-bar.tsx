import { Button, Text, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowsSplit2, IconCheck, IconChecks, IconTransfer, IconX } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import type { Charge } from '../../api/queries.js';
import { sumOf } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { decidable, isDividable } from './decidable.js';
import type { ChargeSelection } from './use-charge-selection.js';
import type { DecisionVerb } from './use-decisions.js';
import classes from './review.module.css';

interface BulkBarProps {
  readonly selection: ChargeSelection;
  /** The ticked charges of this page. */
  readonly selected: readonly Charge[];
  /** How many match, on all pages; null where all of them can't be chosen. */
  readonly matching: number | null;
  /** Why all that match can't be chosen. */
  readonly whyNotAll?: string | undefined;
  readonly verbs: readonly DecisionVerb[];
  readonly onDecide: (verb: DecisionVerb) => void;
}

/** What can be done with the ticked charges, or with all that match. */
export function BulkBar({ selection, selected, matching, whyNotAll, verbs, onDecide }: BulkBarProps): ReactElement | null {
  if (!selection.isAnySelected) return null;
  const isPageOnly = selection.isPageSelected && !selection.isAllMatching;
  return (
    <div className={classes['bar']} role="toolbar" aria-label="Selected charges">
      <Text size="sm" className="figures" aria-live="polite">
        <b>{selection.isAllMatching ? (matching ?? 0).toLocaleString('en') : selected.length}</b>{' '}
        {selection.isAllMatching ? 'matching' : 'selected'}
        {!selection.isAllMatching && isOneCurrency(selected) && (
          <>
            {' · '}
            <Money value={sumOf(selected.map(({ amount }) => amount))} currency={selected[0]?.currency} />
          </>
        )}
      </Text>
      {isPageOnly && matching !== null && matching > selected.length && (
        <Button size="compact-sm" variant="subtle" leftSection={<IconChecks size={15} />} onClick={selection.selectAllMatching}>
          Select all {matching.toLocaleString('en')} matching
        </Button>
      )}
      {isPageOnly && matching === null && whyNotAll !== undefined && (
        <Text size="xs" c="dimmed">
          {whyNotAll}
        </Text>
      )}
      <span className={classes['spring']} />
      {verbs.map((verb) => {
        const { title, icon: Icon } = BUTTONS[verb];
        // Of all that match, those that can be decided on are taken, and the dialog says how many.
        const isStanding = selected.every(({ standing }) => decidable(verb).includes(standing));
        const isDividing = verb !== 'split' || selected.some(isDividable);
        const isFitting = selection.isAllMatching || (isStanding && isDividing);
        return (
          <Tooltip
            key={verb}
            label={isStanding ? 'Adjustments and parts can’t be divided' : `Only for charges that are ${decidable(verb).join(', ')}`}
            disabled={isFitting}
            events={TOOLTIP_EVENTS}
          >
            <Button
              size="xs"
              variant={verb === 'approve' ? 'filled' : 'default'}
              leftSection={<Icon size={15} />}
              aria-disabled={!isFitting}
              {...(isFitting ? {} : { 'data-disabled': true })}
              onClick={() => {
                if (isFitting) onDecide(verb);
              }}
            >
              {title}
            </Button>
          </Tooltip>
        );
      })}
      <Button size="xs" variant="subtle" color="gray" onClick={selection.clear}>
        Clear
      </Button>
    </div>
  );
}

const TOOLTIP_EVENTS = { hover: true, focus: true, touch: true };

const BUTTONS: Readonly<Record<DecisionVerb, { readonly title: string; readonly icon: typeof IconCheck }>> = {
  approve: { title: 'Approve', icon: IconCheck },
  reject: { title: 'Reject', icon: IconX },
  restore: { title: 'Restore', icon: IconArrowBackUp },
  reattribute: { title: 'Reattribute', icon: IconTransfer },
  split: { title: 'Divide', icon: IconArrowsSplit2 },
};

function isOneCurrency(charges: readonly Charge[]): boolean {
  return new Set(charges.map(({ currency }) => currency)).size === 1;
}
