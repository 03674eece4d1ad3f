import { Alert, Anchor, Button, Checkbox, Group, Progress, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconDownload, IconFileExport } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import type { Schema } from '../../api/sdk-client.js';
import { useCurrency } from '../../api/queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { bytesText, counted } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { Money } from '../../money/money.js';
import { ForRole, useSession } from '../../session/session.js';
import type { JournalChoice } from './journal-choice.js';
import { exportJournal, fileAddress, type JournalPreview } from './journal-queries.js';

interface ExportSheetProps {
  readonly period: string;
  readonly choice: JournalChoice;
  readonly preview: JournalPreview | undefined;
  readonly onShow: (tab: string) => void;
}

/** Writes the journal that the preview shows; the file is downloaded and kept. */
export function ExportSheet({ period, choice, preview, onShow }: ExportSheetProps): ReactElement {
  const { may } = useSession();
  const [allowUnbalanced, setAllowUnbalanced] = useState(false);
  const [written, setWritten] = useState<Schema<'ExportedJournal'> | null>(null);
  const run = useAction(() => exportJournal(period, choice, allowUnbalanced), {
    ownErrors: true,
    onDone: (journal) => {
      setWritten(journal);
      window.location.assign(fileAddress(journal));
    },
  });
  // Who insists gets a journal that lacks something; a template that fails writes none.
  const isFailing = preview?.problems.some(({ mend }) => mend === 'template') === true;
  const isObstructed = preview?.obstructed === true && !isFailing;
  if (!may('reviewer')) {
    return (
      <Text size="sm" c="dimmed" px="xs">
        A reviewer writes journals; what was written stands under Exports.
      </Text>
    );
  }
  return (
    <ForRole role="reviewer">
      <Stack gap="sm">
        {isObstructed && (
          <Checkbox
            label="Write it all the same"
            description="The file will not balance, or lacks accounts. The log keeps what was wrong."
            checked={allowUnbalanced}
            onChange={({ currentTarget }) => setAllowUnbalanced(currentTarget.checked)}
          />
        )}
        <Button
          fullWidth
          leftSection={<IconFileExport size={16} />}
          loading={run.isPending}
          disabled={preview === undefined || preview.nothingChanged || isFailing || (isObstructed && !allowUnbalanced)}
          onClick={() => run.mutate(undefined)}
        >
          {choice.delta ? 'Export the delta' : 'Export'}
        </Button>
        {run.isPending && (
          <div role="status">
            <Text size="sm" mb={4}>
              Writing {preview === undefined ? 'the journal' : counted(preview.rowCount, 'row')} …
            </Text>
            <Progress size="sm" value={100} animated aria-label="Writing the journal" />
          </div>
        )}
        {isFailing && (
          <Text size="sm" c="dimmed">
            The template can’t be filled in: see the problems.
          </Text>
        )}
        {preview?.nothingChanged === true && written === null && (
          <Text size="sm" c="dimmed">
            There is nothing to write.
          </Text>
        )}
        {run.error !== null && <ErrorPanel error={run.error} title="Nothing was written" />}
        {written !== null && <Written journal={written} onShow={onShow} />}
      </Stack>
    </ForRole>
  );
}

function Written({
  journal,
  onShow,
}: {
  readonly journal: Schema<'ExportedJournal'>;
  readonly onShow: (tab: string) => void;
}): ReactElement {
  const currency = useCurrency();
  const { number, fileName, rowCount, bytes, debits, credits } = journal;
  return (
    <Alert variant="light" icon={<IconCircleCheck size={18} />} title={`Journal ${number} is written`} role="status">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {fileName}: {counted(rowCount, 'row')}, {bytesText(bytes)}, debits <Money value={debits} currency={currency} />, credits{' '}
        <Money value={credits} currency={currency} />.
      </Text>
      <Text size="sm" mt={6}>
        Once accounting has booked it, record that under{' '}
        <Anchor component="button" type="button" inherit onClick={() => onShow('exports')}>
          Exports
        </Anchor>
        .
      </Text>
      <Group mt="xs">
        <Button
          component="a"
          href={fileAddress(journal)}
          download
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} />}
        >
          Download again
        </Button>
      </Group>
    </Alert>
  );
}
