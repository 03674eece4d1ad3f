import { Button, Select, Text } from '@mantine/core';
import { IconDownload, IconFileUpload, IconFilterOff } from '@tabler/icons-react';
import { type ReactElement, useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { given } from '../../api/given.js';
import { type ChargeList, type ChargeQuery, useCharges, usePeriods } from '../../api/queries.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { Money } from '../../money/money.js';
import { useSession } from '../../session/session.js';
import { BulkBar } from './bulk-bar.js';
import { ChargeDrawer } from './charge-drawer.js';
import { ChargeFilterBar } from './charge-filter-bar.js';
import { ChargeTable } from './charge-table.js';
import { DecisionDialogs, type PendingDecision } from './decision-dialogs.js';
import { decisionOn, decisionOnMatching } from './pending-decision.js';
import { useChargeFilter } from './use-charge-filter.js';
import { useChargeSelection } from './use-charge-selection.js';
import type { DecisionVerb } from './use-decisions.js';
import classes from './charges.module.css';

const PAGE_SIZE = 100;

/** All charges, in any standing, of one period or all. */
export function ChargesPage(): ReactElement {
  const [search, setSearch] = useSearchParams();
  const period = search.get('period');
  const periods = usePeriods().data?.periods;
  const state = useChargeFilter();
  const query: ChargeQuery = { ...(period === null ? {} : { period }), ...state.filter };
  const charges = useCharges(query, { limit: PAGE_SIZE, after: state.place.after });
  const { may } = useSession();
  const rows = charges.data?.charges;
  const selection = useChargeSelection(rows);
  const selected = useMemo(() => (rows ?? []).filter(({ id }) => selection.ids.has(id)), [rows, selection.ids]);
  const isDecidable = may('reviewer') && periods?.find((each) => each.period === period)?.state !== 'finalized';
  const [open, setOpen] = useState<string | null>(null);
  const [pending, setPending] = useState<PendingDecision | null>(null);
  const isFiltered = state.isSet || period !== null;

  function choosePeriod(next: string | null): void {
    setSearch((current) => {
      current.delete('after');
      if (next === null) current.delete('period');
      else current.set('period', next);
      return current;
    });
  }

  function decide(verb: DecisionVerb): void {
    if (!selection.isAllMatching) setPending(decisionOn(verb, selected));
    else if (period !== null) setPending(decisionOnMatching(verb, { ...state.filter, period }));
  }

  return (
    <>
      <PageHeader title="Charges" lead={<Sums list={charges.data} />}>
        <Select
          w={172}
          aria-label="Billing period"
          placeholder="All periods"
          clearable
          value={period}
          data={(periods ?? []).map((each) => ({ value: each.period, label: periodName(each.period) }))}
          onChange={choosePeriod}
        />
        <Button component="a" href={exportAddress(query)} download variant="default" leftSection={<IconDownload size={16} />}>
          Export CSV
        </Button>
      </PageHeader>
      <Sheet flush>
        <ChargeFilterBar state={state} period={period} withStanding />
        {charges.error !== null ? (
          <div className={classes['pad']}>
            <ErrorPanel error={charges.error} onRetry={() => void charges.refetch()} />
          </div>
        ) : (
          <ChargeTable
            list={charges.data}
            place={state.place}
            pageSize={PAGE_SIZE}
            empty={
              isFiltered ? (
                <EmptyNote
                  icon={IconFilterOff}
                  title="No charge matches"
                  action={
                    <Button component={Link} to="/charges" variant="default">
                      Show all charges
                    </Button>
                  }
                >
                  No charge fits all of these filters.
                </EmptyNote>
              ) : (
                <EmptyNote
                  icon={IconFileUpload}
                  title="There are no charges yet"
                  action={
                    <Button component={Link} to="/imports">
                      Import files
                    </Button>
                  }
                >
                  Import a FOCUS file of a source, and every line of it appears here.
                </EmptyNote>
              )
            }
            onOpen={({ id }) => setOpen(id)}
            selection={isDecidable ? selection : undefined}
            show="standing"
            withPeriod={period === null}
          />
        )}
      </Sheet>
      {isDecidable && (
        <BulkBar
          selection={selection}
          selected={selected}
          matching={period === null ? null : (charges.data?.count ?? 0)}
          whyNotAll="Choose a billing period to decide on all that match."
          verbs={['approve', 'reject', 'restore', 'reattribute', 'split']}
          onDecide={decide}
        />
      )}
      <ChargeDrawer chargeId={open} onClose={() => setOpen(null)} onDecide={(verb, charge) => setPending(decisionOn(verb, [charge]))} />
      <DecisionDialogs pending={pending} onClose={() => setPending(null)} onDone={selection.clear} />
    </>
  );
}

function Sums({ list }: { readonly list: ChargeList | undefined }): ReactElement {
  if (list === undefined) return <>&nbsp;</>;
  return (
    <span className="figures">
      {counted(list.count, 'charge')}
      {list.countedFrom !== null && ` since ${periodName(list.countedFrom)}`}
      {list.sums.map(({ currency, list: listPrice, amount }) => (
        <Text component="span" size="sm" key={currency}>
          {' · '}
          <b>
            <Money value={amount} currency={currency} brief />
          </b>{' '}
          of <Money value={listPrice} currency={currency} brief /> list
        </Text>
      ))}
    </span>
  );
}

function exportAddress({ standing, kind, ...others }: ChargeQuery): string {
  const query = new URLSearchParams(Object.entries(given(others)).map(([name, value]) => [name, String(value)]));
  for (const each of standing ?? []) query.append('standing', each);
  for (const each of kind ?? []) query.append('kind', each);
  return `/api/v1/charges/export.csv?${query.toString()}`;
}
