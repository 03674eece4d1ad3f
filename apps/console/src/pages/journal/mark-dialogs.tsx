import { Alert, Stack, Text, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { ActionDialog } from '../../components/action-dialog.js';
import { useAction } from '../../components/use-action.js';
import { familyOf, formatTitle } from './journal-choice.js';
import { type Journal, recordPosting, takeMarkBack, voidJournal } from './journal-queries.js';

/** Something that is to be said of a journal, before it is confirmed. */
export interface PendingMark {
  readonly mark: 'posted' | 'void' | 'unmark';
  readonly journal: Journal;
}

interface MarkDialogsProps {
  readonly pending: PendingMark | null;
  /** All of the period: what a mark leads to depends on the others. */
  readonly journals: readonly Journal[];
  readonly onClose: () => void;
}

/** Records what became of a journal in accounting. Each dialog says what follows from it for the next delta. */
export function MarkDialogs({ pending, journals, onClose }: MarkDialogsProps): ReactElement {
  const of = (mark: PendingMark['mark']): Journal | null => (pending?.mark === mark ? pending.journal : null);
  return (
    <>
      <PostDialog journal={of('posted')} journals={journals} onClose={onClose} />
      <VoidDialog journal={of('void')} onClose={onClose} />
      <UnmarkDialog journal={of('unmark')} onClose={onClose} />
    </>
  );
}

interface MarkDialogProps {
  /** Null: closed. */
  readonly journal: Journal | null;
  readonly onClose: () => void;
}

function PostDialog({ journal, journals, onClose }: MarkDialogProps & { readonly journals: readonly Journal[] }): ReactElement {
  // A form of its own for each journal, so that nothing of the last one is left.
  const [form, setForm] = useState<{ of: Journal | null; documentNumber: string; postedOn: string }>(emptyForm(null));
  if (form.of !== journal && journal !== null) setForm(emptyForm(journal));
  const run = useAction(
    ({ marked, note }: { readonly marked: Journal; readonly note: string }) => recordPosting(marked, { ...form, note }),
    { ownErrors: true, done: ({ number, documentNumber }) => `Journal ${number} is posted as ${documentNumber ?? ''}` },
  );
  const problems = run.error === null ? [] : asProblem(run.error).problems;
  const problemOf = (field: string): string | null => problems.find(({ where }) => where === field)?.what ?? null;
  function change(part: Partial<typeof form>): void {
    run.reset();
    setForm({ ...form, ...part });
  }
  return (
    <ActionDialog
      opened={journal !== null}
      onClose={onClose}
      title={`Record the posting of journal ${journal?.number ?? ''}`}
      ask={{ label: 'Note', placeholder: 'Kept with the journal' }}
      confirm="Record posting"
      blocked={form.documentNumber.trim() === '' || form.postedOn === ''}
      run={(note) => (journal === null ? Promise.resolve() : run.mutateAsync({ marked: journal, note }))}
    >
      {journal !== null && (
        <>
          <PostingConsequence journal={journal} journals={journals} />
          <Stack gap="sm">
            <TextInput
              label="Document number"
              description="As the accounting system has it"
              placeholder="JV-004711"
              withAsterisk
              data-autofocus
              maxLength={100}
              value={form.documentNumber}
              error={problemOf('documentNumber')}
              onChange={({ currentTarget }) => change({ documentNumber: currentTarget.value })}
            />
            <TextInput
              type="date"
              label="Date of posting"
              withAsterisk
              min={`${journal.period}-01`}
              max={today()}
              value={form.postedOn}
              error={problemOf('postedOn')}
              onChange={({ currentTarget }) => change({ postedOn: currentTarget.value })}
            />
          </Stack>
        </>
      )}
    </ActionDialog>
  );
}

function PostingConsequence({ journal, journals }: { readonly journal: Journal; readonly journals: readonly Journal[] }): ReactElement {
  const posted = journals.filter(({ status, number }) => status === 'posted' && number !== journal.number);
  const foreign = posted.filter(({ format }) => familyOf(format) !== familyOf(journal.format));
  const full = posted.filter(({ deltaFrom }) => deltaFrom === null || deltaFrom.length === 0);
  const isFull = journal.deltaFrom === null || journal.deltaFrom.length === 0;
  return (
    <>
      <Text size="sm">
        {journal.fileName} counts as booked from now on
        {foreign.length > 0
          ? '.'
          : posted.length === 0
            ? ': the next delta starts from it, and from no journal that is not posted.'
            : `: the next delta starts from it, and from what else is posted (${numbersOf(posted)}).`}
      </Text>
      {isFull && full.length > 0 && foreign.length === 0 && (
        <Alert color="yellow" variant="light">
          <Text size="sm">
            Journal {numbersOf(full)} holds the whole month and is posted as well. If accounting really booked both, the next delta reverses
            one of them; if it reversed the other, void that one.
          </Text>
        </Alert>
      )}
      {foreign.length > 0 && (
        <Alert color="yellow" variant="light">
          <Text size="sm">
            Journal {numbersOf(foreign)} is posted as {foreign.map(({ format }) => formatTitle(format)).join(', ')}, which is another side
            of the books than {formatTitle(journal.format)}. With both posted, no delta can tell what is booked.
          </Text>
        </Alert>
      )}
    </>
  );
}

function VoidDialog({ journal, onClose }: MarkDialogProps): ReactElement {
  const run = useAction(({ marked, reason }: { readonly marked: Journal; readonly reason: string }) => voidJournal(marked, reason), {
    ownErrors: true,
    done: ({ number }) => `Journal ${number} is void`,
  });
  return (
    <ActionDialog
      opened={journal !== null}
      onClose={onClose}
      title={`Void journal ${journal?.number ?? ''}`}
      ask={{ label: 'Reason', placeholder: 'Accounting rejected the file', required: true }}
      confirm="Void"
      danger
      run={(reason) => (journal === null ? Promise.resolve() : run.mutateAsync({ marked: journal, reason }))}
    >
      {journal !== null && (
        <Text size="sm">
          {journal.status === 'posted'
            ? `Only if accounting has reversed document ${journal.documentNumber ?? ''}. `
            : 'Only if accounting has not booked it, and will not. '}
          What it holds counts as not booked from now on, and the next delta books it anew. The file stays, and the mark can be taken back.
        </Text>
      )}
    </ActionDialog>
  );
}

function UnmarkDialog({ journal, onClose }: MarkDialogProps): ReactElement {
  const run = useAction(({ marked, reason }: { readonly marked: Journal; readonly reason: string }) => takeMarkBack(marked, reason), {
    ownErrors: true,
    done: ({ number, status }) => `The mark of journal ${number} is taken back: it is ${status}`,
  });
  return (
    <ActionDialog
      opened={journal !== null}
      onClose={onClose}
      title={`Take the mark of journal ${journal?.number ?? ''} back`}
      ask={{ label: 'Reason', placeholder: 'It was another journal', required: true }}
      confirm="Take back"
      run={(reason) => (journal === null ? Promise.resolve() : run.mutateAsync({ marked: journal, reason }))}
    >
      {journal !== null && (
        <Text size="sm">
          That it is {journal.status} was a mistake: it stands again as it did before. What the next delta starts from is told anew. The log
          keeps both, the mark and its end.
        </Text>
      )}
    </ActionDialog>
  );
}

function emptyForm(of: Journal | null): { of: Journal | null; documentNumber: string; postedOn: string } {
  return { of, documentNumber: '', postedOn: today() };
}

/** The reader's own day. */
function today(): string {
  const now = new Date();
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function numbersOf(journals: readonly Journal[]): string {
  return journals
    .map(({ number }) => number)
    .sort((a, b) => a - b)
    .join(', ');
}
