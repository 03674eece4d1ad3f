import { Button, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useSearchParams } from 'react-router';
import { ErrorPanel } from '../../components/error-panel.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { ForRole } from '../../session/session.js';
import { DelegateList } from './delegate-list.js';
import { MailLog } from './mail-log.js';
import { type MailSettings, useMailSettings } from './mail-queries.js';
import { SuppressionTab } from './suppression-tab.js';
import { TestMailDialog } from './test-mail-dialog.js';
import classes from './mail.module.css';

const TABS = ['log', 'delegates', 'suppression'];

/** Mail: what was sent and what became of it, who gets copies, and who gets none. */
export function MailPage(): ReactElement {
  const [search, setSearch] = useSearchParams();
  const [testing, setTesting] = useState(false);
  const settings = useMailSettings();
  const tab = search.get('tab') ?? '';
  return (
    <>
      <PageHeader
        title="Mail"
        lead={settings.data === undefined ? <Skeleton height={16} w={320} mt={4} /> : <Way settings={settings.data} />}
      >
        <ForRole role="reviewer">
          <Button variant="default" leftSection={<IconSend size={16} />} onClick={() => setTesting(true)}>
            Send a test message
          </Button>
        </ForRole>
      </PageHeader>
      <Stack gap="md">
        {settings.error !== null && <ErrorPanel error={settings.error} onRetry={() => void settings.refetch()} />}
        <Sheet flush>
          <Tabs
            value={TABS.includes(tab) ? tab : 'log'}
            onChange={(next) => setSearch(next === null || next === 'log' ? {} : { tab: next })}
            keepMounted={false}
          >
            <Tabs.List className={classes['tabs'] ?? ''}>
              <Tabs.Tab value="log">Email log</Tabs.Tab>
              <Tabs.Tab value="delegates">Delegates</Tabs.Tab>
              <Tabs.Tab value="suppression">Suppression list</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="log">
              <MailLog />
            </Tabs.Panel>
            <Tabs.Panel value="delegates">
              <DelegateList />
            </Tabs.Panel>
            <Tabs.Panel value="suppression">
              <SuppressionTab />
            </Tabs.Panel>
          </Tabs>
        </Sheet>
      </Stack>
      <TestMailDialog opened={testing} onClose={() => setTesting(false)} />
    </>
  );
}

/** How messages go, in one line; what it says is set in the configuration file. */
function Way({ settings }: { readonly settings: MailSettings }): ReactElement {
  const { mode, server, folder, from, replyTo, htmlTemplate, textTemplate } = settings;
  const templates = [htmlTemplate, textTemplate].filter((name) => name !== null);
  return (
    <Group gap={6}>
      <span>
        {mode === 'folder' ? (
          <>Development mode: messages are written to {folder}, nobody gets one</>
        ) : server === null ? (
          <Text span inherit c="var(--mantine-color-red-text)">
            No mail server is configured: set smtp.host
          </Text>
        ) : (
          <>Sent by {server}</>
        )}
      </span>
      <span>· from {from}</span>
      {replyTo !== null && <span>· answers to {replyTo}</span>}
      {templates.length > 0 && <span>· template {templates.join(', ')}</span>}
    </Group>
  );
}
