import { Button, Text } from '@mantine/core';
import { IconArrowRight, IconCircleCheck, IconLock } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import type { PeriodDetail } from '../api/queries.js';
import { counted } from './field-words.js';
import classes from './next-step.module.css';

interface Step {
  readonly text: string;
  readonly to?: string;
  readonly action?: string;
  readonly tone: 'urgent' | 'calm' | 'done';
}

/** Which page mends what the checklist finds missing. */
export const MENDING: Readonly<Record<string, { readonly path: string; readonly action: string }>> = {
  review: { path: '/review', action: 'Review charges' },
  statements: { path: '/statements', action: 'Go to statements' },
  invoices: { path: '/invoices', action: 'Go to invoices' },
  journal: { path: '/journal', action: 'Go to the journal' },
};

/** What has to be done next for a period. */
function stepOf({ period, state, flaggedCount, lineCount, checklist }: PeriodDetail): Step {
  if (state === 'finalized') return { text: 'This period is finalized: nothing of it changes any more.', tone: 'done' };
  if (flaggedCount > 0) {
    const text = `${counted(flaggedCount, 'charge')} ${flaggedCount === 1 ? 'waits' : 'wait'} for review.`;
    return { text, to: `/review?period=${period}`, action: 'Review charges', tone: 'urgent' };
  }
  if (state === 'open') {
    if (lineCount === 0) return { text: 'This period has no charges yet.', to: '/imports', action: 'Import files', tone: 'calm' };
    return {
      text: 'Every charge is decided. Close the period once all files are in.',
      to: `/periods/${period}`,
      action: 'Go to the period',
      tone: 'calm',
    };
  }
  const finding = checklist.find(({ done }) => !done);
  if (finding === undefined)
    return { text: 'Everything is in order. The period can be finalized.', to: `/periods/${period}`, action: 'Finalize …', tone: 'calm' };
  const mending = MENDING[finding.check];
  return {
    text: sentence(finding.text),
    to: mending === undefined ? `/periods/${period}` : `${mending.path}?period=${period}`,
    action: mending?.action ?? 'Go to the period',
    tone: 'calm',
  };
}

/** A banner with the next step of a period's month and the way there. */
export function NextStep({ detail }: { readonly detail: PeriodDetail }): ReactElement {
  const { text, to, action, tone } = stepOf(detail);
  const Glyph = tone === 'done' ? IconLock : IconCircleCheck;
  return (
    <div className={classes['step']} data-tone={tone}>
      {tone === 'urgent' ? <span className={classes['dot']} aria-hidden /> : <Glyph size={19} stroke={1.7} aria-hidden />}
      <Text size="sm" fw={550} className={classes['text']}>
        {text}
      </Text>
      {to !== undefined && (
        <Button
          component={Link}
          to={to}
          size="xs"
          variant={tone === 'urgent' ? 'filled' : 'light'}
          rightSection={<IconArrowRight size={14} />}
        >
          {action}
        </Button>
      )}
    </div>
  );
}

/** An answer of the checklist as a sentence: with a capital and a full stop. */
export function sentence(finding: string): string {
  const text = finding.charAt(0).toUpperCase() + finding.slice(1);
  return text.endsWith('.') ? text : `${text}.`;
}
