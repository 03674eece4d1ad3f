import { Alert, Badge, Button, Group, List, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import type { ImportReport } from '../../api/import-queries.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { counted, flagTitle, periodName } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import classes from './imports.module.css';

interface ImportReportProps {
  readonly report: ImportReport;
  /** Where all refused rows can be had as CSV; null for a dry run, which keeps none. */
  readonly refusedRowsAddress: string | null;
}

type RefusedRow = ImportReport['refusedRows'][number];

const OUTCOME_WORDS: Readonly<Record<ImportReport['outcomes'][number]['outcome'], { readonly title: string; readonly what: string }>> = {
  new: { title: 'New', what: 'not held before' },
  unchanged: { title: 'Unchanged', what: 'held already, the same' },
  revised: { title: 'Revised', what: 'replace lines with other amounts' },
  withdrawn: { title: 'Withdrawn', what: 'held before, not in the file' },
  kept: { title: 'Kept', what: 'not in the file, and staying' },
};

/** What an import found, or would find: rows, money, differences to what is held, flags, refused rows. */
export function ImportReportView({ report, refusedRowsAddress }: ImportReportProps): ReactElement {
  const { totals, outcomes, warnings } = report;
  return (
    <Stack gap="md">
      <div className={classes['figures']}>
        <Figure title="Lines" value={totals.lineCount.toLocaleString('en')}>
          {report.focusVersion === null ? 'FOCUS' : `FOCUS ${report.focusVersion}`}, {report.deliveryMode}
        </Figure>
        {totals.periods.map((total) => (
          <Figure
            key={`${total.period} ${total.currency}`}
            title={periodName(total.period)}
            value={<Money value={total.amount} currency={total.currency} brief />}
          >
            list <Money value={total.listCost} currency={total.currency} brief />, {counted(total.lineCount, 'line')}
          </Figure>
        ))}
        <Figure title="Flagged" value={totals.flaggedLineCount.toLocaleString('en')} alarm={totals.flaggedLineCount > 0}>
          {totals.flaggedLineCount === 0 ? 'nothing to review' : 'wait for review'}
        </Figure>
        <Figure title="Refused" value={totals.refusedRowCount.toLocaleString('en')} alarm={totals.refusedRowCount > 0}>
          {totals.refused.length === 0
            ? 'every row could be read'
            : totals.refused.map(({ currency, amount }) => (
                <span key={currency ?? ''}>
                  {currency === null ? 'amount unreadable ' : <Money value={amount} currency={currency} brief />}{' '}
                </span>
              ))}
        </Figure>
      </div>

      {warnings.length > 0 && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} />} title={counted(warnings.length, 'warning')}>
          <List size="sm">
            {warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}

      <div className={classes['pair']}>
        <Part title="Against what is held">
          <Table fz="sm" verticalSpacing={4} horizontalSpacing={0} withRowBorders={false} aria-label="Against what is held">
            <Table.Tbody>
              {outcomes.map(({ outcome, currency, lineCount, amount, previousAmount }) => (
                <Table.Tr key={`${outcome} ${currency}`}>
                  <Table.Td>
                    {OUTCOME_WORDS[outcome].title}{' '}
                    <Text span size="xs" c="dimmed">
                      {OUTCOME_WORDS[outcome].what}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right" className="figures" w={70}>
                    {lineCount.toLocaleString('en')}
                  </Table.Td>
                  <Table.Td ta="right" w={180}>
                    {previousAmount !== null && (
                      <>
                        <Money value={previousAmount} brief struck quiet />{' '}
                      </>
                    )}
                    <Money value={amount} currency={currency} brief />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {outcomes.length === 0 && (
            <Text size="sm" c="dimmed">
              Nothing new, nothing changed.
            </Text>
          )}
        </Part>
        <Part title="Flags by reason">
          {totals.flags.length === 0 ? (
            <Text size="sm" c="dimmed">
              No line needs a person.
            </Text>
          ) : (
            <Table fz="sm" verticalSpacing={4} horizontalSpacing={0} withRowBorders={false} aria-label="Flags by reason">
              <Table.Tbody>
                {totals.flags.map(({ flag, currency, lineCount, amount }) => (
                  <Table.Tr key={`${flag} ${currency}`}>
                    <Table.Td>
                      <Badge color="orange">{flagTitle(flag)}</Badge>
                    </Table.Td>
                    <Table.Td ta="right" className="figures" w={70}>
                      {lineCount.toLocaleString('en')}
                    </Table.Td>
                    <Table.Td ta="right" w={150}>
                      <Money value={amount} currency={currency} brief />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Part>
      </div>

      {report.refusedRows.length > 0 && (
        <Part
          title={`Refused rows${report.refusedRows.length < totals.refusedRowCount ? `, the first ${report.refusedRows.length} of ${totals.refusedRowCount}` : ''}`}
          aside={
            refusedRowsAddress !== null && (
              <Button
                component="a"
                href={refusedRowsAddress}
                download
                size="compact-sm"
                variant="default"
                leftSection={<IconDownload size={14} />}
              >
                All as CSV
              </Button>
            )
          }
        >
          <DataTable
            rows={report.refusedRows}
            columns={REFUSED_COLUMNS}
            keyOf={({ lineNumber }) => String(lineNumber)}
            label="Refused rows"
            empty={null}
          />
        </Part>
      )}
    </Stack>
  );
}

const REFUSED_COLUMNS: readonly Column<RefusedRow>[] = [
  { key: 'line', title: 'Line', width: 70, right: true, render: ({ lineNumber }) => lineNumber.toLocaleString('en') },
  { key: 'column', title: 'Column', width: 170, render: ({ column }) => column },
  {
    key: 'value',
    title: 'Value',
    width: 170,
    cut: true,
    render: ({ value }) => <code title={value}>{value === '' ? '(empty)' : value}</code>,
  },
  {
    key: 'reason',
    title: 'Why',
    render: ({ reason, furtherProblems }) => (
      <>
        {reason}
        {furtherProblems.map((problem) => (
          <Text key={problem.column} size="xs" c="dimmed">
            {problem.column}: {problem.reason}
          </Text>
        ))}
      </>
    ),
  },
  {
    key: 'amount',
    title: 'Amount',
    right: true,
    width: 120,
    render: ({ amount, currency }) => (amount === null ? '–' : <Money value={amount} currency={currency ?? undefined} brief />),
  },
];

interface FigureProps {
  readonly title: string;
  readonly value: ReactNode;
  readonly children: ReactNode;
  readonly alarm?: boolean;
}

function Figure({ title, value, children, alarm = false }: FigureProps): ReactElement {
  return (
    <div className={classes['figure']}>
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      <Text fw={650} fz="lg" className="figures" {...(alarm ? { c: 'orange' } : {})}>
        {value}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {children}
      </Text>
    </div>
  );
}

function Part({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <section>
      <Group justify="space-between" mb={6}>
        <Text component="h3" size="sm" fw={600}>
          {title}
        </Text>
        {aside}
      </Group>
      {children}
    </section>
  );
}
