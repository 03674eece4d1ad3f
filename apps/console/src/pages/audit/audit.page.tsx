import { ActionIcon, Badge, Button, Code, Drawer, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconHistory } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { type AuditEvent, type AuditFilter, useAudit } from '../../api/overview-queries.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import classes from './audit.module.css';

const PAGE_SIZE = 100;
const TYPING_PAUSE_MS = 300;

const COLUMNS: readonly Column<AuditEvent>[] = [
  { key: 'position', title: '#', width: 76, render: ({ position }) => position.toLocaleString('en') },
  { key: 'at', title: 'When', width: 118, render: ({ recordedAt }) => <Moment at={recordedAt} /> },
  { key: 'who', title: 'Who', width: 200, cut: true, render: ({ actor }) => <span title={`${actor.kind} ${actor.id}`}>{actor.id}</span> },
  { key: 'type', title: 'Event', width: 180, render: ({ type }) => <Badge color="gray">{type}</Badge> },
  { key: 'text', title: 'What', cut: true, render: ({ text }) => <span title={text}>{text}</span> },
  { key: 'stream', wideOnly: true, title: 'Stream', width: 190, cut: true, render: ({ stream }) => <code title={stream}>{stream}</code> },
];

/** The event log itself, newest first. */
export function AuditPage(): ReactElement {
  const [filter, setFilter] = useState<AuditFilter>({ type: '', actor: '', stream: '' });
  // The way back: the position each page began before; the first begins at the end of the log.
  const [trail, setTrail] = useState<readonly (number | null)[]>([null]);
  const [settled] = useDebouncedValue(filter, TYPING_PAUSE_MS);
  const [open, setOpen] = useState<AuditEvent | null>(null);
  const page = useAudit(settled, trail.at(-1) ?? null, PAGE_SIZE);
  const { data } = page;
  const isFiltered = Object.values(settled).some((value) => value !== '');

  function change(field: keyof AuditFilter, value: string): void {
    setFilter({ ...filter, [field]: value.trim() });
    setTrail([null]);
  }

  return (
    <>
      <PageHeader title="Audit log" lead="Who did what, when and from where. This is the event log itself, not a copy of it" />
      <Sheet flush>
        <Group gap="xs" p="sm">
          <TextInput
            w={210}
            aria-label="Type of event"
            placeholder="Event, such as PeriodClosed"
            value={filter.type}
            onChange={(event) => change('type', event.currentTarget.value)}
          />
          <TextInput
            w={210}
            aria-label="Who"
            placeholder="Who (email)"
            value={filter.actor}
            onChange={(event) => change('actor', event.currentTarget.value)}
          />
          <TextInput
            w={210}
            aria-label="Stream"
            placeholder="Stream, such as period-2026-01"
            value={filter.stream}
            onChange={(event) => change('stream', event.currentTarget.value)}
          />
          {isFiltered && (
            <Button
              variant="subtle"
              color="gray"
              onClick={() => {
                setFilter({ type: '', actor: '', stream: '' });
                setTrail([null]);
              }}
            >
              Clear filters
            </Button>
          )}
        </Group>
        {page.error !== null && data === undefined ? (
          <ErrorPanel error={page.error} onRetry={() => void page.refetch()} />
        ) : (
          <DataTable
            rows={data?.events}
            columns={COLUMNS}
            keyOf={({ position }) => String(position)}
            label="Events"
            minWidth={760}
            onOpen={setOpen}
            skeletonRows={14}
            empty={
              <EmptyNote icon={IconHistory} title={isFiltered ? 'No event matches' : 'The log is empty'}>
                {isFiltered ? 'Types, people and streams must be written in full.' : 'Everything that happens is written down here.'}
              </EmptyNote>
            }
          />
        )}
        <Group justify="flex-end" gap="xs" className={classes['pages'] ?? ''}>
          <ActionIcon aria-label="Newer events" disabled={trail.length === 1} onClick={() => setTrail(trail.slice(0, -1))}>
            <IconChevronLeft size={18} />
          </ActionIcon>
          <Text size="xs" c="dimmed" className="figures">
            page {trail.length}
          </Text>
          <ActionIcon
            aria-label="Older events"
            disabled={data === undefined || data.nextBefore === null}
            onClick={() => data?.nextBefore !== undefined && setTrail([...trail, data.nextBefore])}
          >
            <IconChevronRight size={18} />
          </ActionIcon>
        </Group>
      </Sheet>
      <Drawer opened={open !== null} onClose={() => setOpen(null)} size={560} title={<Text fw={600}>Event {open?.position}</Text>}>
        {open !== null && <EventDetail event={open} />}
      </Drawer>
    </>
  );
}

function EventDetail({ event }: { readonly event: AuditEvent }): ReactElement {
  const { type, stream, version, actor, recordedAt, requestIp, correlationId, text, data } = event;
  const facts: readonly (readonly [string, string])[] = [
    ['Event', type],
    ['Stream', `${stream}, version ${version}`],
    ['Who', `${actor.id} (${actor.kind})`],
    ['When', recordedAt],
    ['From', requestIp ?? '–'],
    ['Correlation', correlationId],
  ];
  return (
    <Stack>
      <Text size="sm">{text}</Text>
      <dl className={classes['facts']}>
        {facts.map(([name, value]) => (
          <div key={name} className={classes['fact']}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Code block className={classes['data'] ?? ''}>
        {JSON.stringify(data, null, 2)}
      </Code>
    </Stack>
  );
}
