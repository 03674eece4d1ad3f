import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconFilePlus, IconFileText } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useNavigate } from 'react-router';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { ForRole } from '../../session/session.js';
import { NewTemplateDialog } from './new-template-dialog.js';
import { type Template, type TemplateArea, useTemplates } from './template-queries.js';
import { AREAS, OriginBadge, templateAddress } from './template-words.js';

const COLUMNS: readonly Column<Template>[] = [
  { key: 'name', title: 'Name', cut: true, render: ({ name }) => <b>{name}</b>, width: '34%' },
  { key: 'origin', title: 'What counts', render: (template) => <OriginBadge template={template} />, width: 140 },
  {
    key: 'used',
    title: 'Configured as',
    render: ({ configuredAs }) => (
      <Group gap={4}>
        {configuredAs.map((setting) => (
          <Badge key={setting} variant="outline" size="sm" tt="none">
            {setting}
          </Badge>
        ))}
      </Group>
    ),
  },
  { key: 'version', title: 'Version', right: true, width: 84, render: ({ version }) => (version === 0 ? '–' : version), wideOnly: true },
  {
    key: 'changed',
    title: 'Last change here',
    cut: true,
    wideOnly: true,
    render: ({ changedAt, changedBy, note }) =>
      changedAt === null ? (
        '–'
      ) : (
        <span title={note ?? ''}>
          <Moment at={changedAt} /> by {changedBy}
        </span>
      ),
  },
];

/** Templates of journals and messages: which there are, and whose text counts. */
export function TemplatesPage(): ReactElement {
  const templates = useTemplates();
  const navigate = useNavigate();
  const [adding, setAdding] = useState<TemplateArea | null>(null);
  return (
    <>
      <PageHeader title="Templates" lead="How journals and messages are written: saved here, in ./templates, or shipped, in this order">
        <ForRole role="admin">
          <Button leftSection={<IconFilePlus size={16} />} onClick={() => setAdding('journal')}>
            New template
          </Button>
        </ForRole>
      </PageHeader>
      <Stack gap="lg">
        {templates.error !== null && <ErrorPanel error={templates.error} onRetry={() => void templates.refetch()} />}
        {templates.error === null &&
          AREAS.map(({ area, title, about }) => {
            const rows = templates.data?.filter((row) => row.area === area);
            const isBuiltIn = area === 'mail' && rows?.every(({ configuredAs }) => configuredAs.length === 0) === true;
            return (
              <Sheet
                key={area}
                title={title}
                aside={
                  <Text size="xs" c="dimmed">
                    {about}
                  </Text>
                }
                flush
              >
                <DataTable
                  label={`Templates of ${title.toLowerCase()}`}
                  rows={rows}
                  columns={COLUMNS}
                  keyOf={({ name }) => name}
                  nameOf={({ name }) => name}
                  onOpen={({ name }) => void navigate(templateAddress(area, name))}
                  minWidth={560}
                  skeletonRows={3}
                  empty={
                    <EmptyNote icon={IconFileText} title="There is no template" compact>
                      An admin saves one, or puts it into ./templates.
                    </EmptyNote>
                  }
                />
                {isBuiltIn && (
                  <Text size="sm" c="dimmed" px="md" py="sm">
                    Messages are the built-in ones until the configuration names a template: <code>email.html_template</code> or{' '}
                    <code>email.text_template</code>.
                  </Text>
                )}
              </Sheet>
            );
          })}
      </Stack>
      <NewTemplateDialog key={adding ?? ''} area={adding} templates={templates.data ?? []} onClose={() => setAdding(null)} />
    </>
  );
}
