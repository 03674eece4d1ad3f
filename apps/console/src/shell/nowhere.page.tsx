import { Button } from '@mantine/core';
import { IconLock, IconMapPinQuestion } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { EmptyNote } from '../components/empty-note.js';
import { PageHeader } from '../components/page-header.js';
import { type Role, useSession } from '../session/session.js';

export function NotFoundPage(): ReactElement {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyNote icon={IconMapPinQuestion} title="There is no such page" action={<HomeButton />}>
        The address may be misspelt, or the page has moved.
      </EmptyNote>
    </>
  );
}

export function ForbiddenPage({ needed }: { readonly needed: Role }): ReactElement {
  const { role } = useSession();
  return (
    <>
      <PageHeader title="Not for your role" />
      <EmptyNote icon={IconLock} title={`This page is for the role ${needed}`} action={<HomeButton />}>
        You are signed in as {role}. An admin can change your role under People.
      </EmptyNote>
    </>
  );
}

function HomeButton(): ReactElement {
  return (
    <Button component={Link} to="/" variant="default">
      To the dashboard
    </Button>
  );
}
