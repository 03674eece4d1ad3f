import { Group, Table, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import classes from './imports.module.css';

interface ReportPartProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One question that a report answers. */
export function ReportPart({ title, aside, children }: ReportPartProps): ReactElement {
  return (
    <section>
      <Group justify="space-between" mb={6}>
        <Text component="h3" size="sm" fw={600}>
          {title}
        </Text>
        {aside}
      </Group>
      {children}
    </section>
  );
}

interface ReportTableProps {
  readonly label: string;
  /** A title that begins with `>` stands right, above its figures. */
  readonly titles: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}

/** A small table of figures, all of it on the page. */
export function ReportTable({ label, titles, rows }: ReportTableProps): ReactElement {
  const right = titles.map((title) => title.startsWith('>'));
  return (
    <Table.ScrollContainer minWidth={420} type="native">
      <Table fz="sm" verticalSpacing={5} horizontalSpacing={10} className={classes['reportTable'] ?? ''} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {titles.map((title, index) => (
              <Table.Th key={title} ta={right[index] === true ? 'right' : 'left'} scope="col">
                {title.replace(/^>/, '')}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, cells }) => (
            <Table.Tr key={key}>
              {cells.map((cell, index) => (
                <Table.Td
                  key={titles[index] ?? index}
                  ta={right[index] === true ? 'right' : 'left'}
                  className={right[index] === true ? 'figures' : ''}
                >
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
