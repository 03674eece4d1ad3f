import { Button, Drawer, FileInput, Group, ScrollArea, Select, Skeleton, Stack, Text } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useSources } from '../../api/queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { type InvoiceImport, type InvoiceUpload, importInvoices, useInvoicePreview } from './invoice-queries.js';
import { InvoicePreview } from './invoice-preview.js';

interface ImportInvoicesDrawerProps {
  readonly opened: boolean;
  /** The source that is looked at; empty if all are. */
  readonly source: string;
  readonly onClose: () => void;
}

/** Announces the invoices of a CSV file, after showing what it would change. */
export function ImportInvoicesDrawer({ opened, source, onClose }: ImportInvoicesDrawerProps): ReactElement {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      size={640}
      title={<Text fw={600}>Import invoices</Text>}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      {opened && <ImportForm source={source} onClose={onClose} />}
    </Drawer>
  );
}

function ImportForm({ source: initial, onClose }: Omit<ImportInvoicesDrawerProps, 'opened'>): ReactElement {
  const sources = useSources().data ?? [];
  const [file, setFile] = useState<File | null>(null);
  // Tells one choice of a file from the next, which may have the same name.
  const [choice, setChoice] = useState(0);
  const [source, setSource] = useState(initial);
  const upload: InvoiceUpload | null = file === null ? null : { file, source };
  const preview = useInvoicePreview(upload, choice);
  const take = useAction((chosen: InvoiceUpload) => importInvoices(chosen, false), {
    ownErrors: true,
    done: (answer) => `${counted(changesOf(answer), 'invoice')} announced, changed or withdrawn`,
    onDone: onClose,
  });
  const { data } = preview;
  const isReady = data?.refusedRowCount === 0 && changesOf(data) > 0;
  return (
    <Stack gap="md">
      <FileInput
        label="CSV file"
        description="FOCUS 1.4 Invoice Detail, or a table in UTF-8 with commas: invoice_id, period, amount, and if wished source, currency, date, note."
        placeholder="Choose a file"
        accept=".csv,text/csv"
        leftSection={<IconFileTypeCsv size={17} />}
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          setChoice(choice + 1);
          take.reset();
        }}
        data-autofocus
      />
      <Select
        label="Source"
        description="Empty if the file says it in a column source"
        placeholder="As the file says"
        clearable
        searchable
        w={300}
        value={source === '' ? null : source}
        data={sources.map(({ name, displayName }) => ({ value: name, label: displayName }))}
        onChange={(chosen) => {
          setSource(chosen ?? '');
          take.reset();
        }}
      />
      {upload !== null && (
        <section aria-label="What the file would change" aria-live="polite">
          {preview.error !== null ? (
            <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} />
          ) : data === undefined ? (
            <Skeleton height={120} radius="md" />
          ) : (
            <InvoicePreview preview={data} />
          )}
        </section>
      )}
      {take.error !== null && <ErrorPanel error={take.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={!isReady} loading={take.isPending} onClick={() => upload !== null && take.mutate(upload)}>
          Import
        </Button>
      </Group>
    </Stack>
  );
}

function changesOf({ sources }: InvoiceImport): number {
  return sources.reduce((count, { addedCount, changedCount, withdrawnCount }) => count + addedCount + changedCount + withdrawnCount, 0);
}
