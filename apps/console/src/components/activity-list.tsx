import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Activity } from '../api/overview-queries.js';
import { Moment } from './moment.js';
import classes from './activity-list.module.css';

/** What happened lately, and who did it. */
export function ActivityList({ activity }: { readonly activity: readonly Activity[] }): ReactElement {
  if (activity.length === 0) {
    return (
      <Text size="sm" c="dimmed" py="md" ta="center">
        Nothing has happened yet.
      </Text>
    );
  }
  return (
    <ol className={classes['list']}>
      {activity.map(({ position, text, actor, recordedAt }) => (
        <li key={position} className={classes['item']}>
          <span className={classes['text']}>{text}</span>
          <span className={classes['below']}>
            {actor.kind === 'system' ? 'the program' : actor.id} · <Moment at={recordedAt} />
          </span>
        </li>
      ))}
    </ol>
  );
}
