import { Alert, Button, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type ReactElement, type ReactNode, type SyntheticEvent, useState } from 'react';
import { Link } from 'react-router';
import { usePeriods } from '../../api/queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { moneyText } from '../../money/money.js';
import { AdjustmentPreview } from './adjustment-preview.js';
import { type AdjustmentForm, type AdjustmentOutcome, type AdjustmentTarget, bookAdjustment } from './adjustment-queries.js';

interface AdjustDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly target: AdjustmentTarget;
  /** Of the target; finalized. */
  readonly adjustedPeriod: string;
}

/** Credits something of a finalized period in an open one, or charges more for it: first it is shown, then booked. */
export function AdjustDialog({ opened, onClose, title, target, adjustedPeriod }: AdjustDialogProps): ReactElement {
  return (
    <Modal opened={opened} onClose={onClose} size="xl" title={<Text fw={600}>{title}</Text>}>
      {opened && <Form onClose={onClose} target={target} adjustedPeriod={adjustedPeriod} />}
    </Modal>
  );
}

type Extent = 'all' | 'percent' | 'amount';

function Form({ onClose, target, adjustedPeriod }: Pick<AdjustDialogProps, 'onClose' | 'target' | 'adjustedPeriod'>): ReactElement {
  const open = (usePeriods().data?.periods ?? []).filter(({ state }) => state === 'open').map(({ period }) => period);
  const [chosen, setChosen] = useState<string | null>(null);
  // The first month after the adjusted one, as the PI gets its statement next.
  const period = chosen ?? [...open].sort().find((each) => each > adjustedPeriod) ?? open[0] ?? '';
  const [kind, setKind] = useState<AdjustmentForm['kind']>('credit');
  const [extent, setExtent] = useState<Extent>('all');
  const [number, setNumber] = useState('');
  const [reason, setReason] = useState('');
  const part = { amount: extent === 'amount' ? number : '', percent: extent === 'percent' ? number : '' };
  const form: AdjustmentForm = { target, period, kind, ...part, reason: reason.trim() };
  const isComplete = period !== '' && form.reason !== '' && (extent === 'all' || number.trim() !== '');
  const [shown, setShown] = useState<{ readonly of: string; readonly outcome: AdjustmentOutcome } | null>(null);
  const asked = JSON.stringify(form);
  const outcome = shown?.of === asked ? shown.outcome : null;
  const show = useAction((what: AdjustmentForm) => bookAdjustment(what, true), {
    ownErrors: true,
    onDone: (found, what) => setShown({ of: JSON.stringify(what), outcome: found }),
  });
  const book = useAction((what: AdjustmentForm) => bookAdjustment(what, false), {
    ownErrors: true,
    done: ({ adjustmentId, count, totals }) =>
      `Adjustment ${adjustmentId ?? ''}: ${counted(count, 'charge')} over ${totals.map(({ amount, currency }) => moneyText(amount, currency)).join(' and ')}`,
    onDone: onClose,
  });
  const error = book.error ?? (outcome === null ? show.error : null);

  function submit(event: SyntheticEvent): void {
    event.preventDefault();
    if (!isComplete) return;
    if (outcome === null) {
      book.reset();
      show.mutate(form);
    } else book.mutate(form);
  }

  if (open.length === 0) return <NoOpenPeriod />;
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          What is finalized stays as it is. The correction is new charges of category Adjustment in an open period; they stand on its
          statement and in its journal.
        </Text>
        <Group gap="md" align="flex-end">
          <Labelled label="Kind">
            <SegmentedControl
              aria-label="Kind"
              value={kind}
              onChange={(value) => {
                setKind(value === 'debit' ? 'debit' : 'credit');
                if (value === 'debit' && extent === 'all') setExtent('percent');
              }}
              data={[
                { value: 'credit', label: 'Credit' },
                { value: 'debit', label: 'Charge more' },
              ]}
            />
          </Labelled>
          <Labelled label="How much">
            <SegmentedControl
              aria-label="How much"
              value={extent}
              onChange={(value) => setExtent(EXTENTS.find((each) => each === value) ?? 'all')}
              data={[
                { value: 'all', label: 'All that is left', disabled: kind === 'debit' },
                { value: 'percent', label: 'Per cent' },
                { value: 'amount', label: 'Amount' },
              ]}
            />
          </Labelled>
          {extent !== 'all' && (
            <TextInput
              w={130}
              label={extent === 'percent' ? 'Per cent' : 'Amount'}
              placeholder={extent === 'percent' ? '50' : '12.50'}
              inputMode="decimal"
              value={number}
              onChange={(event) => setNumber(event.currentTarget.value)}
            />
          )}
          <Select
            w={190}
            label="Billed in"
            data={open.map((value) => ({ value, label: periodName(value) }))}
            value={period}
            onChange={setChosen}
            allowDeselect={false}
          />
        </Group>
        <Textarea
          label="Reason"
          description="The PI reads it on the next statement."
          withAsterisk
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        {error !== null && <ErrorPanel error={error} />}
        {outcome !== null && <AdjustmentPreview outcome={outcome} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={show.isPending || book.isPending} disabled={!isComplete}>
            {outcome === null ? 'Show what would be booked' : 'Book it'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const EXTENTS: readonly Extent[] = ['all', 'percent', 'amount'];

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} aria-hidden>
        {label}
      </Text>
      {children}
    </Stack>
  );
}

function NoOpenPeriod(): ReactElement {
  return (
    <Alert color="yellow" title="No period is open">
      A correction is billed in an open period, and there is none.{' '}
      <Text component={Link} to="/periods" inherit td="underline">
        Open one
      </Text>{' '}
      first.
    </Alert>
  );
}
