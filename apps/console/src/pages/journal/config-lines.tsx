import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Sheet } from '../../components/sheet.js';
import classes from './journal.module.css';
import type { TestedSettings } from './settings-queries.js';

/** The lines for the configuration file: what is tried here counts once they stand there. */
export function ConfigLines({ tested: { configLines, settings, configured } }: { readonly tested: TestedSettings }): ReactElement {
  const isConfigured = JSON.stringify(settings) === JSON.stringify(configured);
  return (
    <Sheet
      title="For the configuration file"
      aside={
        <CopyButton value={`${configLines}\n`}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      }
    >
      <Stack gap="sm">
        {/* It scrolls by itself, so it takes the focus: else a keyboard can't reach what is cut off. */}
        <pre className={classes['config']} tabIndex={0} aria-label="Lines for config.yaml">
          {configLines}
        </pre>
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            {isConfigured
              ? 'These are the settings in force.'
              : 'These are not the settings in force. Put the lines into config.yaml, in place of those that are there, and start the program again.'}
          </Text>
        </Group>
      </Stack>
    </Sheet>
  );
}
