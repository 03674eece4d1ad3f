import { Alert, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { EntryList } from '../../components/entry-list.js';
import { CountBox, FigureBoxes } from '../../components/figure-boxes.js';
import { Moment } from '../../components/moment.js';
import { RefusedRows } from '../../components/refused-rows.js';
import type { ChartImport, FundFacts } from './fund-queries.js';
import { differences } from './fund-words.js';

/** What a file would do to the chart: counts, funds, and the rows that keep it from being taken. */
export function ChartPreview({ preview }: { readonly preview: ChartImport }): ReactElement {
  const { duplicateOf, addedCount, changedCount, retiredCount, unchangedCount, refusedRowCount } = preview;
  if (duplicateOf !== null) {
    return (
      <Alert variant="light" color="blue" icon={<IconCircleCheck size={18} />} title="This file was imported already">
        It is the last one, imported by {duplicateOf.importedBy} (<Moment at={duplicateOf.importedAt} />
        ). It changes nothing; what was changed by hand since stays.
      </Alert>
    );
  }
  return (
    <Stack gap="md">
      <RefusedRows count={refusedRowCount} rows={preview.refusedRows} />
      <FigureBoxes>
        <CountBox name="added" count={addedCount} />
        <CountBox name="changed" count={changedCount} />
        <CountBox name="retired" count={retiredCount} />
        <CountBox name="unchanged" count={unchangedCount} />
      </FigureBoxes>
      {addedCount + changedCount + retiredCount + refusedRowCount === 0 && (
        <Text size="sm">The chart is as the file says already; there is nothing to import.</Text>
      )}
      <Part title="Added" count={addedCount} shown={preview.added.map((fund) => entry(fund, undefined))} />
      <Part title="Changed" count={changedCount} shown={preview.changed.map(({ before, after }) => entry(after, before))} />
      <Part title="Retired" count={retiredCount} shown={preview.retired.map(({ before, after }) => entry(after, before))} />
      {preview.missingColumns.length > 0 && (
        <Text size="xs" c="dimmed">
          The file says nothing about {preview.missingColumns.join(', ')}; what the chart says there stays.
        </Text>
      )}
      {preview.ignoredColumns.length > 0 && (
        <Text size="xs" c="dimmed">
          Columns without meaning here: {preview.ignoredColumns.join(', ')}.
        </Text>
      )}
    </Stack>
  );
}

function entry(fund: FundFacts, before: FundFacts | undefined): ReactElement {
  return (
    <li key={fund.fundOrg}>
      <b>{fund.fundOrg}</b>{' '}
      <Text span inherit c="dimmed">
        {differences(before, fund).join(' · ')}
      </Text>
    </li>
  );
}

function Part({
  title,
  count,
  shown,
}: {
  readonly title: string;
  readonly count: number;
  readonly shown: readonly ReactNode[];
}): ReactElement | null {
  if (count === 0) return null;
  return (
    <section>
      <Text component="h3" size="xs" fw={600} c="dimmed" mb={4}>
        {title}
      </Text>
      <EntryList label={title} count={count}>
        {shown}
      </EntryList>
    </section>
  );
}
