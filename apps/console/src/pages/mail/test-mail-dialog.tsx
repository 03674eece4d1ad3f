import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { ErrorPanel } from '../../components/error-panel.js';
import { useAction } from '../../components/use-action.js';
import { useSession } from '../../session/session.js';
import { sendTestMail } from './mail-queries.js';

interface TestMailDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Sends a message without a statement and shows what the mail server says. */
export function TestMailDialog({ opened, onClose }: TestMailDialogProps): ReactElement {
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>Send a test message</Text>}>
      {opened && <TestForm onClose={onClose} />}
    </Modal>
  );
}

function TestForm({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { email } = useSession();
  const [to, setTo] = useState(email);
  const test = useAction(sendTestMail, { ownErrors: true });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        test.mutate(to);
      }}
    >
      <Stack gap="md">
        <TextInput
          label="To"
          description="An address of your own"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          withAsterisk
          data-autofocus
        />
        <div role="status">
          {test.data !== undefined && (
            <Alert
              color={test.data.taken ? 'green' : 'red'}
              variant="light"
              icon={test.data.taken ? <IconCheck size={18} /> : <IconAlertTriangle size={18} />}
              title={test.data.devMode ? 'It was written to a file' : test.data.taken ? 'The mail server took it' : 'It could not be sent'}
            >
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {test.data.response}
              </Text>
            </Alert>
          )}
        </div>
        {test.error !== null && <ErrorPanel error={test.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={test.isPending} disabled={to.trim() === ''}>
            {test.data === undefined ? 'Send' : 'Send once more'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
