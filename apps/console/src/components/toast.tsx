import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { asProblem } from '../api/problem.js';

/** What can be done about it from the message. */
interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** Tells that something is done; with something to do about it, an undo, it stays longer. */
export function toastDone(message: string, ...actions: readonly ToastAction[]): void {
  const id = `done-${message}`;
  notifications.hide(id);
  notifications.show({
    id,
    color: 'lagoon',
    closeButtonProps: { 'aria-label': 'Dismiss' },
    icon: <IconCheck size={16} />,
    autoClose: actions.length === 0 ? 4000 : 12_000,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{message}</Text>
        {actions.map(({ label, run }) => (
          <Button
            key={label}
            size="compact-sm"
            variant="subtle"
            style={{ flexShrink: 0 }}
            onClick={() => {
              notifications.hide(id);
              run();
            }}
          >
            {label}
          </Button>
        ))}
      </Group>
    ),
  });
}

/** Tells what failed, with the server's reason. */
export function toastFailure(error: unknown): void {
  const problem = asProblem(error);
  notifications.show({
    color: 'red',
    closeButtonProps: { 'aria-label': 'Dismiss' },
    icon: <IconAlertTriangle size={16} />,
    title: 'That did not work',
    message: problem.detail,
    autoClose: 12_000,
  });
}
