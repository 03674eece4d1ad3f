import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';

const EXACT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const DAY_WITH_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** A time in few words, in the reader's zone; to the second in its tooltip. */
export function Moment({ at }: { readonly at: string | null | undefined }): ReactElement {
  if (at === null || at === undefined) return <>–</>;
  const time = new Date(at);
  return (
    <Tooltip label={EXACT.format(time)}>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {shortMoment(time, new Date())}
      </time>
    </Tooltip>
  );
}

function shortMoment(time: Date, now: Date): string {
  const seconds = (now.getTime() - time.getTime()) / 1000;
  if (seconds >= 0 && seconds < 60) return 'just now';
  if (seconds >= 0 && seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (time.toDateString() === now.toDateString()) return TIME.format(time);
  return time.getFullYear() === now.getFullYear() ? `${DAY.format(time)}, ${TIME.format(time)}` : DAY_WITH_YEAR.format(time);
}
