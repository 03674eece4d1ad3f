import { Group, Progress, Text } from '@mantine/core';
import type { ReactElement } from 'react';

interface ReadingProgressProps {
  readonly what: string;
  /** As the job reports it; what it holds depends on how far it is. */
  readonly progress: Record<string, unknown> | null;
}

/** How far the reading of a file is, in rows and, where the size is known, in percent. */
export function ReadingProgress({ what, progress }: ReadingProgressProps): ReactElement {
  const rows = progress?.['rows'];
  const [bytesRead, bytes] = [progress?.['bytesRead'], progress?.['bytes']];
  const share = typeof bytesRead === 'number' && typeof bytes === 'number' && bytes > 0 ? Math.min(100, (bytesRead / bytes) * 100) : null;
  return (
    <div role="status">
      <Group justify="space-between" mb={6}>
        <Text size="sm">{what} under way …</Text>
        {typeof rows === 'number' && (
          <Text size="sm" c="dimmed" className="figures">
            {rows.toLocaleString('en')} rows
          </Text>
        )}
      </Group>
      <Progress value={share ?? 100} animated={share === null} striped={share === null} size="sm" aria-label={`${what} under way`} />
    </div>
  );
}
