import { Button, Group, Loader, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconRoute } from '@tabler/icons-react';
import { Fragment, type ReactElement, type RefObject, type SyntheticEvent, useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { type Charge, useCharges } from '../../api/queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import { draftFrom } from '../attribution/rule-words.js';
import { DivideForm } from '../splits/divide-form.js';
import { decidable, decidableAmong } from './decidable.js';
import type { ChargeFilter } from './use-charge-filter.js';
import {
  bodyOf,
  type DecisionVerb,
  type DispositionVerb,
  type NewAttribution,
  type Seen,
  type Target,
  useDecide,
  useReattribute,
} from './use-decisions.js';

/** A decision that waits to be confirmed. */
export interface PendingDecision {
  readonly verb: DecisionVerb;
  readonly target: Target;
  readonly count: number;
  /** Exact, per currency. */
  readonly sums: Seen['amounts'];
  /** The charge itself when it is just one, to fill in who pays now. */
  readonly charge: Charge | null;
  /** Charges that were chosen too, but can't be decided on like this. */
  readonly leftOut: number;
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
  return (
    <Modal
      opened={pending !== null}
      onClose={onClose}
      size={shown?.verb === 'split' ? 'xl' : 'md'}
      title={<Text fw={600}>{shown === null ? '' : titleOf(shown)}</Text>}
      zIndex={320}
    >
      {pending === null ? null : 'filter' in pending.target ? (
        <MatchingForm pending={pending} filter={pending.target.filter} onClose={onClose} onDone={onDone} />
      ) : (
        <DecisionForm pending={pending} onClose={onClose} onDone={onDone} />
      )}
    </Modal>
  );
}

const TITLES: Readonly<Record<DecisionVerb, string>> = {
  approve: 'Approve',
  reject: 'Reject',
  restore: 'Restore',
  reattribute: 'Reattribute',
  split: 'Divide',
};

function titleOf({ verb, target, count }: PendingDecision): string {
  if ('filter' in target) return `${TITLES[verb]} all that match`;
  return `${TITLES[verb]} ${count === 1 ? 'this charge' : counted(count, 'charge')}`;
}

interface FormProps {
  readonly pending: PendingDecision;
  readonly onClose: () => void;
  readonly onDone: () => void;
  /** The decision was refused: what is shown may be out of date. */
  readonly onRefused?: () => void;
}

/** Asks how many charges match and can be decided on right now, and sends that along with the decision. */
function MatchingForm({ filter, ...form }: FormProps & { readonly filter: ChargeFilter & { readonly period: string } }): ReactElement {
  const { verb } = form.pending;
  const { data, error, isFetching, refetch } = useCharges(
    { ...filter, standing: decidableAmong(verb, filter.standing) },
    { limit: 1, after: null },
    decidableAmong(verb, filter.standing).length > 0,
  );
  const [seen, setSeen] = useState<Seen | null>(null);
  const found = data === undefined || isFetching ? null : { count: data.count, amounts: data.sums };
  if (found !== null && (seen === null || !isSame(seen, found))) setSeen(found);
  if (error !== null) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (decidableAmong(verb, filter.standing).length === 0 || seen?.count === 0) {
    return (
      <Stack gap="md">
        <Text size="sm">None of the charges that match can be decided on like this: only those that are {decidable(verb).join(', ')}.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={form.onClose} data-autofocus>
            Close
          </Button>
        </Group>
      </Stack>
    );
  }
  if (seen === null) {
    return (
      <Group gap="sm" role="status">
        <Loader size="sm" />
        <Text size="sm">Counting what matches …</Text>
      </Group>
    );
  }
  const target = { filter: { ...filter, standing: decidableAmong(verb, filter.standing) }, seen };
  const pending = { ...form.pending, target, count: seen.count, sums: seen.amounts };
  return <DecisionForm {...form} pending={pending} onRefused={() => void refetch()} />;
}

function isSame(a: Seen, b: Seen): boolean {
  const key = ({ count, amounts }: Seen): string => JSON.stringify([count, amounts.map(({ currency, amount }) => [currency, amount])]);
  return key(a) === key(b);
}

function DecisionForm(form: FormProps): ReactElement {
  const { verb } = form.pending;
  if (verb === 'reattribute') return <ReattributeForm {...form} />;
  return verb === 'split' ? <SplitForm {...form} /> : <DecideForm {...form} verb={verb} />;
}

function SplitForm({ pending, onRefused, ...form }: FormProps): ReactElement {
  const { target, count, leftOut, charge } = pending;
  const selection = bodyOf('ids' in target ? target : { ...target, seen: null });
  const extent = <Extent pending={pending} />;
  return <DivideForm {...form} {...{ selection, leftOut, charge, extent, onRefused }} chosenCount={count} />;
}

/** The dialog sets the focus when it opens; a form that had to wait for its numbers comes later. */
function useFirstFocus(): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}

/** How many charges and how much money. */
function Extent({ pending: { count, sums } }: { readonly pending: PendingDecision }): ReactElement {
  return (
    <>
      <b>{counted(count, 'charge')}</b>
      {sums.map(({ currency, amount }, index) => (
        <Fragment key={currency}>
          {index === 0 ? ' over ' : ' and '}
          <Money value={amount} currency={currency} brief />
        </Fragment>
      ))}
    </>
  );
}

const MEANINGS: Readonly<Record<DispositionVerb, string>> = {
  approve: 'will be billed: on statements and in the journal.',
  reject: 'will not be billed. Nothing is deleted; rejected charges can be restored until the period is finalized.',
  restore: 'will wait for review again, and are billed only when they are approved.',
};
const EXAMPLES: Readonly<Record<DispositionVerb, string>> = {
  approve: 'Confirmed by the PI',
  reject: 'No budget yet; absorbed by the office',
  restore: 'The PI found a budget',
};

function DecideForm({ pending, verb, onClose, onDone, onRefused }: FormProps & { readonly verb: DispositionVerb }): ReactElement {
  const decide = useDecide();
  const firstField = useFirstFocus();
  const [note, setNote] = useState('');

  function submit(event: SyntheticEvent): void {
    event.preventDefault();
    decide.mutate(
      { verb, target: pending.target, note: note.trim() },
      {
        onSuccess: () => {
          onDone();
          onClose();
        },
        onError: () => onRefused?.(),
      },
    );
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm">
          <Extent pending={pending} /> {MEANINGS[verb]}
        </Text>
        <TextInput
          label="Note"
          description="Kept in the review log with each charge."
          placeholder={EXAMPLES[verb]}
          value={note}
          maxLength={2000}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-autofocus
          ref={firstField}
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

/** What the ledger keeps, in bytes; the server counts them. */
const MAX_LENGTHS: Readonly<Record<keyof NewAttribution, number>> = {
  piEmail: 320,
  projectId: 256,
  fundOrg: 256,
  costCenter: 256,
  accountCode: 256,
};

function ReattributeForm({ pending, onClose, onDone, onRefused }: FormProps): ReactElement {
  const reattribute = useReattribute();
  const firstField = useFirstFocus();
  const before = attributionOf(pending.charge);
  const form = useForm({ initialValues: { ...before, note: '' } });
  const set = Object.fromEntries(
    FIELDS.flatMap(({ name }) => (form.values[name].trim() === before[name] ? [] : [[name, form.values[name].trim()]])),
  ) as NewAttribution;
  const isChanged = Object.keys(set).length > 0;
  const navigate = useNavigate();
  const { charge } = pending;

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
            onError: () => onRefused?.(),
          },
        ),
      )}
    >
      <Stack gap="sm">
        <Text size="sm">
          <Extent pending={pending} /> will be charged to whom you name here.
        </Text>
        <Text size="sm" c="dimmed">
          {pending.charge === null
            ? 'What is left empty stays as it is. A flagged charge whose reasons are all mended counts as approved.'
            : 'A flagged charge whose reasons are all mended by this counts as approved.'}
        </Text>
        {FIELDS.map(({ name, label }, index) => (
          <TextInput
            key={name}
            label={label}
            maxLength={MAX_LENGTHS[name]}
            {...form.getInputProps(name)}
            {...(index === 0 ? { 'data-autofocus': true, ref: firstField } : {})}
          />
        ))}
        <TextInput label="Note" placeholder="Why; kept in the review log" maxLength={2000} {...form.getInputProps('note')} />
        {reattribute.error !== null && <ErrorPanel error={reattribute.error} title="Nothing was changed" />}
        <Group justify="flex-end" gap="xs" mt={4}>
          {charge !== null && (
            <Button
              variant="subtle"
              mr="auto"
              leftSection={<IconRoute size={16} />}
              onClick={() => {
                onClose();
                void navigate('/attribution-rules', { state: { ruleDraft: draftFrom(charge, isChanged ? set : before) } });
              }}
            >
              Make a rule of this
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!isChanged} loading={reattribute.isPending}>
            Reattribute {pending.count === 1 ? '' : pending.count.toLocaleString('en')}
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
