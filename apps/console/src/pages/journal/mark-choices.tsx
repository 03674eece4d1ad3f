import { Button } from '@mantine/core';
import { IconArrowBackUp, IconBan, IconCheck } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import type { Journal } from './journal-queries.js';
import type { PendingMark } from './mark-dialogs.js';

/** What can be said of a journal as it stands. */
export function markChoices({
  status,
}: Journal): readonly { readonly mark: PendingMark['mark']; readonly text: string; readonly icon: ReactElement }[] {
  return [
    ...(status === 'written' ? [{ mark: 'posted' as const, text: 'Record posting …', icon: <IconCheck size={15} /> }] : []),
    ...(status === 'void' ? [] : [{ mark: 'void' as const, text: 'Void …', icon: <IconBan size={15} /> }]),
    ...(status === 'written' ? [] : [{ mark: 'unmark' as const, text: 'Take the mark back …', icon: <IconArrowBackUp size={15} /> }]),
  ];
}

/** The same as buttons. */
export function MarkButtons({
  journal,
  onMark,
}: {
  readonly journal: Journal;
  readonly onMark: (mark: PendingMark) => void;
}): ReactElement {
  return (
    <>
      {markChoices(journal).map(({ mark, text, icon }) => (
        <Button key={mark} variant="default" leftSection={icon} onClick={() => onMark({ mark, journal })}>
          {text}
        </Button>
      ))}
    </>
  );
}
