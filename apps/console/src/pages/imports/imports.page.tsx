import { Button, Group, Stack } from '@mantine/core';
import type { ReactElement } from 'react';
import { usePeriods, useSources } from '../../api/queries.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { ForRole } from '../../session/session.js';
import { DropFiles } from './drop-files.js';
import { ImportHistory } from './import-history.js';
import { PreparedFileCard } from './prepared-file-card.js';
import { usePreparedFiles } from './use-prepared-files.js';

/** Files come in here: dropped, tried, imported; and the list of all that came before. */
export function ImportsPage(): ReactElement {
  return (
    <>
      <PageHeader title="Imports" lead="FOCUS files of your sources: try one with a dry run, then import it" />
      <Stack gap="lg">
        <ForRole role="reviewer">
          <Prepare />
        </ForRole>
        <ImportHistory />
      </Stack>
    </>
  );
}

function Prepare(): ReactElement {
  const prepared = usePreparedFiles();
  const sources = useSources().data ?? [];
  const periods = usePeriods().data?.periods ?? [];
  const pending = prepared.files.filter(({ importId, source }) => importId === null && source !== '');
  const runAll = (run: (key: string) => Promise<void>): void => {
    for (const { key } of pending) void run(key);
  };
  return (
    <>
      <DropFiles onFiles={prepared.add} />
      {prepared.files.length > 0 && (
        <Sheet
          flush
          title="Files to import"
          aside={
            pending.length > 1 && (
              <Group gap="xs">
                <Button size="xs" variant="default" onClick={() => runAll(prepared.dryRun)}>
                  Dry run all {pending.length}
                </Button>
                <Button size="xs" onClick={() => runAll(prepared.importForGood)}>
                  Import all {pending.length}
                </Button>
              </Group>
            )
          }
        >
          {prepared.files.map((file) => (
            <PreparedFileCard
              key={file.key}
              prepared={file}
              actions={prepared}
              sources={sources.filter(({ enabled }) => enabled)}
              periods={periods}
            />
          ))}
        </Sheet>
      )}
    </>
  );
}
