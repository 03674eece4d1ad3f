import { Badge, Group, Progress, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import type { Schema } from '../../api/sdk-client.js';
import { bytesText } from '../../components/field-words.js';

/** Null before the reader has told anything: the file may still wait for its turn. */
type Told = Schema<'ReadingProgressInfo'> | null;

interface ReadingProgressProps {
  readonly what: string;
  readonly progress: Told;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

/** How far the reading of a file is, in bytes and rows. */
export function ReadingProgress({ what, progress, children }: ReadingProgressProps): ReactElement {
  const share = shareOf(progress);
  return (
    <div>
      <Group justify="space-between" mb={6} gap="sm">
        <Text size="sm" role="status">
          {what} {progress === null ? 'is about to begin …' : 'under way …'}
        </Text>
        <Group gap="sm">
          {progress !== null && (
            <Text size="sm" c="dimmed" className="figures">
              {bytesText(progress.bytesRead)} of {bytesText(progress.bytes)} · {progress.rows.toLocaleString('en')} rows
            </Text>
          )}
          {children}
        </Group>
      </Group>
      <Progress value={share ?? 100} animated={share === null} striped={share === null} size="sm" aria-label={`${what} under way`} />
    </div>
  );
}

/** The same in little, as the state of a file in a list. */
export function ReadingShare({ progress }: { readonly progress: Told }): ReactElement {
  const share = shareOf(progress);
  return share === null ? (
    <Badge color="gray">Waiting</Badge>
  ) : (
    <Badge color="blue" className="figures">
      Being read {Math.floor(share)} %
    </Badge>
  );
}

function shareOf(progress: Told): number | null {
  return progress === null || progress.bytes === 0 ? null : Math.min(100, (progress.bytesRead / progress.bytes) * 100);
}
