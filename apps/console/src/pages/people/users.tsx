import { ActionIcon, Badge, Button, Group, Menu, Modal, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconDots, IconUserPlus } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { ActionDialog } from '../../components/action-dialog.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Moment } from '../../components/moment.js';
import { Sheet } from '../../components/sheet.js';
import { useAction } from '../../components/use-action.js';
import { useSession } from '../../session/session.js';
import { type User, useUsers } from './people-queries.js';

const ROLES: readonly { readonly value: User['role']; readonly label: string }[] = [
  { value: 'viewer', label: 'Viewer: reads' },
  { value: 'reviewer', label: 'Reviewer: imports, reviews, sends, exports' },
  { value: 'admin', label: 'Admin: also finalizes and manages' },
];
const ROLE_COLORS: Readonly<Record<User['role'], string>> = { viewer: 'gray', reviewer: 'blue', admin: 'lagoon' };

type Editing = { readonly kind: 'new' } | { readonly kind: 'change' | 'password' | 'disable' | 'enable'; readonly user: User };

/** Accounts: adding, changing, disabling. */
export function Users(): ReactElement {
  const users = useUsers();
  const { email: own } = useSession();
  const [editing, setEditing] = useState<Editing | null>(null);
  const close = (): void => setEditing(null);
  const setEnabled = useAction(
    ({ email, enabled }: { email: string; enabled: boolean }) =>
      answerOf(sdk.PATCH('/api/v1/users/{email}', { params: { path: { email } }, body: { enabled } })),
    { ownErrors: true, done: ({ email, enabled }) => `${email} is ${enabled ? 'enabled' : 'disabled'}` },
  );
  if (users.error !== null && users.data === undefined) return <ErrorPanel error={users.error} onRetry={() => void users.refetch()} />;
  return (
    <>
      <Sheet
        flush
        title="Users"
        aside={
          <Button size="xs" leftSection={<IconUserPlus size={15} />} onClick={() => setEditing({ kind: 'new' })}>
            Add a user
          </Button>
        }
      >
        <DataTable rows={users.data} columns={columnsWith(own, setEditing)} keyOf={({ email }) => email} label="Users" empty={null} />
      </Sheet>
      <Modal
        opened={editing?.kind === 'new' || editing?.kind === 'change' || editing?.kind === 'password'}
        onClose={close}
        title={<Text fw={600}>{titleOf(editing)}</Text>}
      >
        {editing?.kind === 'new' && <NewUserForm onClose={close} />}
        {editing?.kind === 'change' && <ChangeUserForm user={editing.user} isOwn={editing.user.email === own} onClose={close} />}
        {editing?.kind === 'password' && <NewPasswordForm user={editing.user} onClose={close} />}
      </Modal>
      <ActionDialog
        opened={editing?.kind === 'disable' || editing?.kind === 'enable'}
        onClose={close}
        title={editing?.kind === 'disable' ? 'Disable this account?' : 'Enable this account?'}
        confirm={editing?.kind === 'disable' ? 'Disable' : 'Enable'}
        danger={editing?.kind === 'disable'}
        run={() => setEnabled.mutateAsync({ email: userOf(editing)?.email ?? '', enabled: editing?.kind === 'enable' })}
      >
        <Text size="sm">
          {userOf(editing)?.email}{' '}
          {editing?.kind === 'disable' ? 'can no longer sign in, and open sessions end at once.' : 'can sign in again.'}
        </Text>
      </ActionDialog>
    </>
  );
}

function userOf(editing: Editing | null): User | null {
  return editing === null || editing.kind === 'new' ? null : editing.user;
}

function titleOf(editing: Editing | null): string {
  if (editing === null || editing.kind === 'new') return 'Add a user';
  return editing.kind === 'password' ? `New password for ${editing.user.email}` : `Change ${editing.user.email}`;
}

function columnsWith(own: string, onEdit: (editing: Editing) => void): readonly Column<User>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      render: ({ displayName, email, enabled }) => (
        <Group gap={8} wrap="nowrap">
          <b>{displayName}</b>
          {email === own && <Badge color="gray">you</Badge>}
          {!enabled && <Badge color="red">disabled</Badge>}
        </Group>
      ),
      compare: (a, b) => a.displayName.localeCompare(b.displayName),
    },
    { key: 'email', title: 'Email', render: ({ email }) => email, compare: (a, b) => a.email.localeCompare(b.email) },
    { key: 'role', title: 'Role', width: 110, render: ({ role }) => <Badge color={ROLE_COLORS[role]}>{role}</Badge> },
    {
      key: 'last',
      title: 'Last sign-in',
      width: 130,
      render: ({ lastSignInAt }) => (lastSignInAt === null ? 'never' : <Moment at={lastSignInAt} />),
      compare: (a, b) => (a.lastSignInAt ?? '').localeCompare(b.lastSignInAt ?? ''),
    },
    {
      key: 'actions',
      title: '',
      width: 56,
      right: true,
      render: (user) => (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon aria-label={`Actions for ${user.email}`}>
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onEdit({ kind: 'change', user })}>Name and role …</Menu.Item>
            {user.email !== own && <Menu.Item onClick={() => onEdit({ kind: 'password', user })}>Set a password …</Menu.Item>}
            {user.email !== own && (
              <Menu.Item
                {...(user.enabled ? { color: 'red' } : {})}
                onClick={() => onEdit({ kind: user.enabled ? 'disable' : 'enable', user })}
              >
                {user.enabled ? 'Disable …' : 'Enable …'}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ];
}

function NewUserForm({ onClose }: { readonly onClose: () => void }): ReactElement {
  const form = useForm<{ email: string; displayName: string; role: User['role']; password: string }>({
    initialValues: { email: '', displayName: '', role: 'reviewer', password: '' },
    validate: {
      email: (value) => (value.trim() === '' ? 'Enter the email address' : null),
      displayName: (value) => (value.trim() === '' ? 'Enter the name' : null),
      password: (value) => (value === '' ? 'Enter a first password' : null),
    },
  });
  const create = useAction((values: typeof form.values) => answerOf(sdk.POST('/api/v1/users', { body: values })), {
    ownErrors: true,
    done: ({ email }) => `${email} can sign in`,
    onDone: onClose,
  });
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
      <Stack gap="sm">
        <TextInput label="Email" autoComplete="off" {...form.getInputProps('email')} data-autofocus />
        <TextInput label="Name" autoComplete="off" {...form.getInputProps('displayName')} />
        <Select label="Role" allowDeselect={false} data={[...ROLES]} {...form.getInputProps('role')} />
        <PasswordInput label="First password" autoComplete="new-password" {...form.getInputProps('password')} />
        {create.error !== null && <ErrorPanel error={create.error} />}
        <FormButtons confirm="Add" busy={create.isPending} onClose={onClose} />
      </Stack>
    </form>
  );
}

interface UserFormProps {
  readonly user: User;
  readonly onClose: () => void;
}

function ChangeUserForm({ user, isOwn, onClose }: UserFormProps & { readonly isOwn: boolean }): ReactElement {
  const form = useForm({ initialValues: { displayName: user.displayName, role: user.role } });
  const change = useAction(
    ({ displayName, role }: typeof form.values) => {
      const body = { displayName, ...(role === user.role ? {} : { role }) };
      return answerOf(sdk.PATCH('/api/v1/users/{email}', { params: { path: { email: user.email } }, body }));
    },
    { ownErrors: true, done: ({ email }) => `${email} is changed`, onDone: onClose },
  );
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack gap="sm">
        <TextInput label="Name" {...form.getInputProps('displayName')} data-autofocus />
        <Select
          label="Role"
          description={isOwn ? 'Nobody changes the own role; another admin can.' : 'Open sessions of the account end when it changes.'}
          allowDeselect={false}
          disabled={isOwn}
          data={[...ROLES]}
          {...form.getInputProps('role')}
        />
        {change.error !== null && <ErrorPanel error={change.error} />}
        <FormButtons confirm="Save" busy={change.isPending} onClose={onClose} />
      </Stack>
    </form>
  );
}

function NewPasswordForm({ user, onClose }: UserFormProps): ReactElement {
  const form = useForm({ initialValues: { password: '' } });
  const change = useAction(
    ({ password }: typeof form.values) =>
      answerOf(sdk.PATCH('/api/v1/users/{email}', { params: { path: { email: user.email } }, body: { password } })),
    { ownErrors: true, done: ({ email }) => `${email} has a new password`, onDone: onClose },
  );
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack gap="sm">
        <PasswordInput
          label="New password"
          description="Open sessions of the account end."
          autoComplete="new-password"
          {...form.getInputProps('password')}
          data-autofocus
        />
        {change.error !== null && <ErrorPanel error={change.error} />}
        <FormButtons confirm="Set the password" busy={change.isPending} onClose={onClose} />
      </Stack>
    </form>
  );
}

interface FormButtonsProps {
  readonly confirm: string;
  readonly busy: boolean;
  readonly onClose: () => void;
}

function FormButtons({ confirm, busy, onClose }: FormButtonsProps): ReactElement {
  return (
    <Group justify="flex-end" gap="xs" mt={4}>
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" loading={busy}>
        {confirm}
      </Button>
    </Group>
  );
}
