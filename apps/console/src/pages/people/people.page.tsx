import { Tabs } from '@mantine/core';
import { IconKey, IconUsers } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useSearchParams } from 'react-router';
import { PageHeader } from '../../components/page-header.js';
import { ApiKeys } from './api-keys.js';
import { Users } from './users.js';

/** Accounts of people, and keys of programs. */
export function PeoplePage(): ReactElement {
  const [search, setSearch] = useSearchParams();
  return (
    <>
      <PageHeader title="People" lead="Who may sign in, and which programs may hand in files" />
      <Tabs value={search.get('tab') ?? 'users'} onChange={(tab) => setSearch(tab === 'keys' ? { tab } : {})} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="users" leftSection={<IconUsers size={16} />}>
            Users
          </Tabs.Tab>
          <Tabs.Tab value="keys" leftSection={<IconKey size={16} />}>
            API keys
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="users">
          <Users />
        </Tabs.Panel>
        <Tabs.Panel value="keys">
          <ApiKeys />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
