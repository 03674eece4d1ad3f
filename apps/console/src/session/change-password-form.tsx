import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ReactElement, useState } from 'react';
import { type Schema, answerOf, sdk } from '../api/sdk-client.js';
import { ErrorPanel } from '../components/error-panel.js';

/** Changes the own password; the server knows the requirements and lists what is missing. */
export function ChangePasswordForm({ onChanged }: { readonly onChanged: (session: Schema<'SessionInfo'>) => void }): ReactElement {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { current: '', next: '', again: '' },
    validate: {
      current: (value) => (value === '' ? 'Enter your current password' : null),
      next: (value) => (value === '' ? 'Enter a new password' : null),
      again: (value, values) => (value === values.next ? null : 'Does not match the new password'),
    },
  });

  async function change({ current, next }: { current: string; next: string }): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      onChanged(await answerOf(sdk.POST('/api/v1/session/password', { body: { current, new: next } })));
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={form.onSubmit((values) => void change(values))} noValidate>
      <Stack gap="sm">
        <PasswordInput label="Current password" autoComplete="current-password" {...form.getInputProps('current')} />
        <PasswordInput label="New password" autoComplete="new-password" {...form.getInputProps('next')} />
        <PasswordInput label="New password again" autoComplete="new-password" {...form.getInputProps('again')} />
        {error !== null && <ErrorPanel error={error} />}
        <Button type="submit" loading={busy} mt={4}>
          Change password
        </Button>
      </Stack>
    </form>
  );
}
