import { Button, Group, Select, Text } from '@mantine/core';
import { IconMailForward, IconRefresh } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useSearchParams } from 'react-router';
import { usePeriods } from '../../api/queries.js';
import { DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { SearchField } from '../../components/search-field.js';
import { useAction } from '../../components/use-action.js';
import { ForRole } from '../../session/session.js';
import { DELIVERY_COLUMNS, deliveryName, STATUS_CHOICES } from './delivery-columns.js';
import { type DeliveryStatus, resendFailed, useMailLog } from './mail-queries.js';
import { MessageDrawer } from './message-drawer.js';
import classes from './mail.module.css';

const PAGE_SIZE = 100;

/** Every message, newest first: to whom, what the server said, and what it looks like. */
export function MailLog(): ReactElement {
  const { filter, message, set, open } = useAddress();
  const [page, setPage] = useState(0);
  const log = useMailLog(filter, page, PAGE_SIZE);
  const periods = usePeriods().data?.periods ?? [];
  const { data } = log;
  const failedCount = data?.byStatus.find(({ status }) => status === 'failed')?.count ?? 0;
  const isFiltered = filter.period !== '' || filter.status !== '' || filter.search !== '';

  function change(name: string, value: string): void {
    setPage(0);
    set(name, value);
  }

  return (
    <>
      <div className={classes['bar']}>
        <SearchField
          label="Search messages"
          placeholder="PI or addressee"
          width={220}
          value={filter.search}
          onChange={(text) => change('search', text)}
        />
        <Select
          aria-label="Period"
          placeholder="All periods"
          clearable
          clearButtonProps={{ 'aria-label': 'All periods' }}
          data={periods.map(({ period }) => ({ value: period, label: periodName(period) }))}
          value={filter.period === '' ? null : filter.period}
          onChange={(value) => change('period', value ?? '')}
          w={180}
        />
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          clearButtonProps={{ 'aria-label': 'Any state' }}
          data={STATUS_CHOICES}
          value={filter.status === '' ? null : filter.status}
          onChange={(value) => change('status', value ?? '')}
          w={180}
        />
        {data !== undefined && (
          <Text size="sm" c="dimmed" ml="auto" role="status">
            {counted(data.count, 'message')}
          </Text>
        )}
      </div>
      {filter.period !== '' && failedCount > 0 && (
        <ForRole role="reviewer">
          <Failed period={filter.period} count={failedCount} />
        </ForRole>
      )}
      {log.error !== null ? (
        <div className={classes['pad']}>
          <ErrorPanel error={log.error} onRetry={() => void log.refetch()} />
        </div>
      ) : (
        <DataTable
          rows={data?.deliveries}
          columns={DELIVERY_COLUMNS}
          keyOf={({ deliveryId }) => deliveryId}
          label="Email log"
          minWidth={860}
          onOpen={({ deliveryId }) => open(deliveryId)}
          nameOf={deliveryName}
          paging={{ page, pageSize: PAGE_SIZE, rowCount: data?.count ?? 0, onPage: setPage }}
          empty={
            isFiltered ? (
              <EmptyNote icon={IconMailForward} title="No message fits" compact>
                Choose another period or state, or look for something else.
              </EmptyNote>
            ) : (
              <EmptyNote icon={IconMailForward} title="No message was sent yet">
                Generate statements with sending, or open a statement and send it to its PI.
              </EmptyNote>
            )
          }
        />
      )}
      <MessageDrawer deliveryId={message} onClose={() => open(null)} onOther={open} />
    </>
  );
}

function Failed({ period, count }: { readonly period: string; readonly count: number }): ReactElement {
  const again = useAction(() => resendFailed(period), { done: ({ queued }) => `${counted(queued.length, 'message')} queued again` });
  return (
    <Group justify="space-between" px="md" py="xs">
      <Text size="sm">
        {counted(count, 'message')} of {periodName(period)} could not be sent.
      </Text>
      <Button size="xs" leftSection={<IconRefresh size={14} />} loading={again.isPending} onClick={() => again.mutate(undefined)}>
        Send all failed again
      </Button>
    </Group>
  );
}

/** The filter and the open message stand in the address, so that a link leads to them. */
function useAddress(): {
  filter: { period: string; status: DeliveryStatus | ''; search: string };
  message: string | null;
  set: (name: string, value: string) => void;
  open: (deliveryId: string | null) => void;
} {
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string | null): void => {
    setSearch(
      (current) => {
        if (value === null || value === '') current.delete(name);
        else current.set(name, value);
        return current;
      },
      { replace: true },
    );
  };
  const status = STATUS_CHOICES.find(({ value }) => value === search.get('status'))?.value ?? '';
  return {
    filter: { period: search.get('period') ?? '', status, search: search.get('search') ?? '' },
    message: search.get('message'),
    set,
    open: (deliveryId) => set('message', deliveryId),
  };
}
