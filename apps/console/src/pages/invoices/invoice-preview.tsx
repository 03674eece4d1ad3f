import { Stack, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { EntryList } from '../../components/entry-list.js';
import { counted } from '../../components/field-words.js';
import { CountBox, FigureBoxes } from '../../components/figure-boxes.js';
import { RefusedRows } from '../../components/refused-rows.js';
import type { ExpectedInvoice, InvoiceImport } from './invoice-queries.js';
import { invoiceWords } from './invoice-words.js';

/** What a file would do: invoices by source, and the rows that keep it from being taken. */
export function InvoicePreview({ preview }: { readonly preview: InvoiceImport }): ReactElement {
  const { format, rowCount, voidedRowCount, sources, refusedRowCount, ignoredColumns } = preview;
  const isUnchanged = sources.every(({ addedCount, changedCount, withdrawnCount }) => addedCount + changedCount + withdrawnCount === 0);
  return (
    <Stack gap="md">
      <RefusedRows count={refusedRowCount} rows={preview.refusedRows} />
      <Text size="sm" c="dimmed">
        {format === 'focus' ? 'FOCUS Invoice Detail, summed up by invoice and period' : 'A table'}: {counted(rowCount, 'row')}
        {voidedRowCount > 0 && `, ${voidedRowCount.toLocaleString('en')} of voided invoices`}
      </Text>
      {isUnchanged && refusedRowCount === 0 && <Text size="sm">Everything is expected so already; there is nothing to import.</Text>}
      {sources.map((source) => (
        <Source key={source.source} of={source} />
      ))}
      {format === 'table' && ignoredColumns.length > 0 && (
        <Text size="xs" c="dimmed">
          Columns without meaning here: {ignoredColumns.join(', ')}.
        </Text>
      )}
    </Stack>
  );
}

function Source({ of }: { readonly of: InvoiceImport['sources'][number] }): ReactElement {
  const { source, addedCount, changedCount, withdrawnCount, unchangedCount } = of;
  return (
    <section>
      <Text component="h3" size="sm" fw={600} mb={6}>
        {source}
      </Text>
      <Stack gap={8}>
        <FigureBoxes>
          <CountBox name="added" count={addedCount} />
          <CountBox name="changed" count={changedCount} />
          <CountBox name="voided" count={withdrawnCount} />
          <CountBox name="unchanged" count={unchangedCount} />
        </FigureBoxes>
        <Part title={`Added to ${source}`} count={addedCount} shown={of.added.map((invoice) => entry(invoice, invoiceWords(invoice)))} />
        <Part
          title={`Changed at ${source}`}
          count={changedCount}
          shown={of.changed.map(({ before, after }) => entry(after, `${invoiceWords(before)} → ${invoiceWords(after)}`))}
        />
        <Part
          title={`Voided at ${source}`}
          count={withdrawnCount}
          shown={of.withdrawn.map((invoice) => entry(invoice, invoiceWords(invoice)))}
        />
      </Stack>
    </section>
  );
}

function entry({ invoiceId, period }: ExpectedInvoice, words: string): ReactElement {
  return (
    <li key={`${period} ${invoiceId}`}>
      <b>{invoiceId}</b> <span className="figures">{period}</span>{' '}
      <Text span inherit c="dimmed">
        {words}
      </Text>
    </li>
  );
}

function Part({
  title,
  count,
  shown,
}: {
  readonly title: string;
  readonly count: number;
  readonly shown: readonly ReactNode[];
}): ReactElement | null {
  if (count === 0) return null;
  return (
    <EntryList label={title} count={count}>
      {shown}
    </EntryList>
  );
}
