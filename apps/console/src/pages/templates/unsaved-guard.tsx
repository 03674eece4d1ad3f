import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactElement, useEffect } from 'react';
import { useBlocker } from 'react-router';

/** Asks before a page is left whose text is not saved. */
export function UnsavedGuard({ isDirty }: { readonly isDirty: boolean }): ReactElement {
  const blocker = useBlocker(({ currentLocation: from, nextLocation: to }) => isDirty && placeOf(from) !== placeOf(to));
  useEffect(() => {
    if (!isDirty) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
  return (
    <Modal opened={blocker.state === 'blocked'} onClose={() => blocker.reset?.()} title={<Text fw={600}>Leave without saving?</Text>}>
      <Stack gap="md">
        <Text size="sm">What you changed in this template is not saved, and is lost when you leave.</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
            Stay
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The period in an address says what is previewed; another one is no other page. */
function placeOf({ pathname, search }: { readonly pathname: string; readonly search: string }): string {
  const query = new URLSearchParams(search);
  return [pathname, query.get('area'), query.get('name')].join('\n');
}
