import { Badge, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { ImportReport } from '../../api/import-queries.js';
import { flagReason, flagTitle, periodName } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import { ReportPart, ReportTable } from './report-part.js';

type Totals = ImportReport['totals'];

/** All costs that the file states, by period and currency, and which of them is charged. */
export function ReportMoney({ periods }: { readonly periods: Totals['periods'] }): ReactElement | null {
  if (periods.length === 0) return null;
  return (
    <ReportPart title="Money by period">
      <ReportTable
        label="Money by period"
        titles={['Period', '>Lines', '>List', '>Contracted', '>Billed', '>Effective', '>Charged']}
        rows={periods.map(({ period, currency, lineCount, listCost, contractedCost, billedCost, effectiveCost, amount }) => ({
          key: `${period} ${currency}`,
          cells: [
            periodName(period),
            lineCount.toLocaleString('en'),
            <Money value={listCost} currency={currency} brief quiet />,
            <Money value={contractedCost} currency={currency} brief quiet />,
            <Money value={billedCost} currency={currency} brief quiet />,
            <Money value={effectiveCost} currency={currency} brief quiet />,
            <Text span inherit fw={600}>
              <Money value={amount} currency={currency} brief />
            </Text>,
          ],
        }))}
      />
    </ReportPart>
  );
}

/** What a person has to look at, and why. */
export function ReportFlags({ flags, lineCount }: { readonly flags: Totals['flags']; readonly lineCount: number }): ReactElement | null {
  if (lineCount === 0) return null;
  return (
    <ReportPart title="For review, by reason">
      {flags.length === 0 ? (
        <Text size="sm" c="dimmed">
          No line needs a person.
        </Text>
      ) : (
        <ReportTable
          label="For review, by reason"
          titles={['Reason', 'What it means', '>Lines', '>Charged']}
          rows={flags.map(({ flag, currency, lineCount: count, amount }) => ({
            key: `${flag} ${currency}`,
            cells: [
              <Badge color="orange">{flagTitle(flag)}</Badge>,
              <Text span size="sm" c="dimmed">
                {flagReason(flag)}
              </Text>,
              count.toLocaleString('en'),
              <Money value={amount} currency={currency} brief />,
            ],
          }))}
        />
      )}
    </ReportPart>
  );
}
