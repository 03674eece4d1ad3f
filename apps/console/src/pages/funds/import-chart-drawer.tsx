import { Alert, Button, Drawer, FileInput, Group, Radio, ScrollArea, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { ErrorPanel } from '../../components/error-panel.js';
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
    <Drawer
      opened={opened}
      onClose={onClose}
      size={640}
      title={<Text fw={600}>Import a chart of funds</Text>}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      {opened && <ImportForm onClose={onClose} isFirst={isFirst} />}
    </Drawer>
  );
}

function ImportForm({ onClose, isFirst }: Omit<ImportChartDrawerProps, 'opened'>): ReactElement {
  const [file, setFile] = useState<File | null>(null);
  // Tells one choice of a file from the next, which may have the same name.
  const [choice, setChoice] = useState(0);
  const [mode, setMode] = useState<ChartImport['mode']>('merge');
  const [lastDay, setLastDay] = useState('');
  const upload: ChartUpload | null = file === null ? null : { file, mode, lastDay };
  const preview = useChartPreview(upload, choice);
  const take = useAction((chosen: ChartUpload) => importChart(chosen, false), {
    ownErrors: true,
    done: ({ addedCount, changedCount, retiredCount }) =>
      `${counted(addedCount, 'fund')} added, ${changedCount.toLocaleString('en')} changed, ${retiredCount.toLocaleString('en')} retired`,
    onDone: onClose,
  });
  const { data } = preview;
  const isReady = data?.refusedRowCount === 0 && data.addedCount + data.changedCount + data.retiredCount > 0;
  return (
    <Stack gap="md">
      <FileInput
        label="CSV file"
        description="In UTF-8 with commas; columns fund_org, title, valid_from, valid_to, owner, of which only fund_org must be there. Days as 2025-07-31."
        placeholder="Choose a file"
        accept=".csv,text/csv"
        leftSection={<IconFileTypeCsv size={17} />}
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          setChoice(choice + 1);
          take.reset();
        }}
        data-autofocus
      />
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
      {upload !== null && (
        <section aria-label="What the file would change" aria-live="polite">
          {preview.error !== null ? (
            <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} />
          ) : data === undefined ? (
            <Skeleton height={120} radius="md" />
          ) : (
            <ChartPreview preview={data} />
          )}
        </section>
      )}
      {take.error !== null && <ErrorPanel error={take.error} />}
      {isFirst && isReady && (
        <Alert variant="light" color="blue" p="sm">
          With this file a chart is in use: fund/orgs that are not in it are unknown to the office.
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={!isReady} loading={take.isPending} onClick={() => upload !== null && take.mutate(upload)}>
          Import
        </Button>
      </Group>
    </Stack>
  );
}
