import { Alert, Button, Group, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { asProblem } from '../api/problem.js';

interface ErrorPanelProps {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: (() => void) | undefined;
}

/** Why something failed, in the server's words, with its list of problems and a way to try again. */
export function ErrorPanel({ error, title = 'That did not work', onRetry }: ErrorPanelProps): ReactElement {
  const problem = asProblem(error);
  // Few findings are often spelt out in the sentence already.
  const isSaid = problem.problems.every(({ where, what }) => problem.detail.includes(where) && problem.detail.includes(what));
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={title} role="alert">
      <Text size="sm">{problem.detail}</Text>
      {!isSaid && (
        <List size="sm" mt={6}>
          {problem.problems.slice(0, 20).map(({ where, what }, index) => (
            <List.Item key={index}>
              <b>{where}</b> {what}
            </List.Item>
          ))}
        </List>
      )}
      {problem.problems.length > 20 && (
        <Text size="sm" mt={4}>
          … and {problem.problems.length - 20} more.
        </Text>
      )}
      {problem.correlationId !== null && problem.status >= 500 && (
        <Text size="xs" c="dimmed" mt={6}>
          Reference for the log: <span className="figures">{problem.correlationId}</span>
        </Text>
      )}
      {onRetry !== undefined && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}
