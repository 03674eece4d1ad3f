import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type SyntheticEvent, type ReactElement, useState } from 'react';
import type { Charge } from '../../api/queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import { type DecisionVerb, type NewAttribution, type Target, useDecide, useReattribute } from './use-decisions.js';

/** A decision that waits to be confirmed. */
export interface PendingDecision {
  readonly verb: DecisionVerb;
  readonly target: Target;
  readonly count: number;
  /** Exact; null when it is not known on this page. */
  readonly amount: string | null;
  readonly currency: string;
  /** The charge itself when it is just one, to fill in who pays now. */
  readonly charge: Charge | null;
}

interface DecisionDialogsProps {
  readonly pending: PendingDecision | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Confirms a decision on charges, with a note for the review log. */
export function DecisionDialogs({ pending, onClose, onDone }: DecisionDialogsProps): ReactElement {
  const [shown, setShown] = useState(pending);
  if (pending !== null && pending !== shown) setShown(pending);
  const title = shown === null ? '' : `${TITLES[shown.verb]} ${shown.count === 1 ? 'this charge' : counted(shown.count, 'charge')}`;
  return (
    <Modal opened={pending !== null} onClose={onClose} title={<Text fw={600}>{title}</Text>} zIndex={320}>
      {pending === null ? null : pending.verb === 'reattribute' ? (
        <ReattributeForm pending={pending} onClose={onClose} onDone={onDone} />
      ) : (
        <DecideForm pending={pending} verb={pending.verb} onClose={onClose} onDone={onDone} />
      )}
    </Modal>
  );
}

const TITLES: Readonly<Record<DecisionVerb, string>> = { approve: 'Approve', reject: 'Reject', reattribute: 'Reattribute' };

interface FormProps {
  readonly pending: PendingDecision;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function DecideForm({ pending, verb, onClose, onDone }: FormProps & { readonly verb: 'approve' | 'reject' }): ReactElement {
  const decide = useDecide();
  const [note, setNote] = useState('');

  function submit(event: SyntheticEvent): void {
    event.preventDefault();
    decide.mutate(
      { verb, target: pending.target, note: note.trim(), currency: pending.currency },
      {
        onSuccess: () => {
          onDone();
          onClose();
        },
      },
    );
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm">
          {pending.amount !== null && (
            <>
              <Money value={pending.amount} currency={pending.currency} />{' '}
            </>
          )}
          {verb === 'approve'
            ? 'will be billed: it goes on statements and into the journal.'
            : 'will not be billed. Nothing is deleted; rejected charges can be restored until the period is finalized.'}
        </Text>
        <TextInput
          label="Note"
          description="Kept in the review log with each charge."
          placeholder={verb === 'approve' ? 'Confirmed by the PI' : 'No budget yet; absorbed by the office'}
          value={note}
          maxLength={2000}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-autofocus
        />
        {decide.error !== null && <ErrorPanel error={decide.error} title="Nothing was changed" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={decide.isPending} {...(verb === 'reject' ? { color: 'red' } : {})}>
            {TITLES[verb]} {pending.count === 1 ? '' : pending.count.toLocaleString('en')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const FIELDS: readonly { readonly name: keyof NewAttribution; readonly label: string }[] = [
  { name: 'piEmail', label: 'PI (email)' },
  { name: 'projectId', label: 'Project' },
  { name: 'fundOrg', label: 'Fund/org' },
  { name: 'costCenter', label: 'Cost centre' },
  { name: 'accountCode', label: 'Account' },
];

function ReattributeForm({ pending, onClose, onDone }: FormProps): ReactElement {
  const reattribute = useReattribute();
  const before = attributionOf(pending.charge);
  const form = useForm({ initialValues: { ...before, note: '' } });
  const set = Object.fromEntries(
    FIELDS.flatMap(({ name }) => (form.values[name].trim() === before[name] ? [] : [[name, form.values[name].trim()]])),
  ) as NewAttribution;
  const isChanged = Object.keys(set).length > 0;

  return (
    <form
      onSubmit={form.onSubmit(({ note }) =>
        reattribute.mutate(
          { target: pending.target, set, note: note.trim() },
          {
            onSuccess: () => {
              onDone();
              onClose();
            },
          },
        ),
      )}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {pending.charge === null
            ? 'What is left empty stays as it is.'
            : 'A flagged charge whose reasons are all mended by this counts as approved.'}
        </Text>
        {FIELDS.map(({ name, label }, index) => (
          <TextInput key={name} label={label} {...form.getInputProps(name)} {...(index === 0 ? { 'data-autofocus': true } : {})} />
        ))}
        <TextInput label="Note" placeholder="Why; kept in the review log" maxLength={2000} {...form.getInputProps('note')} />
        {reattribute.error !== null && <ErrorPanel error={reattribute.error} title="Nothing was changed" />}
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!isChanged} loading={reattribute.isPending}>
            Reattribute
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function attributionOf(charge: Charge | null): Required<NewAttribution> {
  const { piEmail = '', projectId = '', fundOrg = '', costCenter = '', accountCode = '' } = charge ?? {};
  return { piEmail, projectId, fundOrg, costCenter, accountCode };
}
