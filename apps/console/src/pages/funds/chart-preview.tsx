import { Alert, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { counted } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import type { ChartImport, FundFacts } from './fund-queries.js';
import { differences } from './fund-words.js';
import classes from './funds.module.css';

/** What a file would do to the chart: counts, funds, and the rows that keep it from being taken. */
export function ChartPreview({ preview }: { readonly preview: ChartImport }): ReactElement {
  const { duplicateOf, addedCount, changedCount, retiredCount, unchangedCount, refusedRowCount } = preview;
  if (duplicateOf !== null) {
    return (
      <Alert variant="light" color="blue" icon={<IconCircleCheck size={18} />} title="This file was imported already">
        It is the last one, imported by {duplicateOf.importedBy} (<Moment at={duplicateOf.importedAt} />
        ). It changes nothing; what was changed by hand since stays.
      </Alert>
    );
  }
  return (
    <Stack gap="md">
      {refusedRowCount > 0 && <Refused preview={preview} />}
      <div className={classes['figures']}>
        <Figure name="added" count={addedCount} />
        <Figure name="changed" count={changedCount} />
        <Figure name="retired" count={retiredCount} />
        <Figure name="unchanged" count={unchangedCount} />
      </div>
      {addedCount + changedCount + retiredCount + refusedRowCount === 0 && (
        <Text size="sm">The chart is as the file says already; there is nothing to import.</Text>
      )}
      <Part title="Added" count={addedCount} shown={preview.added.map((fund) => entry(fund, undefined))} />
      <Part title="Changed" count={changedCount} shown={preview.changed.map(({ before, after }) => entry(after, before))} />
      <Part title="Retired" count={retiredCount} shown={preview.retired.map(({ before, after }) => entry(after, before))} />
      {preview.missingColumns.length > 0 && (
        <Text size="xs" c="dimmed">
          The file says nothing about {preview.missingColumns.join(', ')}; what the chart says there stays.
        </Text>
      )}
      {preview.ignoredColumns.length > 0 && (
        <Text size="xs" c="dimmed">
          Columns without meaning here: {preview.ignoredColumns.join(', ')}.
        </Text>
      )}
    </Stack>
  );
}

function entry(fund: FundFacts, before: FundFacts | undefined): ReactElement {
  return (
    <li key={fund.fundOrg}>
      <b>{fund.fundOrg}</b>{' '}
      <Text span inherit c="dimmed">
        {differences(before, fund).join(' · ')}
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
    <section>
      <Text component="h3" size="xs" fw={600} c="dimmed" mb={4}>
        {title}
      </Text>
      {/* A region that scrolls must be reached by keyboard. */}
      <ul className={classes['list']} tabIndex={0} aria-label={title}>
        {shown}
        {count > shown.length && <li>… and {(count - shown.length).toLocaleString('en')} more</li>}
      </ul>
    </section>
  );
}

function Refused({ preview: { refusedRowCount, refusedRows } }: { readonly preview: ChartImport }): ReactElement {
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
