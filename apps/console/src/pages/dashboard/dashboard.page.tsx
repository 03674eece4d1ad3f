import { Button, Skeleton, Stack } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type ReactElement, Suspense, lazy } from 'react';
import { Link } from 'react-router';
import { type Dashboard, useDashboard } from '../../api/overview-queries.js';
import type { GroupSum, PeriodDetail } from '../../api/queries.js';
import { ActivityList } from '../../components/activity-list.js';
import { StateBadge } from '../../components/badges.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { type FigureTile, FigureTiles } from '../../components/figure-tiles.js';
import { NextStep } from '../../components/next-step.js';
import { PageHeader } from '../../components/page-header.js';
import { type Share, ShareBars } from '../../components/share-bars.js';
import { Sheet } from '../../components/sheet.js';
import { percentOf } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { PeriodPicker, usePeriodChoice } from '../../shell/period-choice.js';
import classes from './dashboard.module.css';

const TrendChart = lazy(() => import('./trend-chart.js'));

/** A period at a glance: where it stands, what comes next, and what it is made of. */
export function DashboardPage(): ReactElement {
  const choice = usePeriodChoice();
  const dashboard = useDashboard(choice.period);
  const { data } = dashboard;
  const detail = data?.period;
  return (
    <>
      <PageHeader
        title={detail === undefined || detail === null ? 'Dashboard' : periodName(detail.period)}
        badge={detail !== undefined && detail !== null && <StateBadge state={detail.state} size="md" />}
        lead="The billing period at a glance"
      >
        <PeriodPicker choice={choice} />
      </PageHeader>
      {dashboard.error !== null && data === undefined ? (
        <ErrorPanel error={dashboard.error} onRetry={() => void dashboard.refetch()} />
      ) : detail === null ? (
        <Sheet>
          <EmptyNote
            icon={IconFileUpload}
            title="Welcome. Nothing has been imported yet"
            action={
              <Button component={Link} to="/imports">
                Import the first files
              </Button>
            }
          >
            Hand in the FOCUS files of your sources. Their billing periods open by themselves, and this page shows what they hold.
          </EmptyNote>
        </Sheet>
      ) : (
        <Glance detail={detail} data={data} />
      )}
    </>
  );
}

function Glance({ detail, data }: { readonly detail: PeriodDetail | undefined; readonly data: Dashboard | undefined }): ReactElement {
  const currency = data?.currency ?? 'USD';
  const sharesOf = (groups: readonly GroupSum[] | undefined, query: (name: string) => string): readonly Share[] =>
    (groups ?? []).map(({ name, title, billed, list }) => ({
      name,
      title,
      billed,
      list,
      to: `/charges?period=${detail?.period ?? ''}&${query(name)}`,
    }));
  return (
    <Stack gap="md">
      {detail === undefined ? <Skeleton height={50} radius="lg" /> : <NextStep detail={detail} />}
      <FigureTiles tiles={tilesOf(detail, currency)} />
      <div className={classes['wide']}>
        <Sheet title="Billed against list price, last 12 periods" aside={<Legend />}>
          <div className={classes['chart']}>
            {data === undefined ? (
              <Skeleton height={230} />
            ) : (
              <Suspense fallback={<Skeleton height={230} />}>
                <TrendChart trend={data.trend} currency={currency} />
              </Suspense>
            )}
          </div>
        </Sheet>
        <Sheet title="Lately" className={classes['lately']}>
          {data === undefined ? <Skeleton height={220} /> : <ActivityList activity={data.activity.slice(0, 12)} />}
        </Sheet>
      </div>
      <div className={classes['thirds']}>
        <Sheet title="Top PIs" aside={<Link to={`/statements?period=${detail?.period ?? ''}`}>Statements</Link>}>
          <Bars
            ready={data !== undefined}
            shares={sharesOf(data?.topPis, (name) => `piEmail=${encodeURIComponent(name)}`)}
            currency={currency}
          />
        </Sheet>
        <Sheet title="By source">
          <Bars
            ready={data !== undefined}
            shares={sharesOf(detail?.bySource, (name) => `source=${encodeURIComponent(name)}`)}
            currency={currency}
          />
        </Sheet>
        <Sheet title="By service">
          <Bars
            ready={data !== undefined}
            shares={sharesOf(detail?.byService, (name) => `text=${encodeURIComponent(name)}`)}
            currency={currency}
          />
        </Sheet>
      </div>
    </Stack>
  );
}

function Legend(): ReactElement {
  return (
    <span className={classes['legend']}>
      <span data-series="list">List</span>
      <span data-series="billed">Billed</span>
    </span>
  );
}

function Bars({
  ready,
  shares,
  currency,
}: {
  readonly ready: boolean;
  readonly shares: readonly Share[];
  readonly currency: string;
}): ReactElement {
  return ready ? (
    <ShareBars shares={shares} currency={currency} empty="No charge of this period is billable yet." />
  ) : (
    <Skeleton height={240} />
  );
}

function tilesOf(detail: PeriodDetail | undefined, currency: string): readonly FigureTile[] {
  if (detail === undefined)
    return ['Billed', 'List price', 'Discount', 'PIs', 'Statements', 'To review'].map((title) => ({ title, value: undefined }));
  const { period, billed, list, discount, piCount, projectCount, statementCount, flaggedCount, lineCount } = detail;
  const share = percentOf(discount, list);
  return [
    {
      title: 'Billed',
      value: <Money value={billed} currency={currency} />,
      below: counted(lineCount, 'charge'),
      to: `/charges?period=${period}`,
    },
    { title: 'List price', value: <Money value={list} currency={currency} />, below: 'before discounts' },
    { title: 'Discount', value: <Money value={discount} currency={currency} />, below: share === null ? '' : `${share} % of list` },
    { title: 'PIs', value: piCount.toLocaleString('en'), below: counted(projectCount, 'project') },
    { title: 'Statements', value: statementCount.toLocaleString('en'), below: 'issued', to: `/statements?period=${period}` },
    {
      title: 'To review',
      value: flaggedCount.toLocaleString('en'),
      below: flaggedCount === 0 ? 'all decided' : 'flagged',
      to: `/review?period=${period}`,
      alarm: flaggedCount > 0,
    },
  ];
}
