import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type SyntheticEvent, type ReactElement, useState } from 'react';
import { useNavigate } from 'react-router';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { periodName } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';

interface OpenPeriodDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Opens a billing period by hand. */
export function OpenPeriodDialog({ opened, onClose }: OpenPeriodDialogProps): ReactElement {
  const [period, setPeriod] = useState('');
  const navigate = useNavigate();
  const open = useAction((month: string) => answerOf(sdk.POST('/api/v1/periods', { body: { period: month } })), {
    ownErrors: true,
    done: (changed) => `${periodName(changed.period)} is open`,
    onDone: (changed) => {
      onClose();
      setPeriod('');
      void navigate(`/periods/${changed.period}`);
    },
  });
  function submit(event: SyntheticEvent): void {
    event.preventDefault();
    open.mutate(period.trim());
  }
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>Open a period</Text>} size="sm">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Month"
            description="Year and month, such as 2026-01"
            placeholder="YYYY-MM"
            value={period}
            onChange={(event) => setPeriod(event.currentTarget.value)}
            data-autofocus
          />
          {open.error !== null && <ErrorPanel error={open.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={open.isPending} disabled={!/^\d{4}-\d{2}$/.test(period.trim())}>
              Open
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
