import { Button, Drawer, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { given } from '../../api/given.js';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { useAction } from '../../components/use-action.js';
import { SETTING_WORDS } from './setting-words.js';

interface AddSourceDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Adds a source by its name, and leads to the page with its settings. */
export function AddSourceDrawer({ opened, onClose }: AddSourceDrawerProps): ReactElement {
  return (
    <Drawer opened={opened} onClose={onClose} size={460} title={<Text fw={600}>Add a source</Text>}>
      {opened && <NewSourceForm onClose={onClose} />}
    </Drawer>
  );
}

function NewSourceForm({ onClose }: { readonly onClose: () => void }): ReactElement {
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: '', displayName: '', pattern: '' },
    validate: { name: (value) => (value.trim() === '' ? 'Give the source a short name' : null) },
  });
  const add = useAction(
    ({ name, ...settings }: typeof form.values) =>
      answerOf(sdk.POST('/api/v1/sources', { body: { name: name.trim(), ...given(settings) } })),
    {
      ownErrors: true,
      done: ({ name }) => `Source ${name} is added`,
      onDone: ({ name }) => void navigate(`/sources/${encodeURIComponent(name)}`),
    },
  );
  return (
    <form onSubmit={form.onSubmit((values) => add.mutate(values))} noValidate>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="Short, and stays for ever: aws, hpc, storage"
          withAsterisk
          {...form.getInputProps('name')}
          data-autofocus
        />
        <TextInput label="Display name" placeholder="Amazon Web Services" {...form.getInputProps('displayName')} />
        <TextInput
          label={SETTING_WORDS.pattern.label}
          description={`${SETTING_WORDS.pattern.about} Left empty, it is the name.`}
          {...form.getInputProps('pattern')}
        />
        <Text size="xs" c="dimmed">
          How its files are read and what is credited for it is set on its page, which opens next.
        </Text>
        {add.error !== null && <ErrorPanel error={add.error} />}
        <Group justify="flex-end" gap="xs" mt="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
