import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconFileDollar, IconFileUpload, IconFilterOff, IconPlus } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useSearchParams } from 'react-router';
import { usePeriods, useSources } from '../../api/queries.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { PageHeader } from '../../components/page-header.js';
import { SearchField } from '../../components/search-field.js';
import { Sheet } from '../../components/sheet.js';
import { Money } from '../../money/money.js';
import { ForRole, useSession } from '../../session/session.js';
import { PeriodPicker, usePeriodChoice } from '../../shell/period-choice.js';
import { AnnounceInvoiceDrawer } from './announce-invoice-drawer.js';
import { ImportInvoicesDrawer } from './import-invoices-drawer.js';
import { InvoiceDrawer } from './invoice-drawer.js';
import { type Invoice, type InvoiceFilter, type InvoicePlace, useInvoices } from './invoice-queries.js';
import { InvoiceBadge, invoiceName, isState, STATE_CHOICES } from './invoice-words.js';
import { SourceTotals } from './source-totals.js';

const PAGE_SIZE = 100;
const NO_FILTER: InvoiceFilter = { source: '', state: '', text: '' };

/** What providers ask for with the invoices of a period, against the recorded lines. */
export function InvoicesPage(): ReactElement {
  const choice = usePeriodChoice();
  const { period } = choice;
  const { filter, set, place, open } = useAddress(period);
  const [page, setPage] = useState(0);
  const invoices = useInvoices(period, filter, page, PAGE_SIZE);
  const [dialog, setDialog] = useState<'announce' | 'import' | null>(null);
  const sources = useSources().data ?? [];
  const ledger = usePeriods().data?.currency ?? 'USD';
  const { data } = invoices;
  const titleOf = (source: string): string => sources.find(({ name }) => name === source)?.displayName ?? source;
  const isUnused = data?.sources.length === 0;

  function change(next: Partial<InvoiceFilter>): void {
    setPage(0);
    set(next);
  }

  const buttons = (
    <ForRole role="reviewer">
      <Group gap="xs" justify="center">
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setDialog('announce')}>
          Announce
        </Button>
        <Button leftSection={<IconFileUpload size={16} />} onClick={() => setDialog('import')}>
          Import
        </Button>
      </Group>
    </ForRole>
  );
  return (
    <>
      <PageHeader title="Invoices" lead="What providers ask for, against the lines that were recorded">
        <PeriodPicker choice={choice} />
        {!isUnused && buttons}
      </PageHeader>
      {invoices.error !== null ? (
        <Sheet>
          <ErrorPanel error={invoices.error} onRetry={() => void invoices.refetch()} />
        </Sheet>
      ) : isUnused || choice.periods?.length === 0 ? (
        <Sheet>
          <NothingYet>{buttons}</NothingYet>
        </Sheet>
      ) : (
        <Stack gap="md">
          {data !== undefined && <SourceTotals totals={data.sources} titleOf={titleOf} />}
          <Sheet flush>
            <FilterBar filter={filter} sources={sources.map(({ name }) => ({ value: name, label: titleOf(name) }))} onChange={change} />
            <DataTable
              rows={data?.invoices}
              columns={columnsOf(titleOf)}
              keyOf={({ source, invoiceId, currency }) => [source, invoiceId, currency].join('\n')}
              label="Invoices"
              minWidth={820}
              onOpen={(invoice) => open(invoice)}
              paging={{ page, pageSize: PAGE_SIZE, rowCount: data?.count ?? 0, onPage: setPage }}
              empty={
                <EmptyNote
                  icon={IconFilterOff}
                  title="No invoice fits"
                  action={
                    <Button variant="default" onClick={() => change(NO_FILTER)}>
                      Show all invoices
                    </Button>
                  }
                >
                  No invoice of this period fits what you look for.
                </EmptyNote>
              }
            />
          </Sheet>
        </Stack>
      )}
      <InvoiceDrawer place={place} titleOf={titleOf} onClose={() => open(null)} />
      <AnnounceInvoiceDrawer
        opened={dialog === 'announce'}
        draft={{ source: filter.source, period: period ?? '', invoiceId: '', amount: '', currency: ledger, issuedOn: '', note: '' }}
        onClose={() => setDialog(null)}
        onAnnounced={(announced) => {
          if (announced.period !== period) choice.choose(announced.period);
          else open(announced);
        }}
      />
      <ImportInvoicesDrawer opened={dialog === 'import'} source={filter.source} onClose={() => setDialog(null)} />
    </>
  );
}

function NothingYet({ children }: { readonly children: ReactElement }): ReactElement {
  const { may } = useSession();
  return (
    <EmptyNote icon={IconFileDollar} title="No invoice is announced" action={children}>
      No invoice of a provider is announced for this period, and no line names one.{' '}
      {may('reviewer') ? 'Announce what an invoice comes to, or import a list of them,' : 'A reviewer can announce invoices'} to see whether
      the recorded lines come to the same. From then on it is asked before the period is finalized.
    </EmptyNote>
  );
}

interface Address {
  readonly filter: InvoiceFilter;
  readonly set: (change: Partial<InvoiceFilter>) => void;
  /** The invoice that is open beside the list. */
  readonly place: InvoicePlace | null;
  readonly open: (place: Pick<InvoicePlace, 'source' | 'invoiceId'> | null) => void;
}

/** What is looked for and what is open stand in the address, so that they can be sent to a colleague. */
function useAddress(period: string | null): Address {
  const [search, setSearch] = useSearchParams();
  const state = search.get('state') ?? '';
  const of = search.get('of');
  const put = (write: (search: URLSearchParams) => void): void =>
    setSearch(
      (current) => {
        write(current);
        return current;
      },
      { replace: true },
    );
  return {
    filter: { source: search.get('source') ?? '', state: isState(state) ? state : '', text: search.get('text') ?? '' },
    set: (change) =>
      put((current) => {
        for (const [name, value] of Object.entries(change)) {
          if (value) current.set(name, value);
          else current.delete(name);
        }
      }),
    place: of === null || period === null ? null : { source: of, period, invoiceId: search.get('invoice') ?? '' },
    open: (place) =>
      put((current) => {
        current.delete('of');
        current.delete('invoice');
        if (place === null) return;
        current.set('of', place.source);
        if (place.invoiceId !== '') current.set('invoice', place.invoiceId);
      }),
  };
}

function columnsOf(titleOf: (source: string) => string): readonly Column<Invoice>[] {
  const amount = (key: 'expected' | 'recorded' | 'difference', title: string): Column<Invoice> => ({
    key,
    title,
    right: true,
    width: 146,
    render: (invoice) => {
      const value = invoice[key];
      if (value === null) return '–';
      return <Money value={value} currency={invoice.currency} aligned quiet={key === 'difference' && !invoice.isOpen} />;
    },
  });
  return [
    {
      key: 'invoice',
      title: 'Invoice',
      width: '24%',
      cut: true,
      render: (invoice) => (
        <span title={invoiceName(invoice)}>
          <Text span inherit fw={600} {...(invoice.invoiceId === '' ? { fs: 'italic' } : {})} c="var(--accent-text)">
            {invoiceName(invoice)}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {titleOf(invoice.source)}
          </Text>
        </span>
      ),
    },
    { key: 'state', title: 'State', width: 148, render: (invoice) => <InvoiceBadge invoice={invoice} /> },
    amount('expected', 'Expected'),
    amount('recorded', 'Recorded'),
    amount('difference', 'Difference'),
    { key: 'lines', title: 'Lines', right: true, width: 84, render: ({ lineCount }) => lineCount.toLocaleString('en') },
    {
      key: 'remark',
      title: 'Remark',
      cut: true,
      wideOnly: true,
      render: (invoice) => <span title={remarkOf(invoice)}>{remarkOf(invoice) || '–'}</span>,
    },
  ];
}

function remarkOf({ acceptance, note, issuedOn, unpricedCount }: Invoice): string {
  const remarks = [
    acceptance === null ? '' : acceptance.holds ? `“${acceptance.reason}”` : 'The acceptance counts no more',
    note,
    issuedOn === null ? '' : `of ${issuedOn}`,
    unpricedCount === 0 ? '' : `${unpricedCount.toLocaleString('en')} lines without BilledCost`,
  ];
  return remarks.filter((remark) => remark !== '').join(' · ');
}

interface FilterBarProps {
  readonly filter: InvoiceFilter;
  readonly sources: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (change: Partial<InvoiceFilter>) => void;
}

function FilterBar({ filter, sources, onChange }: FilterBarProps): ReactElement {
  return (
    <Group gap="xs" p="sm">
      <SearchField
        label="Search invoices"
        placeholder="Invoice or note"
        width={260}
        value={filter.text}
        onChange={(text) => onChange({ text })}
      />
      <Select
        w={180}
        aria-label="Source"
        placeholder="Any source"
        clearable
        searchable
        value={filter.source === '' ? null : filter.source}
        data={sources}
        onChange={(source) => onChange({ source: source ?? '' })}
      />
      <Select
        w={170}
        aria-label="State"
        placeholder="Any state"
        clearable
        value={filter.state === '' ? null : filter.state}
        data={STATE_CHOICES}
        onChange={(state) => onChange({ state: state !== null && isState(state) ? state : '' })}
      />
    </Group>
  );
}
