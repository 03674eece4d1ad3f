import { Alert, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { counted } from './field-words.js';

const ROWS_SHOWN = 20;

interface RefusedRow {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

interface RefusedRowsProps {
  readonly count: number;
  /** The first of them. */
  readonly rows: readonly RefusedRow[];
}

/** The rows that keep a file from being taken, with their reasons; nothing if there are none. */
export function RefusedRows({ count, rows }: RefusedRowsProps): ReactElement | null {
  if (count === 0) return null;
  return (
    <Alert
      variant="light"
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title={`${counted(count, 'row')} can’t be taken, so nothing of the file can`}
      role="alert"
    >
      <Table fz="xs" verticalSpacing={4} horizontalSpacing="xs" aria-label="Rows that can’t be taken">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={52}>Line</Table.Th>
            <Table.Th>Column</Table.Th>
            <Table.Th w="22%">Value</Table.Th>
            <Table.Th>Reason</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, ROWS_SHOWN).map(({ line, column, value, reason }) => (
            <Table.Tr key={`${line} ${column} ${reason}`}>
              <Table.Td className="figures">{line}</Table.Td>
              <Table.Td>{column || '–'}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value || '–'}</Table.Td>
              <Table.Td>{reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rows.length > ROWS_SHOWN && (
        <Text size="xs" mt={4}>
          … and more; mend these and choose the file again.
        </Text>
      )}
    </Alert>
  );
}
