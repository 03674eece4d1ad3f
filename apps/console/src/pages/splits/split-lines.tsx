import { Anchor, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
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
  render: (line) => <Whole line={line}>{line.partOf}</Whole>,
};
const WHOLE_LINK: Column<SplitLine> = {
  ...WHOLE,
  render: (line) => (
    <Whole line={line}>
      <Anchor component={Link} to={`/charges/${line.partOf}`} inherit aria-label={`Charge ${line.partOf}`}>
        {line.partOf}
      </Anchor>
    </Whole>
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

function Whole({ line, children }: { readonly line: SplitLine; readonly children: ReactNode }): ReactElement {
  const { partOf, resource, serviceName } = line;
  return (
    <span title={`${partOf} ${resource ?? serviceName}`}>
      {children}
      <Text size="xs" c="dimmed" truncate>
        {resource ?? serviceName}
      </Text>
    </span>
  );
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
          columns={[...(isRecorded ? [WHOLE_LINK, LINK] : [WHOLE, PART]), ...REST]}
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
