import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactElement } from 'react';
import type { ImportEntry } from '../../api/import-queries.js';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { ActionDialog } from '../../components/action-dialog.js';
import { useAction } from '../../components/use-action.js';

interface StopImportProps {
  readonly entry: Pick<ImportEntry, 'importId'> & { readonly fileName?: string; readonly failure: object | null };
  readonly size?: 'compact-xs' | 'xs' | 'sm';
}

/** Cancels an import that is not recorded yet: one that is being read is stopped, one that failed is given up. */
export function StopImport({ entry: { importId, fileName, failure }, size = 'sm' }: StopImportProps): ReactElement {
  const [opened, { open, close }] = useDisclosure(false);
  const what = failure === null ? 'Stop' : 'Give up';
  const importName = fileName === undefined ? `import ${importId}` : `import ${importId}, ${fileName}`;
  const cancel = useAction(
    (reason: string) =>
      answerOf(sdk.POST('/api/v1/imports/{id}/cancel', { params: { path: { id: importId } }, body: reason === '' ? {} : { reason } })),
    { ownErrors: true, done: () => `Import ${importId} is cancelled` },
  );
  return (
    <>
      <Button variant="default" size={size} onClick={open} aria-label={`${what} ${importName}`}>
        {what} …
      </Button>
      <ActionDialog
        opened={opened}
        onClose={close}
        title={`${what} ${importName}?`}
        ask={{ label: 'Reason, if you like', placeholder: 'The wrong export' }}
        confirm={`${what} import`}
        danger
        run={cancel.mutateAsync}
      >
        <Text size="sm">
          {failure === null ? 'Reading stops within a second or two, and n' : 'N'}othing of the file is kept in the ledger. It can be
          imported again.
        </Text>
      </ActionDialog>
    </>
  );
}
