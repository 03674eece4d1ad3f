import { Alert, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { counted } from '../../components/field-words.js';
import type { ExpectedInvoice, InvoiceImport } from './invoice-queries.js';
import { invoiceWords } from './invoice-words.js';
import classes from './invoices.module.css';

/** What a file would do: invoices by source, and the rows that keep it from being taken. */
export function InvoicePreview({ preview }: { readonly preview: InvoiceImport }): ReactElement {
  const { format, rowCount, voidedRowCount, sources, refusedRowCount, ignoredColumns } = preview;
  const isUnchanged = sources.every(({ addedCount, changedCount, withdrawnCount }) => addedCount + changedCount + withdrawnCount === 0);
  return (
    <Stack gap="md">
      {refusedRowCount > 0 && <Refused preview={preview} />}
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
      <div className={classes['figures']}>
        <Figure name="added" count={addedCount} />
        <Figure name="changed" count={changedCount} />
        <Figure name="voided" count={withdrawnCount} />
        <Figure name="unchanged" count={unchangedCount} />
      </div>
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

function Figure({ name, count }: { readonly name: string; readonly count: number }): ReactElement {
  return (
    <div className={classes['figure']}>
      <Text fz="lg" fw={650} lh={1.2} className="figures" {...(count === 0 ? { c: 'dimmed' } : {})}>
        {count.toLocaleString('en')}
      </Text>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
    </div>
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
    <>
      {/* A region that scrolls must be reached by keyboard. */}
      <ul className={classes['list']} tabIndex={0} aria-label={title}>
        {shown}
        {count > shown.length && <li>… and {(count - shown.length).toLocaleString('en')} more</li>}
      </ul>
    </>
  );
}

function Refused({ preview: { refusedRowCount, refusedRows } }: { readonly preview: InvoiceImport }): ReactElement {
  return (
    <Alert
      variant="light"
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title={`${counted(refusedRowCount, 'row')} can’t be taken, so nothing of the file can`}
      role="alert"
    >
      <Table fz="xs" verticalSpacing={4} horizontalSpacing="xs" aria-label="Rows that can’t be taken">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={52}>Line</Table.Th>
            <Table.Th>Column</Table.Th>
            <Table.Th>Value</Table.Th>
            <Table.Th>Reason</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {refusedRows.slice(0, 20).map(({ line, column, value, reason }) => (
            <Table.Tr key={`${line} ${column} ${reason}`}>
              <Table.Td className="figures">{line}</Table.Td>
              <Table.Td>{column || '–'}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value || '–'}</Table.Td>
              <Table.Td>{reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {refusedRows.length > 20 && (
        <Text size="xs" mt={4}>
          … and more; mend these and choose the file again.
        </Text>
      )}
    </Alert>
  );
}
