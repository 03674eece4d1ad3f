import { Anchor, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import type { PeriodDetail } from '../../api/queries.js';
import { MENDING, sentence } from '../../components/next-step.js';
import { useSession } from '../../session/session.js';
import classes from './period.module.css';

/** What must be in order before the period is finalized, and the way to what is not. */
export function PeriodChecklist({ detail }: { readonly detail: PeriodDetail }): ReactElement {
  const { may } = useSession();
  const isClosed = detail.state === 'closed';
  return (
    <>
      <ul className={classes['checks']}>
        <Check done={isClosed}>{isClosed ? 'The period is closed to imports' : 'Close the period to imports'}</Check>
        {detail.checklist.map((item) => (
          <Check key={item.check} done={item.done}>
            <ChecklistText item={item} period={detail.period} />
          </Check>
        ))}
      </ul>
      {!may('admin') && (
        <Text size="xs" c="dimmed" mt="sm">
          Finalizing is for administrators.
        </Text>
      )}
    </>
  );
}

type ChecklistItem = PeriodDetail['checklist'][number];

/** An answer of the checklist; one that asks for something leads to where it is done. */
export function ChecklistText({ item, period }: { readonly item: ChecklistItem; readonly period: string }): ReactElement {
  const path = MENDING[item.check]?.path;
  if (item.done || path === undefined) return <>{sentence(item.text)}</>;
  return (
    <Anchor component={Link} to={`${path}?period=${period}`} size="sm" className={classes['long'] ?? ''}>
      {sentence(item.text)}
    </Anchor>
  );
}

function Check({ done, children }: { readonly done: boolean; readonly children: ReactNode }): ReactElement {
  return (
    <li className={classes['check']}>
      {done ? (
        <IconCircleCheck size={17} color="var(--accent-text)" role="img" aria-label="done" />
      ) : (
        <IconCircleDashed size={17} color="var(--mantine-color-dimmed)" role="img" aria-label="to do" />
      )}
      <span>{children}</span>
    </li>
  );
}
