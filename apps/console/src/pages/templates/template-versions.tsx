import { Badge, Button, Group, Modal, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { type ReactElement, useMemo, useState } from 'react';
import { ActionDialog } from '../../components/action-dialog.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { bytesText } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { useAction } from '../../components/use-action.js';
import { useSession } from '../../session/session.js';
import { diffLines, withContext } from './line-diff.js';
import { restoreTemplate, type TemplateKey, type TemplateVersion, useTemplateText, useTemplateVersions } from './template-queries.js';
import classes from './templates.module.css';

interface TemplateVersionsProps {
  readonly template: TemplateKey;
  /** The last one, removals counted. */
  readonly version: number;
  /** What a version is compared with: the text of the editor. */
  readonly text: string;
  /** Restoring would leave the editor with another text than what counts. */
  readonly isDirty: boolean;
}

/** Who saved a template, when and why; each version can be looked at, compared and restored. */
export function TemplateVersions({ template, version: last, text, isDirty }: TemplateVersionsProps): ReactElement {
  const versions = useTemplateVersions(template);
  const { may } = useSession();
  const [shown, setShown] = useState<number | null>(null);
  const [restored, setRestored] = useState<number | null>(null);
  const restore = useAction((body: Parameters<typeof restoreTemplate>[1]) => restoreTemplate(template, body), {
    ownErrors: true,
    done: ({ version }) => `Saved again as version ${version}`,
  });
  const columns: readonly Column<TemplateVersion>[] = [
    { key: 'version', title: 'Version', right: true, width: 84, render: ({ version }) => version },
    { key: 'at', title: 'When', width: 150, render: ({ changedAt }) => <Moment at={changedAt} /> },
    { key: 'by', title: 'Who', cut: true, render: ({ changedBy }) => <span title={changedBy}>{changedBy}</span> },
    {
      key: 'note',
      title: 'Note',
      cut: true,
      render: ({ note, action }) => (
        <>
          {action === 'removed' && (
            <Badge variant="light" color="yellow" size="sm" mr={6}>
              Removed
            </Badge>
          )}
          <span title={note ?? ''}>{note ?? (action === 'removed' ? '' : '–')}</span>
        </>
      ),
    },
    {
      key: 'bytes',
      title: 'Size',
      right: true,
      width: 90,
      wideOnly: true,
      render: ({ bytes, action }) => (action === 'saved' ? bytesText(bytes) : '–'),
    },
    {
      key: 'actions',
      title: 'Actions',
      width: 190,
      right: true,
      render: ({ version, action }) =>
        action === 'saved' && (
          <Group gap={6} justify="flex-end" wrap="nowrap">
            <Button size="compact-xs" variant="default" onClick={() => setShown(version)} aria-label={`Look at version ${version}`}>
              Look at
            </Button>
            {may('admin') && version !== last && (
              <Button
                size="compact-xs"
                variant="default"
                disabled={isDirty}
                title={isDirty ? 'Save or undo what you changed first' : undefined}
                onClick={() => setRestored(version)}
                aria-label={`Restore version ${version}`}
              >
                Restore
              </Button>
            )}
          </Group>
        ),
    },
  ];
  if (versions.error !== null) return <ErrorPanel error={versions.error} onRetry={() => void versions.refetch()} />;
  return (
    <>
      <DataTable
        label="Versions"
        rows={versions.data}
        columns={columns}
        keyOf={({ version }) => String(version)}
        minWidth={620}
        skeletonRows={2}
        empty={
          <EmptyNote icon={IconHistory} title="It was never saved here" compact>
            The first version is there once an admin saves it; the file stays where it is.
          </EmptyNote>
        }
      />
      <Modal opened={shown !== null} onClose={() => setShown(null)} size="xl" title={<Text fw={600}>Version {shown}</Text>}>
        {shown !== null && <VersionText template={template} version={shown} text={text} />}
      </Modal>
      <ActionDialog
        opened={restored !== null}
        onClose={() => setRestored(null)}
        title={`Restore version ${restored ?? ''}`}
        ask={{ label: 'Note', placeholder: 'Why; kept in the log' }}
        confirm="Restore"
        run={(note) => restore.mutateAsync({ version: restored ?? 0, expectedVersion: last, ...(note === '' ? {} : { note }) })}
      >
        <Text size="sm">Its text is saved again as a new version and counts from then on. Nothing is lost: all versions stay.</Text>
      </ActionDialog>
    </>
  );
}

function VersionText({
  template,
  version,
  text,
}: {
  readonly template: TemplateKey;
  readonly version: number;
  readonly text: string;
}): ReactElement {
  const [view, setView] = useState<'compare' | 'text'>('compare');
  const found = useTemplateText(template, { version });
  if (found.error !== null) return <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Skeleton height={300} />;
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        style={{ alignSelf: 'flex-start' }}
        aria-label="How to show the version"
        data={[
          { value: 'compare', label: 'Compared with the editor' },
          { value: 'text', label: 'Its text' },
        ]}
        value={view}
        onChange={setView}
      />
      {view === 'text' ? (
        <pre className={classes['result']} tabIndex={0} aria-label={`Text of version ${version}`}>
          {found.data.text}
        </pre>
      ) : (
        <Comparison before={found.data.text} after={text} />
      )}
    </Stack>
  );
}

const SIGNS = { same: ' ', removed: '−', added: '+' } as const;

/** What changed from one text to the other. */
function Comparison({ before, after }: { readonly before: string; readonly after: string }): ReactElement {
  const lines = useMemo(() => withContext(diffLines(before, after)), [before, after]);
  if (before === after) return <Text size="sm">The editor has the same text.</Text>;
  return (
    <div className={classes['diff']} tabIndex={0} role="region" aria-label="What changed, line by line">
      {lines.map((line, index) =>
        line === null ? (
          <div key={index} data-kind="gap">
            …
          </div>
        ) : (
          <div key={index} data-kind={line.kind}>
            <span aria-hidden>
              {`${line.before ?? ''}`.padStart(5)} {`${line.after ?? ''}`.padStart(5)}
            </span>
            <span>
              {SIGNS[line.kind]} {line.text}
            </span>
          </div>
        ),
      )}
    </div>
  );
}
