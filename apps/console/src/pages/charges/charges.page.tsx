import { Button, Select, Text } from '@mantine/core';
import { IconDownload, IconFileUpload, IconFilterOff } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { type ChargeList, type ChargeQuery, useCharges, usePeriods } from '../../api/queries.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { Money } from '../../money/money.js';
import { ChargeDrawer } from './charge-drawer.js';
import { ChargeFilterBar } from './charge-filter-bar.js';
import { ChargeTable } from './charge-table.js';
import { DecisionDialogs, type PendingDecision } from './decision-dialogs.js';
import { useChargeFilter } from './use-charge-filter.js';
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
            show="standing"
            withPeriod={period === null}
          />
        )}
      </Sheet>
      <ChargeDrawer
        chargeId={open}
        onClose={() => setOpen(null)}
        onDecide={(verb, charge) =>
          setPending({ verb, target: { ids: [charge.id] }, count: 1, amount: charge.amount, currency: charge.currency, charge })
        }
      />
      <DecisionDialogs pending={pending} onClose={() => setPending(null)} onDone={() => undefined} />
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

function exportAddress({ standing, ...texts }: ChargeQuery): string {
  const query = new URLSearchParams(
    Object.entries(texts).flatMap(([name, value]) => (value === '' ? [] : [[name, value] as [string, string]])),
  );
  for (const each of standing ?? []) query.append('standing', each);
  return `/api/v1/charges/export.csv?${query.toString()}`;
}
