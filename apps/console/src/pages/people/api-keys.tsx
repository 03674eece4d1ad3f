import { Alert, Badge, Button, Code, CopyButton, Group, Modal, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck, IconCopy, IconKey, IconPlus } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useSources } from '../../api/queries.js';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { ActionDialog } from '../../components/action-dialog.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Moment } from '../../components/moment.js';
import { Sheet } from '../../components/sheet.js';
import { useAction } from '../../components/use-action.js';
import { type ApiKey, type IssuedKey, type Scope, useApiKeys } from './people-queries.js';

const SCOPES: readonly { readonly value: Scope; readonly label: string }[] = [
  { value: 'imports:write', label: 'imports:write – hand in files' },
  { value: 'charges:read', label: 'charges:read – read charges' },
  { value: 'journals:read', label: 'journals:read – fetch journals' },
  { value: 'metrics:read', label: 'metrics:read – watch the program (Prometheus)' },
];

/** Keys of upstream exporters and other programs. */
export function ApiKeys(): ReactElement {
  const keys = useApiKeys();
  const [isIssuing, setIssuing] = useState(false);
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const revoke = useAction((id: string) => answerOf(sdk.DELETE('/api/v1/keys/{id}', { params: { path: { id } } })), {
    ownErrors: true,
    done: () => 'The key is revoked',
  });
  const close = (): void => {
    setIssuing(false);
    setIssued(null);
  };
  const addButton = (
    <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => setIssuing(true)}>
      Issue a key
    </Button>
  );
  if (keys.error !== null && keys.data === undefined) return <ErrorPanel error={keys.error} onRetry={() => void keys.refetch()} />;
  return (
    <>
      <Sheet flush title="API keys" aside={addButton}>
        <DataTable
          rows={keys.data}
          columns={columnsWith(setRevoking)}
          keyOf={({ keyId }) => keyId}
          label="API keys"
          minWidth={760}
          empty={
            <EmptyNote icon={IconKey} title="No program has a key">
              Issue one for an exporter that hands in files by itself, limited to what it needs.
            </EmptyNote>
          }
        />
      </Sheet>
      <Modal
        opened={isIssuing}
        onClose={close}
        title={<Text fw={600}>{issued === null ? 'Issue an API key' : 'Copy the key now'}</Text>}
        closeOnClickOutside={issued === null}
        closeOnEscape={issued === null}
      >
        {isIssuing && issued === null && <IssueForm onIssued={setIssued} onClose={close} />}
        {issued !== null && <ShownOnce issued={issued} onClose={close} />}
      </Modal>
      <ActionDialog
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title="Revoke this key?"
        confirm="Revoke"
        danger
        run={() => revoke.mutateAsync(revoking?.keyId ?? '')}
      >
        <Text size="sm">“{revoking?.name}” is refused from now on. This can’t be taken back; issue a new key instead.</Text>
      </ActionDialog>
    </>
  );
}

function columnsWith(onRevoke: (key: ApiKey) => void): readonly Column<ApiKey>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      render: ({ name, keyId }) => (
        <>
          <b>{name}</b>{' '}
          <Text span size="xs" c="dimmed">
            {keyId}
          </Text>
        </>
      ),
      compare: (a, b) => a.name.localeCompare(b.name),
    },
    {
      key: 'scopes',
      title: 'May',
      render: ({ scopes }) => (
        <Group gap={4}>
          {scopes.map((scope) => (
            <Badge key={scope} color="gray">
              {scope}
            </Badge>
          ))}
        </Group>
      ),
    },
    { key: 'sources', title: 'Sources', width: 140, render: ({ sources }) => (sources === null ? 'any' : sources.join(', ')) },
    { key: 'expires', title: 'Expires', width: 110, render: ({ expiresAt }) => (expiresAt === null ? 'never' : <Moment at={expiresAt} />) },
    { key: 'by', title: 'Issued', width: 110, render: ({ createdAt }) => <Moment at={createdAt} /> },
    {
      key: 'revoke',
      title: '',
      width: 110,
      right: true,
      render: (key) =>
        key.revokedAt === null ? (
          <Button size="compact-xs" variant="subtle" color="red" onClick={() => onRevoke(key)}>
            Revoke
          </Button>
        ) : (
          <Badge color="red">revoked</Badge>
        ),
    },
  ];
}

interface IssueFormProps {
  readonly onIssued: (key: IssuedKey) => void;
  readonly onClose: () => void;
}

function IssueForm({ onIssued, onClose }: IssueFormProps): ReactElement {
  const { data: sources } = useSources();
  const form = useForm<{ name: string; scopes: Scope[]; sources: string[]; expires: string }>({
    initialValues: { name: '', scopes: ['imports:write'], sources: [], expires: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Say who uses the key' : null),
      scopes: (value) => (value.length === 0 ? 'Choose at least one' : null),
    },
  });
  const issue = useAction(
    ({ name, scopes, sources: bound, expires }: typeof form.values) =>
      answerOf(
        sdk.POST('/api/v1/keys', {
          body: {
            name: name.trim(),
            scopes,
            ...(bound.length === 0 ? {} : { sources: bound }),
            ...(expires === '' ? {} : { expiresAt: `${expires}T23:59:59Z` }),
          },
        }),
      ),
    { ownErrors: true, onDone: onIssued },
  );
  return (
    <form onSubmit={form.onSubmit((values) => issue.mutate(values))} noValidate>
      <Stack gap="sm">
        <TextInput label="Name" placeholder="HPC exporter" description="Who uses the key" {...form.getInputProps('name')} data-autofocus />
        <MultiSelect label="May" size="sm" data={[...SCOPES]} {...form.getInputProps('scopes')} />
        <MultiSelect
          label="Only for these sources"
          size="sm"
          placeholder={form.values.sources.length === 0 ? 'any source' : ''}
          data={(sources ?? []).map(({ name, displayName }) => ({ value: name, label: displayName }))}
          clearable
          {...form.getInputProps('sources')}
        />
        <TextInput label="Expires at the end of" type="date" description="Left empty: never" {...form.getInputProps('expires')} />
        {issue.error !== null && <ErrorPanel error={issue.error} />}
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={issue.isPending}>
            Issue
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ShownOnce({ issued, onClose }: { readonly issued: IssuedKey; readonly onClose: () => void }): ReactElement {
  return (
    <Stack>
      <Alert color="yellow" variant="light">
        This is the only time the key is shown. Whoever has it may {issued.scopes.join(', ')}.
      </Alert>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {issued.token}
      </Code>
      <Group justify="space-between">
        <CopyButton value={issued.token}>
          {({ copied, copy }) => (
            <Button variant="light" leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />} onClick={copy}>
              {copied ? 'Copied' : 'Copy the key'}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onClose}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
