import { Anchor, Button, Skeleton, Stack, Table, Tabs, Text } from '@mantine/core';
import { IconArrowLeft, IconHistory } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { type GroupSum, type PeriodDetail, usePeriod } from '../../api/queries.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, flagTitle, periodName } from '../../components/field-words.js';
import { FigureTiles } from '../../components/figure-tiles.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { compareDecimals, isZero, percentOf } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { PeriodActions } from './period-actions.js';
import { PeriodChecklist } from './period-checklist.js';
import { PeriodSteps } from './period-steps.js';
import classes from './period.module.css';

/** One billing period: totals, rounding, what it is made of, and the steps to its end. */
export function PeriodPage(): ReactElement {
  const { period = '' } = useParams();
  const query = usePeriod(period);
  const { data } = query;
  return (
    <>
      <PageHeader
        title={periodName(period)}
        badge={data !== undefined && <StateBadge state={data.state} size="md" />}
        lead={
          <Anchor component={Link} to="/periods" size="sm">
            <IconArrowLeft size={13} style={{ verticalAlign: -2 }} /> All periods
          </Anchor>
        }
      >
        <Button component={Link} to={`/periods/${period}/history`} variant="default" leftSection={<IconHistory size={15} />}>
          History
        </Button>
        {data !== undefined && <PeriodActions detail={data} />}
      </PageHeader>
      {query.error !== null && data === undefined ? (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      ) : data === undefined ? (
        <Stack>
          <Skeleton height={92} radius="lg" />
          <Skeleton height={420} radius="lg" />
        </Stack>
      ) : (
        <Detail detail={data} />
      )}
    </>
  );
}

function Detail({ detail }: { readonly detail: PeriodDetail }): ReactElement {
  const { period, currency, billed, list, discount, rounding, billedExact } = detail;
  const share = percentOf(discount, list);
  return (
    <Stack gap="md">
      <FigureTiles
        tiles={[
          {
            title: 'Billed',
            value: <Money value={billed} currency={currency} />,
            below: counted(detail.lineCount, 'charge'),
            to: `/charges?period=${period}`,
          },
          { title: 'List price', value: <Money value={list} currency={currency} />, below: 'before discounts' },
          { title: 'Discount', value: <Money value={discount} currency={currency} />, below: share === null ? '' : `${share} % of list` },
          {
            title: 'Rounding',
            value: <Money value={rounding} currency={currency} />,
            below: (
              <>
                exact sum <Money value={billedExact} brief />
              </>
            ),
          },
          { title: 'PIs', value: detail.piCount.toLocaleString('en'), below: counted(detail.projectCount, 'project') },
          {
            title: 'To review',
            value: detail.flaggedCount.toLocaleString('en'),
            alarm: detail.flaggedCount > 0,
            below: 'flagged',
            to: `/review?period=${period}`,
          },
        ]}
      />
      <div className={classes['columns']}>
        <Stack gap="md">
          {detail.state !== 'finalized' && (
            <Sheet title="Before it can be finalized">
              <PeriodChecklist detail={detail} />
            </Sheet>
          )}
          <Sheet title="What was done to it">
            <PeriodSteps history={detail.history} />
          </Sheet>
          <Sheet title="Charges by standing" flush>
            <Table fz="sm" aria-label="Charges by standing" className={classes['small'] ?? ''}>
              <Table.Tbody>
                {detail.byStanding.map(({ standing, lineCount, billed: amount }) => (
                  <Table.Tr key={standing}>
                    <Table.Td>
                      <Link to={`/charges?period=${period}&standing=${standing}`}>
                        <StateBadge state={standing} />
                      </Link>
                    </Table.Td>
                    <Table.Td ta="right" className="figures">
                      {lineCount.toLocaleString('en')}
                    </Table.Td>
                    <Table.Td ta="right">
                      <Money value={amount} currency={currency} brief />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Sheet>
          {detail.flags.length > 0 && (
            <Sheet title="Waiting, by reason" flush>
              <Table fz="sm" aria-label="Waiting charges by reason" className={classes['small'] ?? ''}>
                <Table.Tbody>
                  {detail.flags.map(({ flag, currency: of, lineCount, amount }) => (
                    <Table.Tr key={`${flag} ${of}`}>
                      <Table.Td>
                        <Anchor component={Link} to={`/review?period=${period}&flag=${encodeURIComponent(flag)}`} size="sm">
                          {flagTitle(flag)}
                        </Anchor>
                      </Table.Td>
                      <Table.Td ta="right" className="figures">
                        {lineCount.toLocaleString('en')}
                      </Table.Td>
                      <Table.Td ta="right">
                        <Money value={amount} currency={of} brief />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Sheet>
          )}
        </Stack>
        <Sheet flush>
          <Groups detail={detail} />
        </Sheet>
      </div>
    </Stack>
  );
}

function Groups({ detail }: { readonly detail: PeriodDetail }): ReactElement {
  const tabs: readonly { readonly key: string; readonly title: string; readonly groups: readonly GroupSum[]; readonly field: string }[] = [
    { key: 'source', title: 'Sources', groups: detail.bySource, field: 'source' },
    { key: 'pi', title: 'PIs', groups: detail.byPi, field: 'piEmail' },
    { key: 'service', title: 'Services', groups: detail.byService, field: 'text' },
  ];
  return (
    <Tabs defaultValue="source" keepMounted={false}>
      <Tabs.List px="xs">
        {tabs.map(({ key, title, groups }) => (
          <Tabs.Tab key={key} value={key} py="sm">
            {title}{' '}
            <Text span size="xs" c="dimmed">
              {groups.length.toLocaleString('en')}
            </Text>
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ key, title, groups, field }) => (
        <Tabs.Panel key={key} value={key}>
          <GroupTable
            title={title}
            groups={groups}
            currency={detail.currency}
            address={(name) => `/charges?period=${detail.period}&${field}=${encodeURIComponent(name)}`}
          />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

interface GroupTableProps {
  readonly title: string;
  readonly groups: readonly GroupSum[];
  readonly currency: string;
  readonly address: (name: string) => string;
}

function GroupTable({ title, groups, currency, address }: GroupTableProps): ReactElement {
  const navigate = useNavigate();
  const columns: readonly Column<GroupSum>[] = [
    {
      key: 'title',
      title: title.slice(0, -1),
      render: (group) => group.title || '(none)',
      compare: (a, b) => a.title.localeCompare(b.title),
    },
    {
      key: 'lines',
      title: 'Charges',
      right: true,
      width: 92,
      render: ({ lineCount }) => lineCount.toLocaleString('en'),
      compare: (a, b) => a.lineCount - b.lineCount,
    },
    {
      key: 'list',
      title: 'List price',
      right: true,
      render: ({ list }) => <Money value={list} quiet />,
      compare: (a, b) => compareDecimals(a.list, b.list),
    },
    {
      key: 'discount',
      title: 'Discount',
      right: true,
      render: ({ discount }) =>
        isZero(discount) ? (
          <Text span c="dimmed">
            –
          </Text>
        ) : (
          <Money value={discount} quiet />
        ),
      compare: (a, b) => compareDecimals(a.discount, b.discount),
    },
    {
      key: 'billed',
      title: `Billed (${currency})`,
      right: true,
      render: ({ billed }) => (
        <b>
          <Money value={billed} />
        </b>
      ),
      compare: (a, b) => compareDecimals(a.billed, b.billed),
    },
  ];
  return (
    <DataTable
      rows={groups}
      columns={columns}
      keyOf={({ name }) => name}
      label={title}
      onOpen={({ name }) => void navigate(address(name))}
      minWidth={480}
      empty={
        <Text size="sm" c="dimmed" ta="center" py="xl">
          No charge of this period is billable yet.
        </Text>
      }
    />
  );
}
