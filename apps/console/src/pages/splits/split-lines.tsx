import { Anchor, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { FlagBadges } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Money } from '../../money/money.js';
import { shareText } from './division.js';
import type { SplitLine } from './split-queries.js';
import classes from './splits.module.css';

const WHOLE: Column<SplitLine> = {
  key: 'partOf',
  title: 'Charge',
  width: '24%',
  cut: true,
  render: ({ partOf, resource, serviceName }) => (
    <span title={`${partOf} ${resource ?? serviceName}`}>
      {partOf}
      <Text size="xs" c="dimmed" truncate>
        {resource ?? serviceName}
      </Text>
    </span>
  ),
};
const REST: readonly Column<SplitLine>[] = [
  {
    key: 'payer',
    title: 'Paid by',
    cut: true,
    render: ({ piEmail, projectId }) => (
      <span title={`${piEmail} ${projectId}`}>
        {piEmail || 'no PI'}
        <Text size="xs" c="dimmed" truncate>
          {projectId || 'no project'}
        </Text>
      </span>
    ),
  },
  {
    key: 'fundOrg',
    title: 'Fund/org',
    width: '19%',
    render: ({ fundOrg, flags }) => (
      <>
        {fundOrg || '–'}
        {flags.length > 0 && <FlagBadges flags={flags} />}
      </>
    ),
  },
  {
    key: 'amount',
    title: 'Amount',
    right: true,
    width: 112,
    render: ({ amount, currency }) => <Money value={amount} currency={currency} />,
  },
];

const PART: Column<SplitLine> = { key: 'part', title: 'Part', width: 82, render: partText };
const LINK: Column<SplitLine> = {
  ...PART,
  render: (line) => (
    <Anchor
      component={Link}
      to={`/charges/${line.chargeId}`}
      inherit
      aria-label={`${partText(line)} of ${line.partOf}: charge ${line.chargeId}`}
    >
      {partText(line)}
    </Anchor>
  ),
};

function partText({ part, share }: SplitLine): string {
  return `${part} · ${shareText(share)}`;
}

interface SplitLinesProps {
  readonly lines: readonly SplitLine[];
  readonly lineCount: number;
  readonly label: string;
  /** Parts that are charges already lead to them. */
  readonly isRecorded?: boolean;
}

/** Parts of charges one by one: the first hundred. */
export function SplitLines({ lines, lineCount, label, isRecorded = false }: SplitLinesProps): ReactElement {
  return (
    <>
      <div className={classes['lines']}>
        <DataTable
          rows={lines}
          columns={[WHOLE, isRecorded ? LINK : PART, ...REST]}
          keyOf={({ chargeId }) => chargeId}
          label={label}
          minWidth={520}
          empty="Nothing"
        />
      </div>
      {lineCount > lines.length && (
        <Text size="xs" c="dimmed">
          The first {lines.length} of {lineCount.toLocaleString('en')}.
        </Text>
      )}
    </>
  );
}
