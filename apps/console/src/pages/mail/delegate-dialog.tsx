import { Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { ActionDialog } from '../../components/action-dialog.js';
import { useAction } from '../../components/use-action.js';
import { type Delegates, setDelegates } from './mail-queries.js';

const MAX_DELEGATES = 20;

interface DelegateDialogProps {
  readonly delegates: Delegates | 'new' | null;
  readonly onClose: () => void;
}

/** Names who gets copies. Whose they are is said once; another PI or project is another entry. */
export function DelegateDialog({ delegates, onClose }: DelegateDialogProps): ReactElement {
  const [shown, setShown] = useState(delegates);
  const [draft, setDraft] = useState({ piEmail: '', projectId: '', addresses: [] as readonly string[] });
  if (delegates !== shown) {
    setShown(delegates);
    if (delegates === 'new') setDraft({ piEmail: '', projectId: '', addresses: [] });
    else if (delegates !== null)
      setDraft({ piEmail: delegates.piEmail, projectId: delegates.projectId ?? '', addresses: delegates.addresses });
  }
  const save = useAction(() => setDelegates(draft.piEmail, draft.projectId, draft.addresses), {
    ownErrors: true,
    done: ({ piEmail }) => `The delegates of ${piEmail} are saved`,
  });
  const isNew = delegates === 'new';
  return (
    <ActionDialog
      opened={delegates !== null}
      onClose={onClose}
      title={isNew ? 'Add delegates' : 'Change delegates'}
      confirm="Save"
      blocked={draft.piEmail.trim() === '' || draft.addresses.length === 0}
      run={() => save.mutateAsync(undefined)}
    >
      <Stack gap="sm">
        <TextInput
          label="PI"
          placeholder="ada@example.edu"
          value={draft.piEmail}
          onChange={(event) => setDraft({ ...draft, piEmail: event.currentTarget.value })}
          disabled={!isNew}
          withAsterisk
          data-autofocus={isNew || undefined}
        />
        <TextInput
          label="Project"
          description="Left empty: they get a copy of the whole message. Else they get a message with this project’s statements."
          value={draft.projectId}
          onChange={(event) => setDraft({ ...draft, projectId: event.currentTarget.value })}
          disabled={!isNew}
        />
        <TagsInput
          label="Delegates"
          description="Email addresses, each ended by Enter"
          value={[...draft.addresses]}
          onChange={(addresses) => setDraft({ ...draft, addresses })}
          maxTags={MAX_DELEGATES}
          acceptValueOnBlur
          splitChars={[',', ';', ' ']}
          withAsterisk
          data-autofocus={!isNew || undefined}
        />
        <Text size="xs" c="dimmed">
          They read what the PI is charged. It holds for what is sent from now on.
        </Text>
      </Stack>
    </ActionDialog>
  );
}
