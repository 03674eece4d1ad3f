import { Button, Group, Stack, Text } from '@mantine/core';
import { IconFlag, IconLock } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { ActionDialog } from '../../components/action-dialog.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { EffectTable, Outcome } from './effect-table.js';
import { previewReflag, reflag, type Reflagged, type Rules } from './rule-queries.js';

interface ReflagSectionProps {
  readonly rules: Rules;
  readonly period: string;
  readonly state: string;
  /** What was found out about the charges before is no longer so. */
  readonly onDone: () => void;
}

/** Flags the charges of a period again by the rules in force, after a look at what that does. */
export function ReflagSection({ rules, period, state, onDone }: ReflagSectionProps): ReactElement {
  const [shown, setShown] = useState<{ readonly of: string; readonly answer: Reflagged } | null>(null);
  const [isAsking, setAsking] = useState(false);
  const of = `${period} ${rules.version}`;
  const look = useAction(() => previewReflag(period), { ownErrors: true, onDone: (answer) => setShown({ of, answer }) });
  const preview = shown?.of === of ? shown.answer : null;
  const run = useAction((note: string) => reflag(period, note, preview?.effect.changed ?? { count: 0, amounts: [], samples: [] }), {
    ownErrors: true,
    done: ({ effect: { changed, toReview } }) =>
      `${counted(changed.count, 'charge')} of ${periodName(period)} flagged again, ${toReview.count.toLocaleString('en')} to review`,
    onDone: () => {
      setShown(null);
      onDone();
    },
  });

  if (state === 'finalized') {
    return (
      <EmptyNote icon={IconLock} title={`${periodName(period)} is finalized`} compact>
        Nothing in it changes any more. The test above still tells what patterns would find in it.
      </EmptyNote>
    );
  }
  return (
    <Stack gap="md" align="flex-start">
      <Text size="sm">
        Saved patterns count for what is imported from then on. Flagging {periodName(period)} again holds them, and the chart of funds,
        against the charges that are there. What was approved or rejected is asked again only for a reason that is new.
      </Text>
      <Button variant="default" loading={look.isPending} onClick={() => look.mutate(undefined)}>
        Show what would change
      </Button>
      {look.error !== null && <ErrorPanel error={look.error} />}
      {preview !== null && (
        <div role="status" style={{ width: '100%' }}>
          <Stack gap="sm">
            <EffectTable effect={preview.effect} label={`What flagging ${periodName(period)} again would do`} />
            <Text size="sm">
              <Outcome effect={preview.effect} />
            </Text>
            {preview.effect.changed.count > 0 && (
              <Group>
                <Button leftSection={<IconFlag size={16} />} onClick={() => setAsking(true)}>
                  Flag {counted(preview.effect.changed.count, 'charge')} again
                </Button>
              </Group>
            )}
          </Stack>
        </div>
      )}
      <ActionDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Flag ${periodName(period)} again`}
        ask={{ label: 'Note', placeholder: 'Kept in the review log of every charge' }}
        confirm="Flag again"
        run={(note) => run.mutateAsync(note)}
      >
        {preview !== null && (
          <Text size="sm">
            <Outcome effect={preview.effect} />
          </Text>
        )}
      </ActionDialog>
    </Stack>
  );
}
