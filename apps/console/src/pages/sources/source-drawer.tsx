import { Button, Drawer, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { given } from '../../api/given.js';
import type { Source } from '../../api/queries.js';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { useAction } from '../../components/use-action.js';

interface SourceDrawerProps {
  readonly edited: Source | 'new' | null;
  readonly onClose: () => void;
}

/** Adds a source, or changes one; its name stays for ever. */
export function SourceDrawer({ edited, onClose }: SourceDrawerProps): ReactElement {
  return (
    <Drawer
      opened={edited !== null}
      onClose={onClose}
      size={460}
      title={<Text fw={600}>{edited === 'new' || edited === null ? 'Add a source' : edited.displayName}</Text>}
    >
      {edited !== null && <SourceForm source={edited === 'new' ? null : edited} onClose={onClose} />}
    </Drawer>
  );
}

const MODES = [
  { value: 'merge', label: 'Merge: lines not in a new file stay' },
  { value: 'replace', label: 'Replace: a file is everything of its month' },
  { value: 'append', label: 'Append: every line is new' },
];
const BASES = [
  { value: 'billed', label: 'Billed cost' },
  { value: 'effective', label: 'Effective cost' },
];

function SourceForm({ source, onClose }: { readonly source: Source | null; readonly onClose: () => void }): ReactElement {
  const form = useForm({
    initialValues: {
      name: source?.name ?? '',
      displayName: source?.displayName ?? '',
      pattern: source?.pattern ?? '',
      fundOrg: source?.fundOrg ?? '',
      accountCode: source?.accountCode ?? '',
      deliveryMode: source?.deliveryMode ?? 'merge',
      costBasis: source?.costBasis ?? 'billed',
      dateFormat: source?.dateFormat ?? '',
      lineIdColumn: source?.lineIdColumn ?? '',
      enabled: source?.enabled ?? true,
    },
    validate: { name: (value) => (value.trim() === '' ? 'Give the source a short name' : null) },
  });
  const save = useAction(
    ({ name, ...settings }: typeof form.values) =>
      source === null
        ? answerOf(sdk.POST('/api/v1/sources', { body: { name: name.trim(), ...given(settings) } }))
        : answerOf(sdk.PATCH('/api/v1/sources/{name}', { params: { path: { name: source.name } }, body: settings })),
    { ownErrors: true, done: ({ name }) => (source === null ? `Source ${name} is added` : `Source ${name} is changed`), onDone: onClose },
  );
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="Short and lasting: aws, hpc, storage"
          disabled={source !== null}
          withAsterisk={source === null}
          {...form.getInputProps('name')}
          data-autofocus
        />
        <TextInput label="Display name" placeholder="Amazon Web Services" {...form.getInputProps('displayName')} />
        <TextInput
          label="File names contain"
          description="Tells the source of a file; the longest match wins"
          {...form.getInputProps('pattern')}
        />
        <TextInput label="Credit fund/org" description="Credited in the journal" {...form.getInputProps('fundOrg')} />
        <TextInput label="Account" description="Of charges without one of their own" {...form.getInputProps('accountCode')} />
        <Select label="Delivery mode" allowDeselect={false} data={MODES} {...form.getInputProps('deliveryMode')} />
        <Select label="Cost basis" allowDeselect={false} data={BASES} {...form.getInputProps('costBasis')} />
        <TextInput
          label="Date format"
          placeholder="M/D/YY"
          description="Only for files with ambiguous dates"
          {...form.getInputProps('dateFormat')}
        />
        <TextInput
          label="Line id column"
          description="Identifies a line between deliveries, if the files have such a column"
          {...form.getInputProps('lineIdColumn')}
        />
        <Switch label="Takes imports" mt={4} {...form.getInputProps('enabled', { type: 'checkbox' })} />
        {save.error !== null && <ErrorPanel error={save.error} />}
        <Group justify="flex-end" gap="xs" mt="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={source !== null && !form.isDirty()}>
            {source === null ? 'Add' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
