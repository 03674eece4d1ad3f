import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Dashboard } from '../../api/overview-queries.js';
import { periodName, periodShortName } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import classes from './trend-chart.module.css';

interface TrendChartProps {
  readonly trend: Dashboard['trend'];
  readonly currency: string;
}

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Billed against list price of the last periods. Numbers here are pixels; the tooltip shows the exact texts. */
export default function TrendChart({ trend, currency }: TrendChartProps): ReactElement {
  const data = trend.map(({ period, list, billed }) => ({ period, List: Number(list), Billed: Number(billed) }));
  const exact = new Map(trend.map((point) => [point.period, point]));
  return (
    <BarChart
      h={230}
      data={data}
      dataKey="period"
      series={[
        { name: 'List', color: 'var(--bar-list)' },
        { name: 'Billed', color: 'var(--bar-billed)' },
      ]}
      className={classes['chart']}
      maxBarWidth={26}
      gridAxis="x"
      tickLine="none"
      strokeDasharray="0"
      barProps={{ radius: [3, 3, 0, 0], isAnimationActive: false }}
      xAxisProps={{ tickFormatter: (period: string) => periodShortName(period) }}
      yAxisProps={{ width: 44, tickFormatter: (value: number) => COMPACT.format(value) }}
      tooltipAnimationDuration={0}
      tooltipProps={{
        content: ({ label }) => {
          const point = exact.get(String(label));
          return point === undefined ? null : <Tip point={point} currency={currency} />;
        },
      }}
    />
  );
}

function Tip({ point, currency }: { readonly point: Dashboard['trend'][number]; readonly currency: string }): ReactElement {
  return (
    <div className={classes['tip']}>
      <Text size="xs" fw={600}>
        {periodName(point.period)} · {point.state}
      </Text>
      <div className={classes['tipLine']}>
        <span>Billed</span> <Money value={point.billed} currency={currency} />
      </div>
      <div className={classes['tipLine']}>
        <span>List</span> <Money value={point.list} currency={currency} />
      </div>
    </div>
  );
}
