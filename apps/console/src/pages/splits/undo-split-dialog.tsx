import { Skeleton, Text } from '@mantine/core';
import { Fragment, type ReactElement } from 'react';
import { ActionDialog } from '../../components/action-dialog.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import { type UndoTarget, useUndoPreview, useUndoSplits } from './split-queries.js';

interface UndoSplitDialogProps {
  /** Null: closed. */
  readonly target: UndoTarget | null;
  readonly onClose: () => void;
}

/** Puts divided charges together again, after showing which and how much. */
export function UndoSplitDialog({ target, onClose }: UndoSplitDialogProps): ReactElement {
  const preview = useUndoPreview(target);
  const undo = useUndoSplits(true);
  const { data, error } = preview;
  return (
    <ActionDialog
      opened={target !== null}
      onClose={onClose}
      title="Put together again"
      ask={{ label: 'Note', placeholder: 'Why; kept in the review log with each charge' }}
      confirm="Put together"
      blocked={data === undefined}
      run={(note) => (target === null ? Promise.resolve() : undo.mutateAsync({ target, note }))}
    >
      {error !== null ? (
        <ErrorPanel error={error} title="It can’t be undone" onRetry={() => void preview.refetch()} />
      ) : data === undefined ? (
        <Skeleton height={40} aria-busy />
      ) : (
        <Text size="sm" role="status">
          <b>{counted(data.count, 'charge')}</b> over{' '}
          {data.amounts.map(({ currency, amount }, index) => (
            <Fragment key={currency}>
              {index > 0 && ' and '}
              <Money value={amount} currency={currency} brief />
            </Fragment>
          ))}{' '}
          {data.count === 1 ? 'stands' : 'stand'} again as before the division. What was decided on the parts since is undone with them.
        </Text>
      )}
    </ActionDialog>
  );
}
