import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type SyntheticEvent, type ReactElement, type ReactNode, useState } from 'react';
import { ErrorPanel } from './error-panel.js';

interface ActionDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, and whether it can be taken back. */
  readonly children?: ReactNode;
  /** Asks for a text: a note, or a reason that must be given. */
  readonly ask?: { readonly label: string; readonly placeholder?: string; readonly required?: boolean };
  readonly confirm: string;
  readonly danger?: boolean;
  readonly blocked?: boolean;
  /** Rejects with the server's problem, which is shown in the dialog. */
  readonly run: (text: string) => Promise<unknown>;
}

/** Asks before something is done that matters, with a note or reason where one is wanted. */
export function ActionDialog(props: ActionDialogProps): ReactElement {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={<Text fw={600}>{props.title}</Text>}>
      {/* Mounted anew each time, so that no text or error of the last time is left. */}
      {props.opened && <DialogForm {...props} />}
    </Modal>
  );
}

function DialogForm({ onClose, children, ask, confirm, danger = false, blocked = false, run }: ActionDialogProps): ReactElement {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const missing = ask?.required === true && text.trim() === '';

  async function submit(event: SyntheticEvent): Promise<void> {
    event.preventDefault();
    if (missing || blocked) return;
    setBusy(true);
    setError(null);
    try {
      await run(text.trim());
      onClose();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        {children}
        {ask !== undefined && (
          <Textarea
            label={ask.label}
            placeholder={ask.placeholder ?? ''}
            autosize
            minRows={2}
            maxRows={8}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            withAsterisk={ask.required === true}
            data-autofocus
          />
        )}
        {error !== null && <ErrorPanel error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={missing || blocked} {...(danger ? { color: 'red' } : {})}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
