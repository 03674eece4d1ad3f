import { Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { type Source, useSources } from '../../api/queries.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { ForRole } from '../../session/session.js';
import { AddSourceDrawer } from './add-source-drawer.js';

const COLUMNS: readonly Column<Source>[] = [
  {
    key: 'name',
    title: 'Source',
    render: ({ name, displayName, enabled }) => (
      <Group gap={8} wrap="nowrap">
        <span>
          <Anchor component={Link} to={addressOf(name)} inherit fw={600}>
            {displayName}
          </Anchor>{' '}
          <Text span size="xs" c="dimmed">
            {name}
          </Text>
        </span>
        {!enabled && <Badge color="gray">disabled</Badge>}
      </Group>
    ),
    compare: (a, b) => a.displayName.localeCompare(b.displayName),
  },
  { key: 'pattern', title: 'File names', width: 120, render: ({ pattern }) => (pattern === '' ? '–' : <code>{pattern}</code>) },
  {
    key: 'fundOrg',
    title: 'Credit fund/org',
    width: 150,
    render: ({ fundOrg }) =>
      fundOrg === '' ? (
        <Text span inherit c="orange">
          none
        </Text>
      ) : (
        fundOrg
      ),
  },
  { key: 'account', wideOnly: true, title: 'Account', width: 100, render: ({ accountCode }) => accountCode || '–' },
  { key: 'mode', title: 'Delivery', width: 100, render: ({ deliveryMode }) => deliveryMode },
  { key: 'basis', wideOnly: true, title: 'Cost basis', width: 110, render: ({ costBasis }) => costBasis },
  {
    key: 'last',
    title: 'Last import',
    width: 210,
    render: ({ lastImportAt, lastImportId, lastState }) =>
      lastImportId === null ? (
        <Text span inherit c="dimmed">
          never
        </Text>
      ) : (
        <Group gap={8} wrap="nowrap">
          {lastState !== null && <StateBadge state={lastState} />}
          <Anchor component={Link} to={`/imports/${lastImportId}`} inherit>
            <Moment at={lastImportAt} />
          </Anchor>
        </Group>
      ),
    compare: (a, b) => (a.lastImportAt ?? '').localeCompare(b.lastImportAt ?? ''),
  },
];

function addressOf(name: string): string {
  return `/sources/${encodeURIComponent(name)}`;
}

/** Where charges come from, how their files are read, and how up to date each is. */
export function SourcesPage(): ReactElement {
  const navigate = useNavigate();
  const sources = useSources();
  const [adds, setAdds] = useState(false);
  const addButton = (
    <ForRole role="admin">
      <Button leftSection={<IconPlus size={16} />} onClick={() => setAdds(true)}>
        Add a source
      </Button>
    </ForRole>
  );
  return (
    <>
      <PageHeader title="Sources" lead="Where charges come from, and which fund/org is credited for them">
        {addButton}
      </PageHeader>
      {sources.error !== null && sources.data === undefined ? (
        <ErrorPanel error={sources.error} onRetry={() => void sources.refetch()} />
      ) : (
        <Sheet flush>
          <DataTable
            rows={sources.data}
            columns={COLUMNS}
            keyOf={({ name }) => name}
            label="Sources"
            minWidth={760}
            onOpen={({ name }) => void navigate(addressOf(name))}
            empty={
              <EmptyNote icon={IconPlugConnected} title="There is no source yet" action={addButton}>
                Add one for each provider that sends files, or list them in the configuration file under imports.known_sources.
              </EmptyNote>
            }
          />
        </Sheet>
      )}
      <AddSourceDrawer opened={adds} onClose={() => setAdds(false)} />
    </>
  );
}
