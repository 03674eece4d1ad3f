import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { asProblem } from '../api/problem.js';

interface Undo {
  readonly label: string;
  readonly run: () => void;
}

/** Tells that something is done; with an undo it stays longer. */
export function toastDone(message: string, undo?: Undo): void {
  const id = `done-${message}`;
  notifications.hide(id);
  notifications.show({
    id,
    color: 'lagoon',
    closeButtonProps: { 'aria-label': 'Dismiss' },
    icon: <IconCheck size={16} />,
    autoClose: undo === undefined ? 4000 : 12_000,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{message}</Text>
        {undo !== undefined && (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              notifications.hide(id);
              undo.run();
            }}
          >
            {undo.label}
          </Button>
        )}
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
