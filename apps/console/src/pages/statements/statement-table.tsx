import { ActionIcon, Badge, Group, Tooltip } from '@mantine/core';
import { IconFileTypePdf } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { type Statement, pdfAddress } from '../../api/statement-queries.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Moment } from '../../components/moment.js';
import { compareDecimals, isZero } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';

interface StatementTableProps {
  readonly statements: readonly Statement[] | undefined;
  readonly currency: string;
  readonly onOpen: (statement: Statement) => void;
  readonly empty: ReactNode;
}

/** The newest revision of each statement of a period. */
export function StatementTable({ statements, currency, onOpen, empty }: StatementTableProps): ReactElement {
  return (
    <DataTable
      rows={statements}
      columns={columnsIn(currency)}
      keyOf={({ piEmail, projectId }) => JSON.stringify([piEmail, projectId])}
      label="Statements"
      onOpen={onOpen}
      minWidth={760}
      empty={empty}
    />
  );
}

function columnsIn(currency: string): readonly Column<Statement>[] {
  return [
    {
      key: 'pi',
      title: 'PI',
      cut: true,
      render: ({ piEmail }) => <span title={piEmail}>{piEmail}</span>,
      compare: (a, b) => a.piEmail.localeCompare(b.piEmail),
    },
    {
      key: 'project',
      title: 'Project',
      cut: true,
      width: '16%',
      render: ({ projectId, fundOrgs }) => <span title={`${projectId} · ${fundOrgs.join(', ')}`}>{projectId}</span>,
      compare: (a, b) => a.projectId.localeCompare(b.projectId),
    },
    {
      key: 'list',
      title: 'List',
      right: true,
      width: 104,
      render: ({ list }) => <Money value={list} quiet />,
      compare: (a, b) => compareDecimals(a.list, b.list),
    },
    {
      key: 'discount',
      title: 'Discount',
      right: true,
      wideOnly: true,
      width: 106,
      render: ({ discount }) => (isZero(discount) ? '–' : <Money value={discount} quiet />),
      compare: (a, b) => compareDecimals(a.discount, b.discount),
    },
    {
      key: 'due',
      title: 'Due',
      right: true,
      width: 112,
      render: ({ due }) => (
        <b>
          <Money value={due} currency={currency} />
        </b>
      ),
      compare: (a, b) => compareDecimals(a.due, b.due),
    },
    {
      key: 'revision',
      title: 'Revision',
      width: 128,
      render: ({ revision, outOfDate }) => (
        <Group gap={6} wrap="nowrap">
          {revision}
          {outOfDate && (
            <Tooltip label="The ledger has changed since; generate to make a new revision">
              <Badge color="yellow">out of date</Badge>
            </Tooltip>
          )}
        </Group>
      ),
    },
    { key: 'issued', title: 'Issued', wideOnly: true, width: 104, render: ({ issuedAt }) => <Moment at={issuedAt} /> },
    {
      key: 'email',
      title: 'Email',
      width: 150,
      render: ({ delivery }) =>
        delivery === null ? (
          <Badge color="gray" variant="outline">
            not sent
          </Badge>
        ) : (
          <Group gap={6} wrap="nowrap">
            <StateBadge state={delivery.status} />
            {!delivery.coversRevision && (
              <Tooltip label="An earlier revision was sent; this one was not">
                <Badge color="yellow">older</Badge>
              </Tooltip>
            )}
          </Group>
        ),
    },
    {
      key: 'pdf',
      title: '',
      width: 52,
      render: (statement) => (
        <Tooltip label="Open the PDF">
          <ActionIcon
            component="a"
            href={pdfAddress(statement)}
            target="_blank"
            rel="noopener"
            aria-label={`PDF of ${statement.piEmail}, ${statement.projectId}`}
          >
            <IconFileTypePdf size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      ),
    },
  ];
}
