import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash, IconUsers } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { ActionDialog } from '../../components/action-dialog.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Moment } from '../../components/moment.js';
import { useAction } from '../../components/use-action.js';
import { ForRole, useSession } from '../../session/session.js';
import { DelegateDialog } from './delegate-dialog.js';
import { type Delegates, setDelegates, useDelegates } from './mail-queries.js';
import classes from './mail.module.css';

/** Who gets copies of a PI's messages, and who gets the statements of single projects. */
export function DelegateList(): ReactElement {
  const { may } = useSession();
  const delegates = useDelegates();
  const [editing, setEditing] = useState<Delegates | 'new' | null>(null);
  const [ending, setEnding] = useState<Delegates | null>(null);
  const end = useAction(({ piEmail, projectId }: Delegates) => setDelegates(piEmail, projectId ?? '', []), {
    ownErrors: true,
    done: ({ piEmail }) => `The delegates of ${piEmail} get no copies any more`,
  });
  if (delegates.error !== null) {
    return (
      <div className={classes['pad']}>
        <ErrorPanel error={delegates.error} onRetry={() => void delegates.refetch()} />
      </div>
    );
  }
  const add = (
    <ForRole role="admin">
      <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
        Add delegates
      </Button>
    </ForRole>
  );
  return (
    <>
      {delegates.data?.length !== 0 && (
        <Group justify="space-between" className={classes['bar'] ?? ''}>
          <Text size="sm" c="dimmed" maw={560}>
            Delegates of a PI get a copy of the whole message. Delegates of a project get a message of their own with its statements, and
            see no other.
          </Text>
          {add}
        </Group>
      )}
      <DataTable
        rows={delegates.data}
        columns={may('admin') ? [...COLUMNS, buttonsWith(setEditing, setEnding)] : COLUMNS}
        keyOf={({ piEmail, projectId }) => JSON.stringify([piEmail, projectId])}
        label="Delegates"
        minWidth={680}
        empty={
          <EmptyNote icon={IconUsers} title="There are no delegates" action={add}>
            Each PI alone gets their statements. Name delegates if a lab manager or a department should get copies.
          </EmptyNote>
        }
      />
      <DelegateDialog delegates={editing} onClose={() => setEditing(null)} />
      <ActionDialog
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title="Send no more copies?"
        confirm="Send no more"
        danger
        run={() => (ending === null ? Promise.resolve() : end.mutateAsync(ending))}
      >
        <Text size="sm">{ending?.addresses.join(', ')} get nothing any more of what is sent from now on.</Text>
      </ActionDialog>
    </>
  );
}

const COLUMNS: readonly Column<Delegates>[] = [
  { key: 'pi', title: 'PI', cut: true, width: '26%', render: ({ piEmail }) => <span title={piEmail}>{piEmail}</span> },
  {
    key: 'project',
    title: 'Project',
    cut: true,
    width: '18%',
    render: ({ projectId }) =>
      projectId ?? (
        <Text span inherit c="dimmed">
          all
        </Text>
      ),
  },
  {
    key: 'addresses',
    title: 'Delegates',
    cut: true,
    render: ({ addresses }) => <span title={addresses.join(', ')}>{addresses.join(', ')}</span>,
  },
  {
    key: 'changed',
    wideOnly: true,
    title: 'Since',
    width: 130,
    render: ({ changedAt, changedBy }) => (
      <span title={changedBy}>
        <Moment at={changedAt} />
      </span>
    ),
  },
];

function buttonsWith(onEdit: (row: Delegates) => void, onEnd: (row: Delegates) => void): Column<Delegates> {
  return {
    key: 'buttons',
    title: '',
    width: 84,
    right: true,
    render: (row) => (
      <Group gap={4} justify="flex-end" wrap="nowrap">
        <Tooltip label="Change">
          <ActionIcon variant="subtle" aria-label={`Change the delegates of ${nameOf(row)}`} onClick={() => onEdit(row)}>
            <IconPencil size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="End">
          <ActionIcon variant="subtle" color="red" aria-label={`End the delegates of ${nameOf(row)}`} onClick={() => onEnd(row)}>
            <IconTrash size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
    ),
  };
}

function nameOf({ piEmail, projectId }: Delegates): string {
  return projectId === null ? piEmail : `${piEmail}, ${projectId}`;
}
