import { Alert, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconRoute } from '@tabler/icons-react';
import { Fragment, type ReactElement, type ReactNode, type SyntheticEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { asProblem } from '../../api/problem.js';
import type { Charge } from '../../api/queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import type { RuleDraft } from '../attribution/attribution-queries.js';
import { draftFrom } from '../attribution/rule-words.js';
import { balanceOf, type DivisionDraft, EMPTY_DIVISION, hasTwins, partsInput } from './division.js';
import { PartsEditor } from './parts-editor.js';
import { SplitLines } from './split-lines.js';
import { type SplitBody, type SplitOutcome, useDivide, useSplitPreview } from './split-queries.js';
import classes from './splits.module.css';

interface DivideFormProps {
  /** Which charges, without what was seen of them: what is divided is what the preview shows, or nothing. */
  readonly selection: Pick<SplitBody, 'ids' | 'filter'>;
  /** How many were chosen, with those that can't be divided. */
  readonly chosenCount: number;
  /** Of these, charges known not to be dividable; more may come to light by the preview of a filter. */
  readonly leftOut: number;
  /** The charge when it is just one. */
  readonly charge: Charge | null;
  readonly extent: ReactNode;
  readonly onClose: () => void;
  readonly onDone: () => void;
  readonly onRefused: (() => void) | undefined;
}

/** More charges than that are worked out on demand, not at every pause: it is the real work, and keeps others waiting. */
const LIVE_UP_TO = 1000;
const TYPING_PAUSE_MS = 450;

/** Divides charges over several payers: the preview is the same work as the real one. */
export function DivideForm(props: DivideFormProps): ReactElement {
  const { selection, chosenCount, leftOut, charge, extent, onClose, onDone, onRefused } = props;
  const [division, setDivision] = useState<DivisionDraft>(EMPTY_DIVISION);
  const [note, setNote] = useState('');
  const [forced, setForced] = useState<string | null>(null);
  const body: SplitBody = { ...selection, parts: partsInput(division) };
  const key = JSON.stringify(body);
  const [paused] = useDebouncedValue(key, TYPING_PAUSE_MS);
  const isComplete = balanceOf(division).isWhole && !hasTwins(division);
  const isAsked = forced === key || (isComplete && paused === key && chosenCount <= LIVE_UP_TO);
  const preview = useSplitPreview(isAsked ? body : null);
  const shown = isComplete || isAsked ? preview.data : undefined;
  const outcome = isAsked && !preview.isPlaceholderData ? preview.data : undefined;
  const divide = useDivide();
  const navigate = useNavigate();
  const error = divide.error ?? (isAsked ? preview.error : null);
  const problem = error === null ? null : asProblem(error);
  const isOfParts = problem?.code === 'split.parts';

  function change(next: DivisionDraft): void {
    divide.reset();
    setDivision(next);
  }

  function submit(event: SyntheticEvent): void {
    event.preventDefault();
    if (outcome === undefined) {
      setForced(key);
      return;
    }
    const { count, amounts } = outcome;
    const seen = selection.filter === undefined ? {} : { seen: { count, amounts: [...amounts] } };
    divide.mutate(
      { ...body, ...seen, ...(note.trim() === '' ? {} : { note: note.trim() }) },
      {
        onSuccess: () => {
          onDone();
          onClose();
        },
        onError: () => {
          onRefused?.();
          void preview.refetch();
        },
      },
    );
  }

  const missing = leftOut + (selection.filter === undefined || shown === undefined ? 0 : Math.max(0, chosenCount - shown.count));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm">
          {extent}: each is replaced by parts with payers of their own, which add up to it exactly. They can be put together again until the
          period is finalized.
        </Text>
        {missing > 0 && (
          <Alert color="yellow" variant="light" p="xs">
            {counted(missing, 'charge')} of those chosen {missing === 1 ? 'is an adjustment or a part' : 'are adjustments or parts'}, which
            can’t be divided; {missing === 1 ? 'it is' : 'they are'} left out.
          </Alert>
        )}
        <PartsEditor
          value={division}
          onChange={change}
          problemOf={(where) => (isOfParts ? problem.problems.find((each) => each.where === where)?.what : undefined)}
          emptyMeans={`Who pays for the ${charge === null ? 'charge' : `charge (${payerWords(charge)})`} pays for what a part leaves empty.`}
        />
        <TextInput
          label="Note"
          description="Kept in the review log with each charge."
          placeholder="Shared node, as agreed by both labs"
          value={note}
          maxLength={2000}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {error !== null && !isOfParts && (
          <ErrorPanel error={error} title={divide.error === null ? 'It can’t be divided so' : 'Nothing was divided'} />
        )}
        {error === null &&
          (shown !== undefined ? (
            <Preview outcome={shown} isStale={outcome === undefined} />
          ) : isAsked ? (
            <Skeleton height={96} aria-busy />
          ) : (
            <Text size="sm" c="dimmed">
              {isComplete
                ? `“Preview” works out what becomes of ${counted(chosenCount, 'charge')}.`
                : 'Once the shares come to the whole and each part has a payer of its own, this shows what becomes of the charges.'}
            </Text>
          ))}
        <Group justify="flex-end" gap="xs">
          {charge !== null && (
            <Button
              variant="subtle"
              mr="auto"
              leftSection={<IconRoute size={16} />}
              onClick={() => {
                onClose();
                void navigate('/attribution-rules', { state: { ruleDraft: { ...draftFrom(charge, {}), division } satisfies RuleDraft } });
              }}
            >
              Make a rule of this
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={divide.isPending || (isAsked && preview.isLoading)}>
            {outcome === undefined ? 'Preview' : `Divide ${outcome.count === 1 ? '' : outcome.count.toLocaleString('en')}`}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Preview({ outcome, isStale }: { readonly outcome: SplitOutcome; readonly isStale: boolean }): ReactElement {
  const { count, amounts, lines, lineCount } = outcome;
  return (
    <Stack gap="xs" className={isStale ? (classes['stale'] ?? '') : ''} aria-busy={isStale}>
      <Text size="sm" role="status">
        {counted(count, 'charge')} over{' '}
        {amounts.map(({ currency, amount }, index) => (
          <Fragment key={currency}>
            {index > 0 && ' and '}
            <Money value={amount} currency={currency} />
          </Fragment>
        ))}{' '}
        would become {counted(lineCount, 'part')}.
      </Text>
      <SplitLines lines={lines} lineCount={lineCount} label="What they would be divided into" />
    </Stack>
  );
}

function payerWords({ piEmail, projectId, fundOrg }: Charge): string {
  return [piEmail || 'no PI', projectId || 'no project', fundOrg || 'no fund/org'].join(', ');
}
