import { Alert, List, Text } from '@mantine/core';
import { IconFileX } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import type { Refusal } from '../../api/import-queries.js';

interface RefusalPanelProps {
  readonly refusal: Refusal;
  /** What can be done instead. */
  readonly children?: ReactNode;
}

/** Why a file was, or would be, refused: nothing of it is held. */
export function RefusalPanel({ refusal, children }: RefusalPanelProps): ReactElement {
  return (
    <Alert color="red" variant="light" icon={<IconFileX size={18} />} title="Nothing of this file is recorded">
      <Text size="sm">{refusal.reason}</Text>
      {refusal.problems.length > 0 && (
        <List size="sm" mt={6}>
          {refusal.problems.slice(0, 12).map(({ where, what }, index) => (
            <List.Item key={index}>
              <b>{where}</b> {what}
            </List.Item>
          ))}
        </List>
      )}
      {refusal.problems.length > 12 && (
        <Text size="sm" mt={4}>
          … and {(refusal.problems.length - 12).toLocaleString('en')} more.
        </Text>
      )}
      {children}
    </Alert>
  );
}
