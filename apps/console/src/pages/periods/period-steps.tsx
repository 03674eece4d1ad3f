import { Text } from '@mantine/core';
import { type Icon, IconCalendarPlus, IconDoorExit, IconLock, IconRotate } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import type { PeriodDetail } from '../../api/queries.js';
import { Moment } from '../../components/moment.js';
import { sentence } from '../../components/next-step.js';
import classes from './period.module.css';

type Step = PeriodDetail['history'][number];

const STEPS: Readonly<Record<Step['step'], { readonly text: string; readonly Glyph: Icon }>> = {
  opened: { text: 'Opened', Glyph: IconCalendarPlus },
  closed: { text: 'Closed', Glyph: IconDoorExit },
  reopened: { text: 'Reopened', Glyph: IconRotate },
  finalized: { text: 'Finalized, for good', Glyph: IconLock },
};

/** Who opened, closed, reopened and finalized a period, when and why; the newest first. */
export function PeriodSteps({ history }: { readonly history: readonly Step[] }): ReactElement {
  return (
    <ol className={classes['checks']} aria-label="What was done to the period, newest first">
      {[...history].reverse().map(({ position, at, by, step, note, forced }) => {
        const { text, Glyph } = STEPS[step];
        return (
          <li key={position} className={classes['check']}>
            <Glyph size={17} stroke={1.6} color="var(--mantine-color-dimmed)" aria-hidden />
            <div className={classes['step']}>
              <span>{text}</span>
              <Text size="xs" c="dimmed" className={classes['long'] ?? ''}>
                {by.kind === 'system' ? 'the program' : by.id} · <Moment at={at} />
              </Text>
              {note !== null && <span className={classes['long']}>“{note}”</span>}
              {forced !== null && (
                <div className={classes['long']}>
                  By force: “{forced.reason}”
                  <ul className={classes['missing']}>
                    {forced.missing.map((missing) => (
                      <li key={missing}>{sentence(missing)}</li>
                    ))}
                  </ul>
                </div>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
