import { Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { type ReactElement, useEffect, useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { asProblem, type Problem } from '../api/problem.js';
import { answerOf, sdk } from '../api/sdk-client.js';
import { ErrorPanel } from '../components/error-panel.js';
import { BrandMark } from '../shell/brand-mark.js';
import { ChangePasswordForm } from './change-password-form.js';
import { useSessionInfo } from './session.js';
import classes from './sign-in.module.css';

/** Sign-in, and the change of a password that no longer satisfies the requirements. */
export function SignInPage(): ReactElement {
  const { session, error, retry, take } = useSessionInfo();
  const [search] = useSearchParams();
  useDocumentTitle('Sign in · OpenChargeback');
  if (session?.signedIn === true && session.mustChangePassword !== true) return <Navigate to={backTarget(search.get('back'))} replace />;
  return (
    <main className={classes['page']}>
      <div className={classes['column']}>
        <div className={classes['brand']}>
          <BrandMark size={40} />
          <div>
            <Title order={1} fz="1.3rem" lh={1.3} className={classes['name']}>
              OpenChargeback
            </Title>
            <Text size="sm" c="dimmed">
              Billing for research computing
            </Text>
          </div>
        </div>
        <Paper p="xl">
          {error !== null && session === undefined ? (
            <ErrorPanel error={error} onRetry={retry} />
          ) : session?.signedIn === true ? (
            <Stack gap="md">
              <div>
                <Text fw={600}>Choose a new password</Text>
                <Text size="sm" c="dimmed">
                  Your password no longer satisfies the requirements. Change it to go on.
                </Text>
              </div>
              <ChangePasswordForm onChanged={take} />
            </Stack>
          ) : (
            <SignInForm onSignedIn={take} />
          )}
        </Paper>
      </div>
    </main>
  );
}

type Session = NonNullable<ReturnType<typeof useSessionInfo>['session']>;

function SignInForm({ onSignedIn }: { readonly onSignedIn: (session: Session) => void }): ReactElement {
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() === '' ? 'Enter your email address' : null),
      password: (value) => (value === '' ? 'Enter your password' : null),
    },
  });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [waitSeconds, setWaitSeconds] = useState(0);

  useEffect(() => {
    if (waitSeconds <= 0) return;
    const timer = window.setTimeout(() => setWaitSeconds(waitSeconds - 1), 1000);
    return () => window.clearTimeout(timer);
  }, [waitSeconds]);

  async function signIn(values: { email: string; password: string }): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      onSignedIn(await answerOf(sdk.POST('/api/v1/session', { body: { email: values.email.trim(), password: values.password } })));
    } catch (error) {
      const refused = asProblem(error);
      setProblem(refused);
      setWaitSeconds(refused.retryAfterSeconds ?? 0);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={form.onSubmit((values) => void signIn(values))} noValidate>
      <Stack gap="md">
        <TextInput
          label="Email"
          type="text"
          inputMode="email"
          autoComplete="username"
          autoFocus
          size="md"
          {...form.getInputProps('email')}
        />
        <PasswordInput label="Password" autoComplete="current-password" size="md" {...form.getInputProps('password')} />
        {problem !== null && <ErrorPanel error={problem} title="You are not signed in" />}
        <Button type="submit" size="md" loading={busy} disabled={waitSeconds > 0} fullWidth>
          {waitSeconds > 0 ? `Wait ${waitSeconds} s` : 'Sign in'}
        </Button>
      </Stack>
    </form>
  );
}

/** Only a path of this site: an address from a link must not lead elsewhere. */
function backTarget(back: string | null): string {
  return back !== null && /^\/(?![/\\])/.test(back) ? back : '/';
}
