import { Group, Pagination, Skeleton, Table, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSelector } from '@tabler/icons-react';
import { type ReactElement, type ReactNode, useMemo, useState } from 'react';
import classes from './data-table.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly title: ReactNode;
  readonly render: (row: Row) => ReactNode;
  /** Amounts and counts stand right. */
  readonly right?: boolean;
  readonly width?: number | string;
  /** Gone on narrow screens; what it says is found elsewhere too. */
  readonly wideOnly?: boolean;
  /** Cuts long texts off with an ellipsis; the cell gives its own title. */
  readonly cut?: boolean;
  /** Makes the column sortable; ascending order. */
  readonly compare?: (a: Row, b: Row) => number;
}

export interface Paging {
  /** From 0. */
  readonly page: number;
  readonly pageSize: number;
  readonly rowCount: number;
  readonly onPage: (page: number) => void;
}

interface DataTableProps<Row> {
  /** Undefined while loading: the skeleton has the table's own height, so that nothing jumps. */
  readonly rows: readonly Row[] | undefined;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** Names the table for screen readers. */
  readonly label: string;
  readonly empty: ReactNode;
  /** A click anywhere in the row, or its first cell by keyboard: that holds no control of its own then. */
  readonly onOpen?: ((row: Row) => void) | undefined;
  /** What the first cell opens, for screen readers, where the cell does not say it by itself. */
  readonly nameOf?: ((row: Row) => string) | undefined;
  /** Rows given are one page of more on the server; without it the table pages by itself. */
  readonly paging?: Paging | undefined;
  readonly minWidth?: number;
  readonly skeletonRows?: number;
  readonly foot?: ReactNode;
  readonly rowClassName?: ((row: Row) => string | undefined) | undefined;
}

const PAGE_SIZE = 100;

interface Sorting {
  readonly key: string;
  readonly descending: boolean;
}

/** A table with a sticky head, sortable columns and pages: it shows 100 rows at a time, whether there are 5 or 5,000. */
export function DataTable<Row>(props: DataTableProps<Row>): ReactElement {
  const { rows, columns, keyOf, label, empty, onOpen, nameOf, paging, minWidth = 640, skeletonRows = 8, foot, rowClassName } = props;
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [ownPage, setOwnPage] = useState(0);
  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  const rowCount = paging?.rowCount ?? rows?.length ?? 0;
  const pageSize = paging?.pageSize ?? PAGE_SIZE;
  const pageCount = Math.max(1, Math.ceil(rowCount / pageSize));
  const page = Math.min(paging?.page ?? ownPage, pageCount - 1);
  const shown = paging === undefined ? sorted?.slice(page * pageSize, (page + 1) * pageSize) : sorted;

  if (rows?.length === 0) return <>{empty}</>;
  return (
    <>
      <Table.ScrollContainer minWidth={minWidth}>
        <Table layout="fixed" className={classes['table']} aria-label={label} aria-busy={rows === undefined}>
          <Table.Thead className={classes['head']}>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th
                  key={column.key}
                  w={column.width}
                  className={cellClass({ ...column, cut: false })}
                  aria-sort={sorting?.key === column.key ? (sorting.descending ? 'descending' : 'ascending') : undefined}
                >
                  <HeadCell column={column} sorting={sorting} onSort={setSorting} />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown === undefined
              ? Array.from({ length: skeletonRows }, (_, index) => <SkeletonRow key={index} columns={columns} />)
              : shown.map((row) => (
                  <Table.Tr
                    key={keyOf(row)}
                    className={[onOpen === undefined ? '' : classes['openable'], rowClassName?.(row) ?? ''].join(' ')}
                    onClick={
                      onOpen === undefined
                        ? undefined
                        : (event) => {
                            if (!isControl(event.target)) onOpen(row);
                          }
                    }
                  >
                    {columns.map((column, index) => (
                      <Table.Td key={column.key} className={cellClass(column)}>
                        {index === 0 && onOpen !== undefined ? (
                          <UnstyledButton className={classes['opener']} aria-label={nameOf?.(row)} onClick={() => onOpen(row)}>
                            {column.render(row)}
                          </UnstyledButton>
                        ) : (
                          column.render(row)
                        )}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
          </Table.Tbody>
          {foot !== undefined && shown !== undefined && <Table.Tfoot className={classes['foot']}>{foot}</Table.Tfoot>}
        </Table>
      </Table.ScrollContainer>
      {pageCount > 1 && (
        <Group justify="space-between" className={classes['pages']}>
          <Text size="xs" c="dimmed" className="figures">
            {(page * pageSize + 1).toLocaleString('en')}–{Math.min((page + 1) * pageSize, rowCount).toLocaleString('en')} of{' '}
            {rowCount.toLocaleString('en')}
          </Text>
          <Pagination
            size="sm"
            total={pageCount}
            value={page + 1}
            onChange={(next) => (paging?.onPage ?? setOwnPage)(next - 1)}
            getControlProps={(control) => ({ 'aria-label': `${control} page` })}
          />
        </Group>
      )}
    </>
  );
}

interface HeadCellProps<Row> {
  readonly column: Column<Row>;
  readonly sorting: Sorting | null;
  readonly onSort: (sorting: Sorting | null) => void;
}

function HeadCell<Row>({ column, sorting, onSort }: HeadCellProps<Row>): ReactElement {
  if (column.compare === undefined) return <>{column.title}</>;
  const active = sorting?.key === column.key;
  const Arrow = !active ? IconSelector : sorting.descending ? IconChevronDown : IconChevronUp;
  return (
    <UnstyledButton
      className={classes['sort']}
      data-right={column.right}
      data-active={active || undefined}
      onClick={() =>
        onSort(active ? (sorting.descending ? null : { key: column.key, descending: true }) : { key: column.key, descending: false })
      }
    >
      {column.title}
      <Arrow size={13} stroke={1.8} aria-hidden />
    </UnstyledButton>
  );
}

function SkeletonRow<Row>({ columns }: { readonly columns: readonly Column<Row>[] }): ReactElement {
  return (
    <Table.Tr>
      {columns.map((column) => (
        <Table.Td key={column.key} className={cellClass(column)}>
          <Skeleton height={12} my={4} width={column.right === true ? '60%' : '75%'} {...(column.right === true ? { ml: 'auto' } : {})} />
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  return [
    column.right === true ? classes['right'] : '',
    column.cut === true ? classes['cut'] : '',
    column.wideOnly === true ? classes['wideOnly'] : '',
  ].join(' ');
}

function sortRows<Row>(
  rows: readonly Row[] | undefined,
  columns: readonly Column<Row>[],
  sorting: Sorting | null,
): readonly Row[] | undefined {
  const compare = columns.find((column) => column.key === sorting?.key)?.compare;
  if (rows === undefined || sorting === null || compare === undefined) return rows;
  const sorted = [...rows].sort(compare);
  return sorting.descending ? sorted.reverse() : sorted;
}

/** A click on a link or button inside of a row is meant for that, not for the row. */
export function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label, [role="menuitem"]') !== null;
}
