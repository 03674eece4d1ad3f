import { Table, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { type Column, DataTable } from '../../components/data-table.js';
import { compareDecimals } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import type { JournalLine, JournalPreview } from './journal-queries.js';

interface EntryTableProps {
  readonly preview: JournalPreview | undefined;
  readonly currency: string;
  readonly empty: ReactNode;
}

/** Journal entries with a column for each side, and their totals below. */
export function EntryTable({ preview, currency, empty }: EntryTableProps): ReactElement {
  return (
    <DataTable
      rows={preview?.entries}
      columns={COLUMNS}
      keyOf={({ side, fundOrg, account, sourceName, party }) => JSON.stringify([side, fundOrg, account, sourceName, party])}
      label="Journal entries"
      empty={empty}
      minWidth={760}
      foot={
        preview !== undefined && (
          <Table.Tr>
            <Table.Td colSpan={4}>Total ({currency})</Table.Td>
            <Table.Td ta="right">
              <Money value={preview.debits} />
            </Table.Td>
            <Table.Td ta="right">
              <Money value={preview.credits} />
            </Table.Td>
          </Table.Tr>
        )
      }
    />
  );
}

const COLUMNS: readonly Column<JournalLine>[] = [
  {
    key: 'fundOrg',
    title: 'Fund/org',
    width: 170,
    render: ({ fundOrg }) => fundOrg,
    compare: (a, b) => a.fundOrg.localeCompare(b.fundOrg),
  },
  {
    key: 'account',
    title: 'Account',
    width: 110,
    render: ({ account }) =>
      account === '' ? (
        <Text span c="orange" inherit>
          none
        </Text>
      ) : (
        account
      ),
  },
  {
    key: 'description',
    wideOnly: true,
    title: 'Description',
    cut: true,
    render: ({ description }) => <span title={description}>{description}</span>,
  },
  {
    key: 'who',
    title: 'For',
    cut: true,
    width: '36%',
    render: ({ party, sourceName, piEmail, projectId }) => {
      const text = party === 'source' ? sourceName : [piEmail, projectId].filter((part) => part !== '').join(' · ');
      return <span title={text}>{text}</span>;
    },
  },
  {
    key: 'debit',
    title: 'Debit',
    right: true,
    width: 130,
    render: ({ side, amount }) => (side === 'debit' ? <Money value={amount} /> : null),
    compare: (a, b) => compareDecimals(a.side === 'debit' ? a.amount : '0', b.side === 'debit' ? b.amount : '0'),
  },
  {
    key: 'credit',
    title: 'Credit',
    right: true,
    width: 130,
    render: ({ side, amount }) => (side === 'credit' ? <Money value={amount} /> : null),
    compare: (a, b) => compareDecimals(a.side === 'credit' ? a.amount : '0', b.side === 'credit' ? b.amount : '0'),
  },
];
