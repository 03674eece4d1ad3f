import { Table, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { type Column, DataTable } from '../../components/data-table.js';
import { Money } from '../../money/money.js';
import { ENTRIES_SHOWN, type JournalLine, type JournalPreview } from './journal-queries.js';
import classes from './journal.module.css';

interface EntryTableProps {
  readonly preview: JournalPreview;
  readonly currency: string;
  readonly page: number;
  readonly onPage: (page: number) => void;
  readonly empty: ReactNode;
}

/** The rows of a journal with a column for each side, and the totals of all of them below. */
export function EntryTable({ preview, currency, page, onPage, empty }: EntryTableProps): ReactElement {
  const columns = columnsOf(preview);
  const { entries, debits, credits, rowCount } = preview;
  return (
    <DataTable
      rows={entries}
      columns={columns}
      keyOf={(line) => JSON.stringify(line)}
      label="Journal entries"
      empty={empty}
      minWidth={640}
      paging={{ page, pageSize: ENTRIES_SHOWN, rowCount, onPage }}
      foot={
        <Table.Tr>
          <Table.Td>Total ({currency})</Table.Td>
          {/* Which columns there are between depends on the format and, of those for wide screens, on the screen. */}
          {columns.slice(1, -2).map(({ key, wideOnly }) => (
            <Table.Td key={key} className={wideOnly === true ? (classes['wideOnly'] ?? '') : ''} />
          ))}
          <Table.Td ta="right">
            <Money value={debits} />
          </Table.Td>
          <Table.Td ta="right">
            <Money value={credits} />
          </Table.Td>
        </Table.Tr>
      }
    />
  );
}

function columnsOf({ format }: JournalPreview): readonly Column<JournalLine>[] {
  if (format === 'template') return [FUND_ORG, ACCOUNT, DESCRIPTION, PAYER, DEBIT, CREDIT];
  if (format === 'gl') return [FUND_ORG, DESCRIPTION, DEBIT, CREDIT];
  if (format === 'summary') return [PI, PROJECT, FUND_ORG, CHARGES, DEBIT, CREDIT];
  return [PI, PROJECT, FUND_ORG, SERVICE, CHARGES, DEBIT, CREDIT];
}

const FUND_ORG: Column<JournalLine> = {
  key: 'fundOrg',
  title: 'Fund/org',
  width: 150,
  cut: true,
  render: ({ fundOrg }) => (fundOrg === '' ? <Missing /> : <span title={fundOrg}>{fundOrg}</span>),
};
const ACCOUNT: Column<JournalLine> = {
  key: 'account',
  title: 'Account',
  width: 92,
  render: ({ account }) => (account === '' ? <Missing /> : account),
};
const DESCRIPTION: Column<JournalLine> = {
  key: 'description',
  wideOnly: true,
  title: 'Description',
  cut: true,
  render: ({ description }) => <span title={description}>{description}</span>,
};
const PAYER: Column<JournalLine> = {
  key: 'who',
  title: 'For',
  cut: true,
  render: ({ party, sourceName, piEmail, projectId }) => {
    const text = party === 'source' ? sourceName : [piEmail, projectId].filter((part) => part !== '').join(' · ');
    return <span title={text}>{text}</span>;
  },
};
const PI: Column<JournalLine> = { key: 'pi', title: 'PI', cut: true, render: ({ piEmail }) => <span title={piEmail}>{piEmail}</span> };
const PROJECT: Column<JournalLine> = {
  key: 'project',
  title: 'Project',
  cut: true,
  render: ({ projectId }) => <span title={projectId}>{projectId}</span>,
};
const SERVICE: Column<JournalLine> = {
  key: 'service',
  title: 'Service',
  cut: true,
  render: ({ serviceName }) => <span title={serviceName}>{serviceName}</span>,
};
const CHARGES: Column<JournalLine> = {
  key: 'charges',
  title: 'Charges',
  right: true,
  width: 80,
  render: ({ lineCount }) => lineCount?.toLocaleString('en') ?? '',
};
const DEBIT: Column<JournalLine> = {
  key: 'debit',
  title: 'Debit',
  right: true,
  width: 118,
  render: ({ side, amount }) => (side === 'debit' ? <Money value={amount} /> : null),
};
const CREDIT: Column<JournalLine> = {
  key: 'credit',
  title: 'Credit',
  right: true,
  width: 118,
  render: ({ side, amount }) => (side === 'credit' ? <Money value={amount} /> : null),
};

function Missing(): ReactElement {
  return (
    <Text span c="orange" inherit>
      none
    </Text>
  );
}
