import { Button, Group, Select, Text } from '@mantine/core';
import { IconBuildingBank, IconChevronLeft, IconChevronRight, IconFileUpload, IconFilterOff, IconPlus } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useSearchParams } from 'react-router';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { SearchField } from '../../components/search-field.js';
import { Sheet } from '../../components/sheet.js';
import { ForRole, useSession } from '../../session/session.js';
import { AddFundDrawer } from './add-fund-drawer.js';
import { FundDrawer } from './fund-drawer.js';
import { type Fund, type FundFilter, type FundList, type FundStanding, useFunds } from './fund-queries.js';
import { FundBadge, STANDING_CHOICES } from './fund-words.js';
import { ImportChartDrawer } from './import-chart-drawer.js';
import classes from './funds.module.css';

const PAGE_SIZE = 100;

const COLUMNS: readonly Column<Fund>[] = [
  {
    key: 'fundOrg',
    title: 'Fund/org',
    width: '18%',
    cut: true,
    render: ({ fundOrg }) => (
      <Text span inherit fw={600} c="var(--accent-text)" title={fundOrg}>
        {fundOrg}
      </Text>
    ),
  },
  { key: 'title', title: 'Title', cut: true, render: ({ title }) => <span title={title}>{title || '–'}</span> },
  { key: 'owner', title: 'Owner', width: '22%', cut: true, render: ({ owner }) => <span title={owner}>{owner || '–'}</span> },
  { key: 'from', title: 'Valid from', width: 112, render: ({ validFrom }) => validFrom ?? '–' },
  { key: 'to', title: 'Valid to', width: 112, render: ({ validTo }) => validTo ?? '–' },
  { key: 'standing', title: 'Today', width: 126, render: ({ standing }) => <FundBadge standing={standing} /> },
  { key: 'changed', wideOnly: true, title: 'Changed', width: 130, render: ({ changedAt }) => <Moment at={changedAt} /> },
];

/** The chart of funds: which fund/orgs there are, and when each may be charged. */
export function FundsPage(): ReactElement {
  const { filter, set, fundOrg, open } = useAddress();
  // The way back: where each page began; the first begins at the beginning.
  const [trail, setTrail] = useState<readonly string[]>(['']);
  const funds = useFunds(filter, trail.at(-1) ?? '', PAGE_SIZE);
  const [dialog, setDialog] = useState<'add' | 'import' | null>(null);
  const { data } = funds;

  function change(next: Partial<FundFilter>): void {
    setTrail(['']);
    set(next);
  }

  const buttons = (
    <ForRole role="admin">
      <Group gap="xs" justify="center">
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setDialog('add')}>
          Add a fund
        </Button>
        <Button leftSection={<IconFileUpload size={16} />} onClick={() => setDialog('import')}>
          Import
        </Button>
      </Group>
    </ForRole>
  );
  return (
    <>
      <PageHeader title="Funds" lead={<Lead list={data} />}>
        {data?.chartCount !== 0 && buttons}
      </PageHeader>
      <Sheet flush>
        {data?.chartCount !== 0 && <FilterBar filter={filter} onChange={change} />}
        {funds.error !== null ? (
          <div className={classes['pad']}>
            <ErrorPanel error={funds.error} onRetry={() => void funds.refetch()} />
          </div>
        ) : (
          <DataTable
            rows={data?.funds}
            columns={COLUMNS}
            keyOf={(fund) => fund.fundOrg}
            label="Funds"
            minWidth={760}
            onOpen={(fund) => open(fund.fundOrg)}
            empty={
              data?.chartCount === 0 ? (
                <NotInUse>{buttons}</NotInUse>
              ) : (
                <EmptyNote
                  icon={IconFilterOff}
                  title="No fund fits"
                  action={
                    <Button variant="default" onClick={() => change({ text: '', standing: '' })}>
                      Show all funds
                    </Button>
                  }
                >
                  No fund of the chart fits what you look for.
                </EmptyNote>
              )
            }
          />
        )}
        <Pages list={data} trail={trail} onTrail={setTrail} />
      </Sheet>
      <FundDrawer fundOrg={fundOrg} onClose={() => open(null)} />
      <AddFundDrawer opened={dialog === 'add'} onClose={() => setDialog(null)} onAdded={open} />
      <ImportChartDrawer opened={dialog === 'import'} onClose={() => setDialog(null)} isFirst={data?.chartCount === 0} />
    </>
  );
}

function NotInUse({ children }: { readonly children: ReactElement }): ReactElement {
  const { may } = useSession();
  return (
    <EmptyNote icon={IconBuildingBank} title="No chart of funds is in use" action={children}>
      Charges are not held against one. {may('admin') ? 'Import' : 'An admin can import'} the fund/orgs of the accounting system with their
      first and last days to put one into use, all of them at once: a chart with a single fund in it knows no other, and charges that are
      imported to any other wait for review. Charges that are there already are held against it when their period is flagged again (Review
      rules).
    </EmptyNote>
  );
}

interface Address {
  readonly filter: FundFilter;
  readonly set: (change: Partial<FundFilter>) => void;
  /** The fund that is open beside the list. */
  readonly fundOrg: string | null;
  readonly open: (fundOrg: string | null) => void;
}

/** What is looked for and what is open stand in the address, so that they can be sent to a colleague. */
function useAddress(): Address {
  const [search, setSearch] = useSearchParams();
  const standing = search.get('standing') ?? '';
  const put = (fields: Readonly<Record<string, string | null | undefined>>): void =>
    setSearch(
      (current) => {
        for (const [name, value] of Object.entries(fields)) {
          if (value) current.set(name, value);
          else current.delete(name);
        }
        return current;
      },
      { replace: true },
    );
  return {
    filter: {
      text: search.get('text') ?? '',
      standing: STANDING_CHOICES.some(({ value }) => value === standing) ? (standing as FundStanding) : '',
    },
    set: (change) => put({ ...change }),
    fundOrg: search.get('fund'),
    open: (fundOrg) => put({ fund: fundOrg }),
  };
}

function Lead({ list }: { readonly list: FundList | undefined }): ReactElement {
  if (list === undefined) return <>&nbsp;</>;
  return (
    <>
      Which fund/orgs there are, and when each may be charged
      {list.chartCount > 0 && <span className="figures"> · {counted(list.chartCount, 'fund')}</span>}
    </>
  );
}

interface FilterBarProps {
  readonly filter: FundFilter;
  readonly onChange: (change: Partial<FundFilter>) => void;
}

function FilterBar({ filter, onChange }: FilterBarProps): ReactElement {
  return (
    <Group gap="xs" p="sm">
      <SearchField
        label="Search funds"
        placeholder="Fund/org, title or owner"
        width={280}
        value={filter.text}
        onChange={(text) => onChange({ text })}
      />
      <Select
        w={160}
        aria-label="Standing"
        placeholder="Any standing"
        clearable
        value={filter.standing === '' ? null : filter.standing}
        data={STANDING_CHOICES}
        onChange={(standing) => onChange({ standing: (standing ?? '') as FundFilter['standing'] })}
      />
    </Group>
  );
}

interface PagesProps {
  readonly list: FundList | undefined;
  readonly trail: readonly string[];
  readonly onTrail: (trail: readonly string[]) => void;
}

function Pages({ list, trail, onTrail }: PagesProps): ReactElement | null {
  if (list === undefined || (list.next === null && trail.length === 1)) return null;
  const { funds, count, next } = list;
  const first = (trail.length - 1) * PAGE_SIZE + 1;
  return (
    <Group justify="space-between" className={classes['pages'] ?? ''}>
      <Text size="xs" c="dimmed" className="figures" role="status">
        {first.toLocaleString('en')}–{(first + funds.length - 1).toLocaleString('en')} of {count.toLocaleString('en')}
      </Text>
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconChevronLeft size={15} />}
          disabled={trail.length === 1}
          onClick={() => onTrail(trail.slice(0, -1))}
        >
          Previous
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          rightSection={<IconChevronRight size={15} />}
          disabled={next === null}
          onClick={() => next !== null && onTrail([...trail, next])}
        >
          Next
        </Button>
      </Group>
    </Group>
  );
}
