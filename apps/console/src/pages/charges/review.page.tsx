import { Alert, Button, Group, Kbd, Tooltip, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconChecks, IconFileUpload, IconKeyboard } from '@tabler/icons-react';
import { type ReactElement, useMemo, useRef, useState } from 'react';
import { Link } from 'react-router';
import { type Charge, type ChargeList, useCharges, usePeriod } from '../../api/queries.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, flagTitle, periodName } from '../../components/field-words.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { Money } from '../../money/money.js';
import { useSession } from '../../session/session.js';
import { PeriodPicker, usePeriodChoice } from '../../shell/period-choice.js';
import { BulkBar } from './bulk-bar.js';
import { ChargeDrawer } from './charge-drawer.js';
import { ChargeFilterBar } from './charge-filter-bar.js';
import { ChargeTable } from './charge-table.js';
import { DecisionDialogs, type PendingDecision } from './decision-dialogs.js';
import { decisionOn, decisionOnMatching } from './pending-decision.js';
import { useChargeFilter } from './use-charge-filter.js';
import { useChargeSelection } from './use-charge-selection.js';
import { useRowCursor } from './use-row-cursor.js';
import type { DecisionVerb } from './use-decisions.js';
import classes from './review.module.css';

const PAGE_SIZE = 100;
const NOTHING: ChargeList = { charges: [], count: 0, sums: [], countedFrom: null, next: null };

/** The queue: flagged charges of a period, one by one, in bulk, or by keyboard. */
export function ReviewPage(): ReactElement {
  const { may } = useSession();
  const choice = usePeriodChoice();
  const { period } = choice;
  const state = useChargeFilter();
  const { data: detail } = usePeriod(period);
  const query = { ...(period === null ? {} : { period }), ...state.filter, standing: ['flagged'] as const };
  const charges = useCharges(query, { limit: PAGE_SIZE, after: state.place.after }, period !== null);
  const rows = charges.data?.charges;
  const matching = charges.data?.count ?? 0;
  const selection = useChargeSelection(rows);
  const { cursor, setCursor, step } = useRowCursor(rows);
  const [open, setOpen] = useState<string | null>(null);
  const [pending, setPending] = useState<PendingDecision | null>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const isDecidable = may('reviewer') && choice.chosen?.state !== 'finalized';

  const selected = useMemo(() => (rows ?? []).filter(({ id }) => selection.ids.has(id)), [rows, selection.ids]);

  function decideOn(verb: DecisionVerb, on: readonly Charge[]): void {
    if (isDecidable) setPending(decisionOn(verb, on));
  }

  function decideOnMatching(verb: DecisionVerb): void {
    if (isDecidable && period !== null) setPending(decisionOnMatching(verb, { ...state.filter, period, standing: ['flagged'] }));
  }

  const decide = (verb: DecisionVerb): void => {
    if (selection.isAllMatching) decideOnMatching(verb);
    else decideOn(verb, selected.length > 0 ? selected : (rows ?? []).filter(({ id }) => id === cursor));
  };
  useHotkeys([
    ['j', () => step(1)],
    ['k', () => step(-1)],
    ['x', () => cursor !== null && selection.toggle(cursor, false)],
    ['shift+x', () => cursor !== null && selection.toggle(cursor, true)],
    ['a', () => decide('approve')],
    ['r', () => decide('reject')],
    ['t', () => decide('reattribute')],
    ['d', () => decide('split')],
    ['Enter', () => cursor !== null && pending === null && setOpen(cursor)],
    ['/', () => searchField.current?.focus()],
    ['Escape', () => selection.clear()],
  ]);

  const waiting = detail?.flaggedCount ?? 0;
  return (
    <>
      <PageHeader
        title="Review"
        lead={
          detail === undefined
            ? ' '
            : waiting === 0
              ? 'Nothing waits'
              : `${counted(waiting, 'charge')} ${waiting === 1 ? 'waits' : 'wait'} for a decision`
        }
      >
        <ShortcutHint />
        <PeriodPicker choice={choice} />
      </PageHeader>

      {choice.chosen?.state === 'finalized' && (
        <Alert variant="light" color="indigo" mb="md">
          {periodName(choice.chosen.period)} is finalized and takes no more decisions.
        </Alert>
      )}

      {detail !== undefined && detail.flags.length > 0 && (
        <div className={classes['reasons']} role="group" aria-label="Reasons for review">
          {detail.flags.map(({ flag, currency: of, lineCount, amount }) => (
            <UnstyledButton
              key={`${flag} ${of}`}
              className={classes['reason']}
              aria-pressed={state.filter.flag === flag}
              onClick={() => state.set({ flag: state.filter.flag === flag ? undefined : flag })}
            >
              <span className={classes['reasonName']}>{flagTitle(flag)}</span>
              <span className={classes['reasonCount']}>{lineCount.toLocaleString('en')}</span>
              <span className={classes['reasonMoney']}>
                <Money value={amount} currency={of} brief />
              </span>
            </UnstyledButton>
          ))}
        </div>
      )}

      <Sheet flush>
        <ChargeFilterBar state={state} period={period} searchField={searchField} />
        {charges.error !== null ? (
          <div className={classes['pad']}>
            <ErrorPanel error={charges.error} onRetry={() => void charges.refetch()} />
          </div>
        ) : (
          <ChargeTable
            list={choice.periods?.length === 0 ? NOTHING : charges.data}
            place={state.place}
            pageSize={PAGE_SIZE}
            empty={<Nothing isFiltered={state.isSet} onReset={state.reset} period={period} />}
            onOpen={({ id }) => {
              setCursor(id);
              setOpen(id);
            }}
            selection={isDecidable ? selection : undefined}
            cursor={cursor}
            show="flags"
          />
        )}
      </Sheet>

      {isDecidable && (
        <BulkBar
          selection={selection}
          selected={selected}
          matching={matching}
          verbs={['approve', 'reject', 'reattribute', 'split']}
          onDecide={decide}
        />
      )}

      <ChargeDrawer chargeId={open} onClose={() => setOpen(null)} onDecide={(verb, charge) => decideOn(verb, [charge])} />
      <DecisionDialogs
        pending={pending}
        onClose={() => setPending(null)}
        onDone={() => {
          selection.clear();
          setOpen(null);
        }}
      />
    </>
  );
}

function Nothing({
  isFiltered,
  onReset,
  period,
}: {
  readonly isFiltered: boolean;
  readonly onReset: () => void;
  readonly period: string | null;
}): ReactElement {
  if (isFiltered) {
    return (
      <EmptyNote
        icon={IconChecks}
        title="No flagged charge matches"
        action={
          <Button variant="default" onClick={onReset}>
            Clear filters
          </Button>
        }
      >
        Nothing that waits for review fits all of these filters.
      </EmptyNote>
    );
  }
  if (period === null) {
    return (
      <EmptyNote
        icon={IconFileUpload}
        title="There is nothing to review yet"
        action={
          <Button component={Link} to="/imports">
            Import files
          </Button>
        }
      >
        Charges that need a person appear here once a file has been imported.
      </EmptyNote>
    );
  }
  return (
    <EmptyNote
      icon={IconChecks}
      title="Every charge is decided"
      action={
        <Button component={Link} to={`/statements?period=${period}`}>
          Go to statements
        </Button>
      }
    >
      No charge of {periodName(period)} waits for review. Next come the statements.
    </EmptyNote>
  );
}

const SHORTCUTS: readonly (readonly [string, string])[] = [
  ['j / k', 'next, previous charge'],
  ['x', 'select it (with shift: a range)'],
  ['a', 'approve'],
  ['r', 'reject'],
  ['t', 'reattribute'],
  ['d', 'divide'],
  ['Enter', 'open it'],
  ['/', 'search'],
];

function ShortcutHint(): ReactElement {
  return (
    <Tooltip
      color="var(--sheet)"
      c="var(--mantine-color-text)"
      bd="1px solid var(--line-strong)"
      p="sm"
      label={
        <div className={classes['keys']}>
          {SHORTCUTS.map(([keys, what]) => (
            <Group key={keys} gap="sm" wrap="nowrap">
              <Kbd size="xs" miw={44} ta="center">
                {keys}
              </Kbd>
              <span>{what}</span>
            </Group>
          ))}
        </div>
      }
    >
      <Button
        variant="subtle"
        color="gray"
        size="xs"
        leftSection={<IconKeyboard size={16} />}
        aria-label="Keyboard shortcuts: j and k move, x selects, a approves, r rejects, t reattributes, d divides"
      >
        Keys
      </Button>
    </Tooltip>
  );
}
