import { Stack, Text, ThemeIcon } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';

interface EmptyNoteProps {
  readonly icon: Icon;
  readonly title: string;
  /** What to do next, or why there is nothing to do. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly compact?: boolean;
}

/** Says that there is nothing here, and what comes next. */
export function EmptyNote({ icon: Glyph, title, children, action, compact = false }: EmptyNoteProps): ReactElement {
  return (
    <Stack align="center" gap={6} py={compact ? 'lg' : 48} px="lg" ta="center">
      <ThemeIcon size={compact ? 36 : 46} radius="xl" variant="light" aria-hidden>
        <Glyph size={compact ? 19 : 24} stroke={1.6} />
      </ThemeIcon>
      <Text fw={600} mt={4}>
        {title}
      </Text>
      <Text size="sm" c="dimmed" maw={440}>
        {children}
      </Text>
      {action !== undefined && <div style={{ marginTop: 8 }}>{action}</div>}
    </Stack>
  );
}
