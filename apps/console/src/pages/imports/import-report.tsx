import { Alert, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconScissors } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import type { ImportReport } from '../../api/import-queries.js';
import { counted, periodName } from '../../components/field-words.js';
import { sumOf } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { ReportDifferences } from './report-differences.js';
import { ReportFlags, ReportMoney } from './report-money.js';
import { ReportRefusedRows } from './report-refused-rows.js';
import classes from './imports.module.css';

interface ImportReportProps {
  readonly report: ImportReport;
  /** Where all refused rows can be had as CSV; null where there are none. */
  readonly refusedRowsAddress: string | null;
}

/** Mandatory columns that are named in a warning; the rest are counted. */
const COLUMNS_NAMED = 8;

/** What an import found, or would find: rows, money, differences to what is held, flags, refused rows. */
export function ImportReportView({ report, refusedRowsAddress }: ImportReportProps): ReactElement {
  const warnings = [...report.warnings, ...columnWarnings(report)];
  return (
    <Stack gap="lg">
      {!report.readToEnd && (
        <Alert color="gray" variant="light" icon={<IconScissors size={18} />} title="The file could not be read to its end">
          Below is what was found until then.
        </Alert>
      )}
      <Figures report={report} />
      {warnings.length > 0 && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} />} title={counted(warnings.length, 'warning')}>
          <List size="sm">
            {warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <ReportMoney periods={report.totals.periods} />
      <ReportDifferences report={report} />
      <ReportFlags flags={report.totals.flags} lineCount={report.totals.lineCount} />
      <ReportRefusedRows report={report} address={refusedRowsAddress} />
    </Stack>
  );
}

function Figures({ report }: { readonly report: ImportReport }): ReactElement {
  const { totals } = report;
  const linesIn = (code: string): number =>
    totals.periods.reduce((sum, { currency, lineCount }) => sum + (currency === code ? lineCount : 0), 0);
  const currencies = [...new Set(totals.periods.map(({ currency }) => currency))].sort((a, b) => linesIn(b) - linesIn(a));
  return (
    <div className={classes['figures']}>
      <Figure title="Lines" value={totals.lineCount.toLocaleString('en')}>
        {report.focusVersion === null ? 'FOCUS' : `FOCUS ${report.focusVersion}`}, {report.deliveryMode}
      </Figure>
      {currencies.map((currency) => {
        const periods = totals.periods.filter((total) => total.currency === currency);
        return (
          <Figure
            key={currency}
            title={currencies.length === 1 ? 'Charged' : `Charged in ${currency}`}
            value={<Money value={sumOf(periods.map(({ amount }) => amount))} currency={currency} brief />}
          >
            {periods.length === 1 ? periodName(periods[0]?.period ?? '') : `${periods.length} periods`}, list{' '}
            <Money value={sumOf(periods.map(({ listCost }) => listCost))} currency={currency} brief />
          </Figure>
        );
      })}
      <Figure title="For review" value={totals.flaggedLineCount.toLocaleString('en')} alarm={totals.flaggedLineCount > 0}>
        {totals.flaggedLineCount === 0 ? 'no line needs a person' : `of ${counted(totals.lineCount, 'line')}`}
      </Figure>
      <Figure title="Rows with errors" value={totals.refusedRowCount.toLocaleString('en')} alarm={totals.refusedRowCount > 0}>
        {totals.refused.length === 0
          ? 'every row could be read'
          : totals.refused.map(({ currency, amount, rowCount }, index) => (
              <span key={currency ?? ''}>
                {index > 0 && ', '}
                {currency === null ? (
                  `${counted(rowCount, 'row')} without a readable amount`
                ) : (
                  <Money value={amount} currency={currency} brief />
                )}
              </span>
            ))}
      </Figure>
    </div>
  );
}

function columnWarnings({ quality, focusVersion }: ImportReport): string[] {
  const names = (quality?.missingColumns ?? []).filter(({ level }) => level === 'Mandatory').map(({ column }) => column);
  if (names.length === 0) return [];
  const more = names.length > COLUMNS_NAMED ? ` and ${names.length - COLUMNS_NAMED} more` : '';
  return [
    `The header lacks ${counted(names.length, 'column')} that FOCUS ${focusVersion ?? ''} makes mandatory: ${names.slice(0, COLUMNS_NAMED).join(', ')}${more}.`,
  ];
}

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
