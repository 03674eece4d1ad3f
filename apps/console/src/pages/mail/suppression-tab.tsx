import { Button, Group, Text, TextInput } from '@mantine/core';
import { IconMailCheck, IconMailOff, IconPlus } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { ActionDialog } from '../../components/action-dialog.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Moment } from '../../components/moment.js';
import { useAction } from '../../components/use-action.js';
import { ForRole, useSession } from '../../session/session.js';
import { release, suppress, type SuppressionList, useSuppressions } from './mail-queries.js';
import classes from './mail.module.css';

type Suppressed = SuppressionList['suppressed'][number];
type Proposed = SuppressionList['proposed'][number];

/** Addresses that get no mail, and those that servers refuse for good. */
export function SuppressionTab(): ReactElement {
  const { may } = useSession();
  const list = useSuppressions();
  const [adding, setAdding] = useState<{ readonly address: string; readonly reason: string } | null>(null);
  const [releasing, setReleasing] = useState<Suppressed | null>(null);
  const letGo = useAction((reason: string) => release(releasing?.address ?? '', reason), {
    ownErrors: true,
    done: ({ address }) => `${address} may get mail again`,
  });
  if (list.error !== null) {
    return (
      <div className={classes['pad']}>
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      </div>
    );
  }
  const add = (
    <ForRole role="reviewer">
      <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding({ address: '', reason: '' })}>
        Add an address
      </Button>
    </ForRole>
  );
  const proposed = list.data?.proposed ?? [];
  return (
    <>
      {proposed.length > 0 && (
        <section aria-label="Refused for good">
          <Text size="sm" className={classes['bar'] ?? ''}>
            Servers refuse these addresses for good. Correct them where they come from, or put them on the list.
          </Text>
          <DataTable
            rows={proposed}
            columns={may('reviewer') ? [...PROPOSED_COLUMNS, addWith(setAdding)] : PROPOSED_COLUMNS}
            keyOf={({ address }) => address}
            label="Refused for good"
            empty={null}
          />
        </section>
      )}
      {list.data?.suppressed.length !== 0 && (
        <Group justify="space-between" className={classes['bar'] ?? ''}>
          <Text size="sm" c="dimmed" maw={560}>
            Nothing is sent to these addresses: a message to one of them stands in the log as suppressed, and links in earlier messages to
            it have ended.
          </Text>
          {add}
        </Group>
      )}
      <DataTable
        rows={list.data?.suppressed}
        columns={may('reviewer') ? [...COLUMNS, releaseWith(setReleasing)] : COLUMNS}
        keyOf={({ address }) => address}
        label="Suppression list"
        minWidth={620}
        empty={
          <EmptyNote icon={IconMailCheck} title="No address is suppressed" action={add}>
            Put an address here that must get no mail, such as that of somebody who has left.
          </EmptyNote>
        }
      />
      <SuppressDialog draft={adding} onChange={setAdding} />
      <ActionDialog
        opened={releasing !== null}
        onClose={() => setReleasing(null)}
        title={`Send mail to ${releasing?.address ?? ''} again?`}
        confirm="Release"
        ask={{ label: 'Reason' }}
        run={(reason) => letGo.mutateAsync(reason)}
      >
        <Text size="sm">What was suppressed is not sent by itself; send it again from the log or the statements.</Text>
      </ActionDialog>
    </>
  );
}

const COLUMNS: readonly Column<Suppressed>[] = [
  { key: 'address', title: 'Address', cut: true, width: '32%', render: ({ address }) => <span title={address}>{address}</span> },
  { key: 'reason', title: 'Reason', cut: true, render: ({ reason }) => <span title={reason}>{reason}</span> },
  {
    key: 'by',
    wideOnly: true,
    title: 'By',
    cut: true,
    width: '20%',
    render: ({ suppressedBy }) => <span title={suppressedBy}>{suppressedBy}</span>,
  },
  { key: 'at', title: 'Since', width: 116, render: ({ suppressedAt }) => <Moment at={suppressedAt} /> },
];

const PROPOSED_COLUMNS: readonly Column<Proposed>[] = [
  { key: 'address', title: 'Address', cut: true, width: '32%', render: ({ address }) => <span title={address}>{address}</span> },
  { key: 'response', title: 'Answer', cut: true, render: ({ response }) => <span title={response}>{response}</span> },
  { key: 'at', title: 'When', width: 116, render: ({ failedAt }) => <Moment at={failedAt} /> },
];

function addWith(onAdd: (draft: { address: string; reason: string }) => void): Column<Proposed> {
  return {
    key: 'add',
    title: '',
    width: 130,
    right: true,
    render: ({ address, response }) => (
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconMailOff size={14} />}
        aria-label={`Suppress ${address}`}
        onClick={() => onAdd({ address, reason: response })}
      >
        Suppress
      </Button>
    ),
  };
}

function releaseWith(onRelease: (row: Suppressed) => void): Column<Suppressed> {
  return {
    key: 'release',
    title: '',
    width: 100,
    right: true,
    render: (row) => (
      <Button size="compact-sm" variant="subtle" aria-label={`Release ${row.address}`} onClick={() => onRelease(row)}>
        Release
      </Button>
    ),
  };
}

interface SuppressDialogProps {
  readonly draft: { readonly address: string; readonly reason: string } | null;
  readonly onChange: (draft: SuppressDialogProps['draft']) => void;
}

function SuppressDialog({ draft, onChange }: SuppressDialogProps): ReactElement {
  // The last words stay in view while the dialog fades out.
  const [shown, setShown] = useState({ address: '', reason: '' });
  if (draft !== null && draft !== shown) setShown(draft);
  const { address, reason } = shown;
  const save = useAction(() => suppress(address, reason), {
    ownErrors: true,
    done: (changed) => `${changed.address} gets no mail any more`,
  });
  return (
    <ActionDialog
      opened={draft !== null}
      onClose={() => onChange(null)}
      title="Send no more mail to an address"
      confirm="Send no more"
      danger
      blocked={address.trim() === '' || reason.trim() === ''}
      run={() => save.mutateAsync(undefined)}
    >
      <TextInput
        label="Address"
        placeholder="ada@example.edu"
        value={address}
        onChange={(event) => onChange({ address: event.currentTarget.value, reason })}
        withAsterisk
        data-autofocus
      />
      <TextInput
        label="Reason"
        placeholder="left the university"
        value={reason}
        onChange={(event) => onChange({ address, reason: event.currentTarget.value })}
        withAsterisk
      />
    </ActionDialog>
  );
}
