import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import type { Restatement } from '../../api/import-queries.js';
import { counted, periodName } from '../../components/field-words.js';
import { isNegative } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { PiTable } from './report-differences.js';
import { ReportPart, ReportTable } from './report-part.js';
import classes from './imports.module.css';

type Kind = Restatement['kinds'][number]['kind'];

const KIND_WORDS: Readonly<Record<Kind, { readonly title: string; readonly what: string }>> = {
  revised: { title: 'Revised', what: 'billed with other amounts: the difference is booked' },
  withdrawn: { title: 'Withdrawn', what: 'billed, but not in the file: credited' },
  new: { title: 'New', what: 'in the file, but not billed: charged' },
  unchanged: { title: 'Unchanged', what: 'as billed, or credited by hand before' },
  rejected: { title: 'Rejected in review', what: 'never billed: left so' },
};

interface RestatementViewProps {
  readonly restatement: Restatement;
  /** Null for a dry run. */
  readonly importId: number | null;
}

/** What differs between a file and the finalized period that it states anew, and what is booked for that. */
export function RestatementView({ restatement, importId }: RestatementViewProps): ReactElement {
  const { period, adjustedPeriod, lineCount, flaggedLineCount, kinds, piChanges, reason } = restatement;
  if (lineCount === 0) {
    return (
      <Alert color="gray" variant="light" icon={<IconEqual size={18} />} title="Nothing is booked">
        The file says of {periodName(adjustedPeriod)} what was billed, with its adjustments.
      </Alert>
    );
  }
  return (
    <Stack gap="sm">
      <Text size="sm">
        {importId === null ? (
          'Would be booked'
        ) : (
          <>
            <Anchor component={Link} to={`/adjustments?period=${period}&corrects=${adjustedPeriod}`} inherit>
              Adjustment {importId}
            </Anchor>
            , booked
          </>
        )}{' '}
        in {periodName(period)}: <b>{counted(lineCount, 'charge')}</b>
        {flaggedLineCount > 0 && `, ${flaggedLineCount.toLocaleString('en')} of them for review`}. “{reason}”
      </Text>
      <div className={classes['pair']}>
        <ReportPart title={`Against what was billed of ${periodName(adjustedPeriod)}`}>
          <ReportTable
            label="Against what was billed"
            titles={['Lines', '>Count', '>Billed', '>In the file', '>Difference']}
            rows={kinds.map(({ kind, currency, lineCount: count, before, after, amount }) => ({
              key: `${kind} ${currency}`,
              cells: [
                <>
                  {KIND_WORDS[kind].title}
                  <Text size="xs" c="dimmed">
                    {KIND_WORDS[kind].what}
                  </Text>
                </>,
                count.toLocaleString('en'),
                <Money value={before} currency={currency} brief quiet />,
                <Money value={after} currency={currency} brief quiet />,
                <Text span inherit fw={600}>
                  {amount === '0' || isNegative(amount) ? '' : '+'}
                  <Money value={amount} currency={currency} brief quiet={amount === '0'} />
                </Text>,
              ],
            }))}
          />
        </ReportPart>
        <ReportPart title="Whose money changes">
          {piChanges.top.length === 0 ? (
            <Text size="sm" c="dimmed">
              No PI pays more or less than before.
            </Text>
          ) : (
            <PiTable piChanges={piChanges} where={`In ${periodName(period)}, from all sources: billed, or waiting for review.`} />
          )}
        </ReportPart>
      </div>
    </Stack>
  );
}
