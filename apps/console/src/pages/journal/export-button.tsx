import { Alert, Button, Checkbox, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { type SyntheticEvent, type ReactElement, useState } from 'react';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { ForRole } from '../../session/session.js';
import { type JournalFormat, type JournalPreview, fileAddress } from './journal-queries.js';

const FORMATS: readonly { readonly value: JournalFormat; readonly label: string; readonly what: string }[] = [
  { value: 'template', label: 'Template', what: 'entries laid out by the configured Jinja template' },
  { value: 'gl', label: 'GL', what: 'a debit per fund/org, one credit to the clearing account' },
  { value: 'summary', label: 'Summary', what: 'a row per PI, project and fund/org' },
  { value: 'default', label: 'By service', what: 'a row per PI, project and service' },
  { value: 'detail', label: 'Detail', what: 'a row per charge' },
];

interface ExportProps {
  readonly period: string;
  readonly preview: JournalPreview;
  readonly flaggedCount: number;
}

/** Exports the journal in a format; the file is downloaded and kept. */
export function ExportButton(props: ExportProps): ReactElement {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <ForRole role="reviewer">
      <Button leftSection={<IconDownload size={16} />} onClick={open}>
        Export …
      </Button>
      <Modal opened={opened} onClose={close} title={<Text fw={600}>Export the journal of {periodName(props.period)}</Text>}>
        {opened && <ExportForm {...props} onClose={close} />}
      </Modal>
    </ForRole>
  );
}

function ExportForm({ period, preview, flaggedCount, onClose }: ExportProps & { readonly onClose: () => void }): ReactElement {
  const [format, setFormat] = useState<JournalFormat>('template');
  const [includeFlagged, setIncludeFlagged] = useState(false);
  const [allowUnbalanced, setAllowUnbalanced] = useState(false);
  const isObstructed = format === 'template' && (preview.problems.length > 0 || !preview.balanced);
  const run = useAction(
    () => {
      const body = { format, ...(includeFlagged ? { includeFlagged } : {}), ...(allowUnbalanced ? { allowUnbalanced } : {}) };
      return answerOf(sdk.POST('/api/v1/periods/{period}/journals', { params: { path: { period } }, body }));
    },
    {
      ownErrors: true,
      done: ({ fileName, rowCount }) => `${fileName} exported with ${counted(rowCount, 'row')}`,
      onDone: (journal) => {
        window.location.assign(fileAddress(journal));
        onClose();
      },
    },
  );
  function submit(event: SyntheticEvent): void {
    event.preventDefault();
    run.mutate(undefined);
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group
          label="Format"
          value={format}
          onChange={(value) => setFormat(FORMATS.find((each) => each.value === value)?.value ?? format)}
        >
          <Stack gap={8} mt={6}>
            {FORMATS.map(({ value, label, what }) => (
              <Radio key={value} value={value} label={label} description={what} />
            ))}
          </Stack>
        </Radio.Group>
        {flaggedCount > 0 && (
          <Checkbox
            label={`Include ${counted(flaggedCount, 'charge')} that ${flaggedCount === 1 ? 'waits' : 'wait'} for review`}
            description="The file’s name says so. Not for booking."
            checked={includeFlagged}
            onChange={(event) => setIncludeFlagged(event.currentTarget.checked)}
          />
        )}
        {isObstructed && (
          <Alert color="yellow" variant="light" title={`${counted(preview.problems.length, 'problem')} would keep it from being booked`}>
            <Text size="sm">{preview.problems[0]?.text}</Text>
            <Checkbox
              mt="sm"
              label="Export all the same"
              checked={allowUnbalanced}
              onChange={(event) => setAllowUnbalanced(event.currentTarget.checked)}
            />
          </Alert>
        )}
        {run.error !== null && <ErrorPanel error={run.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={run.isPending} disabled={isObstructed && !allowUnbalanced}>
            Export
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
