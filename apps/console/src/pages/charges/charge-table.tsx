import { Anchor, Button, Checkbox, Group, Skeleton, Table, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';
import type { Charge, ChargeList } from '../../api/queries.js';
import { FlagBadges, StateBadge } from '../../components/badges.js';
import { isControl } from '../../components/data-table.js';
import { periodName } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import { shareText } from '../splits/division.js';
import type { ListPlace } from './place-in-list.js';
import type { PlaceInList } from './use-charge-filter.js';
import type { ChargeSelection } from './use-charge-selection.js';
import tableClasses from '../../components/data-table.module.css';
import classes from './charge-table.module.css';

interface ChargeTableProps {
  /** One page; undefined while loading. */
  readonly list: ChargeList | undefined;
  readonly place: PlaceInList;
  readonly pageSize: number;
  readonly empty: ReactNode;
  readonly onOpen: (charge: Charge) => void;
  /** With one, rows can be ticked (shift ticks a range). */
  readonly selection?: ChargeSelection | undefined;
  /** The row the keyboard is at. */
  readonly cursor?: string | null;
  /** Flags matter in the queue, standing everywhere else. */
  readonly show: 'flags' | 'standing';
  readonly withPeriod?: boolean;
}

/** Charges, a page at a time. */
export function ChargeTable({
  list,
  place,
  pageSize,
  empty,
  onOpen,
  selection,
  cursor = null,
  show,
  withPeriod = false,
}: ChargeTableProps): ReactElement {
  const charges = list?.charges;
  const { pathname, search } = useLocation();
  const back: ListPlace = { back: `${pathname}${search}`, ids: (charges ?? []).map(({ id }) => id) };
  if (charges?.length === 0 && list?.next === null && place.after === null) return <>{empty}</>;
  return (
    <>
      <Table.ScrollContainer minWidth={760}>
        <Table className={`${tableClasses['table']} ${classes['table']}`} aria-label="Charges" aria-busy={charges === undefined}>
          <Table.Thead className={tableClasses['head'] ?? ''}>
            <Table.Tr>
              {selection !== undefined && (
                <Table.Th w={40}>
                  <Checkbox
                    size="xs"
                    aria-label="Select all charges of this page"
                    disabled={charges === undefined}
                    checked={selection.isPageSelected}
                    indeterminate={!selection.isPageSelected && selection.isAnySelected}
                    onChange={selection.togglePage}
                  />
                </Table.Th>
              )}
              <Table.Th w={withPeriod ? 150 : 92}>{withPeriod ? 'Period · date' : 'Date'}</Table.Th>
              <Table.Th>Resource</Table.Th>
              <Table.Th w="23%">PI · project</Table.Th>
              <Table.Th w={128}>Fund/org</Table.Th>
              <Table.Th w={show === 'flags' ? 178 : 116}>{show === 'flags' ? 'Why it waits' : 'Standing'}</Table.Th>
              <Table.Th w={120} className={`${tableClasses['right']} ${tableClasses['wideOnly']}`}>
                List
              </Table.Th>
              <Table.Th w={132} className={tableClasses['right'] ?? ''}>
                Amount
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {charges === undefined
              ? Array.from({ length: 12 }, (_, index) => <SkeletonRow key={index} columns={selection === undefined ? 7 : 8} />)
              : charges.map((charge) => (
                  <ChargeTableRow
                    key={charge.id}
                    charge={charge}
                    show={show}
                    withPeriod={withPeriod}
                    atCursor={charge.id === cursor}
                    selection={selection}
                    onOpen={onOpen}
                    list={back}
                  />
                ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {list !== undefined && <Pages list={list} place={place} pageSize={pageSize} />}
    </>
  );
}

interface PagesProps {
  readonly list: ChargeList;
  readonly place: PlaceInList;
  readonly pageSize: number;
}

/** Back and on, page by page: among ten million charges nobody looks for page 8,301. */
function Pages({ list: { charges, count, countedFrom, next }, place, pageSize }: PagesProps): ReactElement | null {
  if (next === null && place.after === null) return null;
  // A search that has read enough for once stops before the page is full.
  const isUnfinished = next !== null && charges.length < pageSize;
  const first = place.page === null || countedFrom !== null ? null : place.page * pageSize + 1;
  return (
    <div className={classes['pages']}>
      <Text size="xs" c="dimmed" className="figures" role="status">
        {isUnfinished
          ? `${charges.length === 0 ? 'Nothing' : 'Nothing more'} found after ${periodName(next.slice(0, 7))}`
          : first === null || charges.length === 0
            ? null
            : `${first.toLocaleString('en')}–${(first + charges.length - 1).toLocaleString('en')} of ${count.toLocaleString('en')}`}
      </Text>
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconChevronLeft size={15} />}
          disabled={place.after === null}
          onClick={place.goBack}
        >
          {place.page === null ? 'First page' : 'Previous'}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          rightSection={<IconChevronRight size={15} />}
          disabled={next === null}
          onClick={() => next !== null && place.goTo(next)}
        >
          {isUnfinished ? 'Search on' : 'Next'}
        </Button>
      </Group>
    </div>
  );
}

interface ChargeTableRowProps {
  readonly charge: Charge;
  readonly show: 'flags' | 'standing';
  readonly withPeriod: boolean;
  readonly atCursor: boolean;
  readonly selection: ChargeSelection | undefined;
  readonly onOpen: (charge: Charge) => void;
  readonly list: ListPlace;
}

function ChargeTableRow({ charge, show, withPeriod, atCursor, selection, onOpen, list }: ChargeTableRowProps): ReactElement {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (atCursor) row.current?.scrollIntoView({ block: 'nearest' });
  }, [atCursor]);
  const selected = selection?.isSelected(charge.id) === true;
  const resource = charge.resourceName ?? charge.resourceId;
  return (
    <Table.Tr
      ref={row}
      className={tableClasses['openable'] ?? ''}
      data-cursor={atCursor || undefined}
      data-selected={selected || undefined}
      aria-selected={selection === undefined ? undefined : selected}
      onClick={(event) => {
        if (!isControl(event.target)) onOpen(charge);
      }}
    >
      {selection !== undefined && (
        <Table.Td>
          <Checkbox
            size="xs"
            aria-label={`Select charge ${charge.id}`}
            checked={selected}
            onChange={() => undefined}
            onClick={(event) => selection.toggle(charge.id, event.shiftKey)}
          />
        </Table.Td>
      )}
      <Table.Td className={classes['date']}>
        <Anchor
          component={Link}
          to={`/charges/${charge.id}`}
          state={{ list }}
          inherit
          c="inherit"
          aria-label={`Charge ${charge.id}, ${charge.chargeDate ?? charge.period}, ${resource ?? charge.serviceName}`}
        >
          {withPeriod && <span className={classes['period']}>{charge.period}</span>}
          <span className={withPeriod ? classes['dim'] : undefined}>{charge.chargeDate ?? '–'}</span>
        </Anchor>
      </Table.Td>
      <Table.Td
        className={tableClasses['cut'] ?? ''}
        title={`${charge.serviceName}${resource === null ? '' : ` · ${charge.resourceId ?? resource}`}${partText(charge)}`}
      >
        <div className={classes['line']}>{resource ?? charge.serviceName}</div>
        <div className={classes['below']}>
          {charge.serviceName === '' ? 'no service' : charge.serviceName} · {charge.source}
          {partText(charge)}
        </div>
      </Table.Td>
      <Table.Td className={tableClasses['cut'] ?? ''} title={`${charge.piEmail} · ${charge.projectId}`}>
        <div className={classes['line']}>{charge.piEmail === '' ? <Missing>no PI</Missing> : charge.piEmail}</div>
        <div className={classes['below']}>{charge.projectId === '' ? <Missing>no project</Missing> : charge.projectId}</div>
      </Table.Td>
      <Table.Td className={tableClasses['cut'] ?? ''} title={charge.fundOrg}>
        {charge.fundOrg === '' ? <Missing>none</Missing> : charge.fundOrg}
      </Table.Td>
      <Table.Td>
        {show === 'flags' ? (
          <FlagBadges flags={charge.flags} />
        ) : charge.flags.length > 0 ? (
          <Tooltip label={<FlagBadges flags={charge.flags} />} color="var(--sheet)" bd="1px solid var(--line)">
            <span>
              <StateBadge state={charge.standing} />
            </span>
          </Tooltip>
        ) : charge.adjusts !== null && charge.standing === 'clear' ? (
          <Tooltip label={`Corrects charge ${charge.adjusts}`}>
            <span>
              <StateBadge state="adjustment" />
            </span>
          </Tooltip>
        ) : (
          <StateBadge state={charge.standing} />
        )}
      </Table.Td>
      <Table.Td className={`${tableClasses['right']} ${tableClasses['wideOnly']}`}>
        <Money value={charge.listCost} aligned quiet />
      </Table.Td>
      <Table.Td className={tableClasses['right'] ?? ''}>
        <Money value={charge.amount} currency={charge.currency} aligned />
      </Table.Td>
    </Table.Tr>
  );
}

/** Which share of which charge it is; empty for a whole one. */
function partText({ partOf, partShare }: Charge): string {
  return partOf === null ? '' : ` · ${shareText(partShare ?? '')} of ${partOf}`;
}

function Missing({ children }: { readonly children: ReactNode }): ReactElement {
  return <span className={classes['missing']}>{children}</span>;
}

function SkeletonRow({ columns }: { readonly columns: number }): ReactElement {
  return (
    <Table.Tr>
      {Array.from({ length: columns }, (_, index) => (
        <Table.Td key={index}>
          <Skeleton height={11} width="72%" my={12} />
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
