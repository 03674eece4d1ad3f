import { Alert, Radio, Stack, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { CsvImportDrawer, CsvImportForm, useChosenFile } from '../../components/csv-import.js';
import { counted } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { ChartPreview } from './chart-preview.js';
import { type ChartImport, type ChartUpload, importChart, useChartPreview } from './fund-queries.js';

interface ImportChartDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** There is no chart yet: nothing could be retired. */
  readonly isFirst: boolean;
}

/** Takes a CSV file into the chart, after showing what it would change. */
export function ImportChartDrawer({ opened, onClose, isFirst }: ImportChartDrawerProps): ReactElement {
  return (
    <CsvImportDrawer title="Import a chart of funds" opened={opened} onClose={onClose}>
      <ImportForm onClose={onClose} isFirst={isFirst} />
    </CsvImportDrawer>
  );
}

function ImportForm({ onClose, isFirst }: Omit<ImportChartDrawerProps, 'opened'>): ReactElement {
  const chosen = useChosenFile();
  const [mode, setMode] = useState<ChartImport['mode']>('merge');
  const [lastDay, setLastDay] = useState('');
  const upload: ChartUpload | null = chosen.file === null ? null : { file: chosen.file, mode, lastDay };
  const preview = useChartPreview(upload, chosen.choice);
  const take = useAction((file: ChartUpload) => importChart(file, false), {
    ownErrors: true,
    done: ({ addedCount, changedCount, retiredCount }) =>
      `${counted(addedCount, 'fund')} added, ${changedCount.toLocaleString('en')} changed, ${retiredCount.toLocaleString('en')} retired`,
    onDone: onClose,
  });
  const { data } = preview;
  const isReady = data?.refusedRowCount === 0 && data.addedCount + data.changedCount + data.retiredCount > 0;
  return (
    <CsvImportForm
      chosen={chosen}
      description="In UTF-8 with commas; columns fund_org, title, valid_from, valid_to, owner, of which only fund_org must be there. Days as 2025-07-31."
      upload={upload}
      preview={preview}
      take={take}
      isReady={isReady}
      onCancel={onClose}
      options={
        <>
          {!isFirst && (
            <Radio.Group
              label="Funds that the file does not name"
              value={mode}
              onChange={(next) => setMode(next === 'replace' ? 'replace' : 'merge')}
            >
              <Stack gap={8} mt={6}>
                <Radio value="merge" label="stay as they are" description="The file holds what is new or different" />
                <Radio value="replace" label="are retired" description="The file is the whole chart" />
              </Stack>
            </Radio.Group>
          )}
          {mode === 'replace' && (
            <TextInput
              type="date"
              w={260}
              label="Their last day"
              description="Empty: today (UTC)"
              value={lastDay}
              onChange={(event) => setLastDay(event.currentTarget.value)}
            />
          )}
        </>
      }
      notice={
        isFirst &&
        isReady && (
          <Alert variant="light" color="blue" p="sm">
            With this file a chart is in use: fund/orgs that are not in it are unknown to the office.
          </Alert>
        )
      }
    >
      {(would) => <ChartPreview preview={would} />}
    </CsvImportForm>
  );
}
