import { Alert, Text } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import type { ImportReport } from '../../api/import-queries.js';
import { counted } from '../../components/field-words.js';
import { differenceOf, isNegative } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { ReportPart, ReportTable } from './report-part.js';
import classes from './imports.module.css';

type Outcomes = ImportReport['outcomes'];
type PiChanges = NonNullable<ImportReport['piChanges']>;

const OUTCOME_WORDS: Readonly<Record<Outcomes[number]['outcome'], { readonly title: string; readonly what: string }>> = {
  new: { title: 'New', what: 'not held before' },
  unchanged: { title: 'Unchanged', what: 'held already, with the same amounts' },
  revised: { title: 'Revised', what: 'held with other amounts, which these replace' },
  withdrawn: { title: 'Withdrawn', what: 'held, but not in the file: no longer charged' },
  kept: { title: 'Kept', what: 'held, but not in the file: still charged' },
};

/** What the import changes: lines against those held, and whose money that moves. Says nothing of a file that was not compared. */
export function ReportDifferences({ report }: { readonly report: ImportReport }): ReactElement | null {
  const { outcomes, piChanges, totals } = report;
  if (outcomes.length === 0) return null;
  if (outcomes.every(({ outcome }) => outcome === 'unchanged' || outcome === 'kept')) {
    const isAllKept = totals.lineCount > 0 && outcomes.some(({ outcome }) => outcome === 'kept');
    return (
      <Alert color="gray" variant="light" icon={<IconEqual size={18} />} title="Nothing changes">
        {totals.lineCount === 0
          ? 'The file has no lines, and what is held stays.'
          : `${totals.lineCount === 1 ? 'The line is' : `All ${counted(totals.lineCount, 'line')} are`} held already, with the same amounts.${isAllKept ? ' What else is held stays.' : ''}`}
      </Alert>
    );
  }
  return (
    <div className={classes['pair']}>
      <ReportPart title="Against what is held">
        <OutcomeTable outcomes={outcomes} />
      </ReportPart>
      <ReportPart title="Whose money changes">
        {piChanges === null || piChanges.top.length === 0 ? (
          <Text size="sm" c="dimmed">
            {piChanges === null ? 'Not known for imports of older versions of the program.' : 'No PI pays more or less than before.'}
          </Text>
        ) : (
          <PiTable piChanges={piChanges} where="In the periods of the file, from all sources: billed, or waiting for review." />
        )}
      </ReportPart>
    </div>
  );
}

function OutcomeTable({ outcomes }: { readonly outcomes: Outcomes }): ReactElement {
  return (
    <ReportTable
      label="Against what is held"
      titles={['Lines', '>Count', '>Before', '>Charged']}
      rows={outcomes.map(({ outcome, currency, lineCount, amount, previousAmount }) => ({
        key: `${outcome} ${currency}`,
        cells: [
          <>
            {OUTCOME_WORDS[outcome].title}
            <Text size="xs" c="dimmed">
              {OUTCOME_WORDS[outcome].what}
            </Text>
          </>,
          lineCount.toLocaleString('en'),
          previousAmount === null ? '' : <Money value={previousAmount} currency={currency} brief quiet />,
          <Money value={amount} currency={currency} brief struck={outcome === 'withdrawn'} quiet={outcome === 'withdrawn'} />,
        ],
      }))}
    />
  );
}

/** The PIs whose money changes most. @param where in which periods, from which sources */
export function PiTable({ piChanges: { top, piCount }, where }: { readonly piChanges: PiChanges; readonly where: string }): ReactElement {
  const more = piCount - new Set(top.map(({ piEmail }) => piEmail)).size;
  return (
    <>
      <ReportTable
        label="Whose money changes"
        titles={['PI', '>Before', '>After', '>Change']}
        rows={top.map(({ piEmail, currency, before, after }) => {
          const change = differenceOf(after, before);
          return {
            key: `${piEmail} ${currency}`,
            cells: [
              piEmail === '' ? (
                <Text span inherit c="dimmed">
                  no PI
                </Text>
              ) : (
                <span title={piEmail} className={classes['pi']}>
                  {piEmail}
                </span>
              ),
              <Money value={before} currency={currency} brief quiet />,
              <Money value={after} currency={currency} brief />,
              <Text span inherit fw={600}>
                {isNegative(change) ? '' : '+'}
                <Money value={change} currency={currency} brief />
              </Text>,
            ],
          };
        })}
      />
      <Text size="xs" c="dimmed" mt={6}>
        {more > 0 && `and ${counted(more, 'PI')} more. `}
        {where}
      </Text>
    </>
  );
}
