import { Select } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useSources } from '../../api/queries.js';
import { CsvImportDrawer, CsvImportForm, useChosenFile } from '../../components/csv-import.js';
import { counted } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { InvoicePreview } from './invoice-preview.js';
import { type InvoiceImport, type InvoiceUpload, importInvoices, useInvoicePreview } from './invoice-queries.js';

interface ImportInvoicesDrawerProps {
  readonly opened: boolean;
  /** The source that is looked at; empty if all are. */
  readonly source: string;
  readonly onClose: () => void;
}

/** Announces the invoices of a CSV file, after showing what it would change. */
export function ImportInvoicesDrawer({ opened, source, onClose }: ImportInvoicesDrawerProps): ReactElement {
  return (
    <CsvImportDrawer title="Import invoices" opened={opened} onClose={onClose}>
      <ImportForm source={source} onClose={onClose} />
    </CsvImportDrawer>
  );
}

function ImportForm({ source: initial, onClose }: Omit<ImportInvoicesDrawerProps, 'opened'>): ReactElement {
  const sources = useSources().data ?? [];
  const chosen = useChosenFile();
  const [source, setSource] = useState(initial);
  const upload: InvoiceUpload | null = chosen.file === null ? null : { file: chosen.file, source };
  const preview = useInvoicePreview(upload, chosen.choice);
  const take = useAction((file: InvoiceUpload) => importInvoices(file, false), {
    ownErrors: true,
    done: (answer) => `${counted(changesOf(answer), 'invoice')} announced, changed or withdrawn`,
    onDone: onClose,
  });
  const { data } = preview;
  return (
    <CsvImportForm
      chosen={chosen}
      description="FOCUS 1.4 Invoice Detail, or a table in UTF-8 with commas: invoice_id, period, amount, and if wished source, currency, date, note."
      upload={upload}
      preview={preview}
      take={take}
      isReady={data?.refusedRowCount === 0 && changesOf(data) > 0}
      onCancel={onClose}
      options={
        <Select
          label="Source"
          description="Empty if the file says it in a column source"
          placeholder="As the file says"
          clearable
          searchable
          w={300}
          value={source === '' ? null : source}
          data={sources.map(({ name, displayName }) => ({ value: name, label: displayName }))}
          onChange={(next) => {
            setSource(next ?? '');
            take.reset();
          }}
        />
      }
    >
      {(would) => <InvoicePreview preview={would} />}
    </CsvImportForm>
  );
}

function changesOf({ sources }: InvoiceImport): number {
  return sources.reduce((count, { addedCount, changedCount, withdrawnCount }) => count + addedCount + changedCount + withdrawnCount, 0);
}
