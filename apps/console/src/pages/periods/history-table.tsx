import { Anchor, Button, Table, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Fragment, type ReactElement, useState } from 'react';
import { Link } from 'react-router';
import { counted } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { isNegative, isZero } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import classes from './history.module.css';
import type { LedgerCause, LedgerDiff, LedgerDiffRow } from './history-queries.js';

/** So many rows at a time; a month of a thousand projects stays quick. */
const ROWS_AT_A_TIME = 100;

interface HistoryTableProps {
  readonly diff: LedgerDiff;
  /** Those of the difference that are looked for. */
  readonly rows: readonly LedgerDiffRow[];
}

/** What changed per PI × project; each row opens to the events that changed it. */
export function HistoryTable({ diff, rows }: HistoryTableProps): ReactElement {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState(ROWS_AT_A_TIME);
  const toggle = (key: string): void => {
    setOpen((current) => {
      const next = new Set(current);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  };
  return (
    <>
      <Table.ScrollContainer minWidth={680}>
        <Table layout="fixed" className={classes['table'] ?? ''} aria-label="What changed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>PI and project</Table.Th>
              <Table.Th w={92} ta="right">
                Charges
              </Table.Th>
              <Table.Th w={140} ta="right">
                Before ({diff.currency})
              </Table.Th>
              <Table.Th w={140} ta="right">
                Change
              </Table.Th>
              <Table.Th w={140} ta="right">
                After
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, shown).map((row) => {
              const key = JSON.stringify([row.piEmail, row.projectId]);
              const isOpen = open.has(key);
              return (
                <Fragment key={key}>
                  <ChangedRow row={row} isOpen={isOpen} onToggle={() => toggle(key)} />
                  {isOpen && row.causes.map((cause) => <CauseRow key={cause.position} cause={cause} row={row} period={diff.period} />)}
                </Fragment>
              );
            })}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Td>Whole period</Table.Td>
              <Table.Td ta="right">
                <Lines count={diff.change.lineCount} />
              </Table.Td>
              <Table.Td ta="right">
                <Money value={diff.before.billed} />
              </Table.Td>
              <Table.Td ta="right">
                <Change value={diff.change.billed} />
              </Table.Td>
              <Table.Td ta="right">
                <Money value={diff.after.billed} />
              </Table.Td>
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </Table.ScrollContainer>
      {rows.length > shown && (
        <Button variant="subtle" fullWidth radius={0} onClick={() => setShown(shown + ROWS_AT_A_TIME)}>
          Show {Math.min(ROWS_AT_A_TIME, rows.length - shown)} more of {rows.length.toLocaleString('en')}
        </Button>
      )}
    </>
  );
}

interface ChangedRowProps {
  readonly row: LedgerDiffRow;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function ChangedRow({ row, isOpen, onToggle }: ChangedRowProps): ReactElement {
  const { piEmail, projectId, before, after, change, causes } = row;
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <Table.Tr>
      <Table.Td>
        <UnstyledButton className={classes['who'] ?? ''} aria-expanded={isOpen} onClick={onToggle}>
          <Chevron size={16} aria-hidden />
          <span className={classes['names']}>
            <Text span size="sm" fw={550}>
              {piEmail === '' ? '(no PI)' : piEmail}
            </Text>{' '}
            <Text span size="sm">
              {projectId === '' ? '(no project)' : projectId}
            </Text>
            <Text size="xs" c="dimmed" component="span" display="block">
              {counted(causes.length, 'event')}
              {fundOrgWords(before.fundOrgs, after.fundOrgs)}
            </Text>
          </span>
        </UnstyledButton>
      </Table.Td>
      <Table.Td ta="right">
        <Lines count={change.lineCount} />
      </Table.Td>
      <Table.Td ta="right">
        <Money value={before.billed} quiet />
      </Table.Td>
      <Table.Td ta="right">
        <b>
          <Change value={change.billed} />
        </b>
      </Table.Td>
      <Table.Td ta="right">
        <Money value={after.billed} />
      </Table.Td>
    </Table.Tr>
  );
}

interface CauseRowProps {
  readonly cause: LedgerCause;
  readonly row: LedgerDiffRow;
  readonly period: string;
}

function CauseRow({ cause, row, period }: CauseRowProps): ReactElement {
  const charges = new URLSearchParams({ period, piEmail: row.piEmail, projectId: row.projectId });
  const address = cause.importId === null ? `/charges?${charges.toString()}` : `/imports/${cause.importId}`;
  return (
    <Table.Tr className={classes['cause'] ?? ''}>
      <Table.Td>
        <div className={classes['story']}>
          <Anchor component={Link} to={address} size="sm">
            {cause.text}
          </Anchor>
          {cause.note !== null && <Text size="sm">“{cause.note}”</Text>}
          <Text size="xs" c="dimmed">
            {cause.by.id}, <Moment at={cause.at} />
          </Text>
        </div>
      </Table.Td>
      <Table.Td ta="right">
        <Lines count={cause.change.lineCount} />
      </Table.Td>
      <Table.Td />
      <Table.Td ta="right">
        <Change value={cause.change.billed} />
      </Table.Td>
      <Table.Td />
    </Table.Tr>
  );
}

/** A change has its sign, also when it is a rise. */
export function Change({ value, currency }: { readonly value: string; readonly currency?: string }): ReactElement {
  return (
    <>
      {!isZero(value) && !isNegative(value) && '+'}
      <Money value={value} currency={currency} />
    </>
  );
}

function Lines({ count }: { readonly count: number }): ReactElement {
  if (count === 0) return <Text span c="dimmed">{`±0`}</Text>;
  return <>{`${count > 0 ? '+' : '−'}${Math.abs(count).toLocaleString('en')}`}</>;
}

/** Said only where they changed: most of the time they don't. */
function fundOrgWords(before: readonly string[], after: readonly string[]): string {
  const [was, is] = [before.join(' + '), after.join(' + ')];
  return was === is || was === '' || is === '' ? '' : `, fund/org ${was} → ${is}`;
}
