import { Anchor, Button, Drawer, Group, ScrollArea, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowsJoin2 } from '@tabler/icons-react';
import { Fragment, type ReactElement, useState } from 'react';
import { Link } from 'react-router';
import { usePeriods } from '../../api/queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Fact, Facts } from '../../components/facts.js';
import { counted, periodName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { Money } from '../../money/money.js';
import { useSession } from '../../session/session.js';
import { partWords } from '../attribution/rule-words.js';
import { RuleLink } from './rule-link.js';
import { SplitLines } from './split-lines.js';
import { type SplitDetail, useSplit } from './split-queries.js';
import { UndoSplitDialog } from './undo-split-dialog.js';

interface SplitDrawerProps {
  readonly splitId: number | null;
  readonly onClose: () => void;
}

/** One split: who divided what, into which parts, and the way to each of them. */
export function SplitDrawer({ splitId, onClose }: SplitDrawerProps): ReactElement {
  // The last split stays in view while the drawer slides out.
  const [shown, setShown] = useState(splitId);
  if (splitId !== null && splitId !== shown) setShown(splitId);
  const split = useSplit(shown);
  return (
    <Drawer
      opened={splitId !== null}
      onClose={onClose}
      size={640}
      title={<Text fw={600}>Split {shown}</Text>}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      {split.error !== null ? (
        <ErrorPanel error={split.error} onRetry={() => void split.refetch()} />
      ) : split.data === undefined ? (
        <Stack>
          <Skeleton height={140} />
          <Skeleton height={220} />
        </Stack>
      ) : (
        <Story split={split.data} />
      )}
    </Drawer>
  );
}

function Story({ split }: { readonly split: SplitDetail }): ReactElement {
  const { splitId, period, rule, parts, note, sources, count, amounts, undoneCount, lineCount, splitBy, splitAt, lines } = split;
  return (
    <Stack gap="lg">
      <Facts>
        <Fact name="Period">{periodName(period)}</Fact>
        <Fact name="Divided">
          {splitBy}, <Moment at={splitAt} />
        </Fact>
        <Fact name="By">{rule === null ? 'hand' : <RuleLink rule={rule} />}</Fact>
        {note !== null && <Fact name="Note">“{note}”</Fact>}
        <Fact name="Source">{sources.join(', ')}</Fact>
        <Fact name="Charges">
          {counted(count, 'charge')} over{' '}
          {amounts.map(({ currency, amount }, index) => (
            <Fragment key={currency}>
              {index > 0 && ' and '}
              <Money value={amount} currency={currency} />
            </Fragment>
          ))}
          , divided into {counted(lineCount, 'part')}
        </Fact>
        {undoneCount > 0 && (
          <Fact name="Undone">
            {undoneCount.toLocaleString('en')} of {counted(count, 'charge')} put together again
          </Fact>
        )}
        {parts.map((part, index) => (
          <Fact key={index} name={`Part ${index + 1}`}>
            {partWords(part)}
          </Fact>
        ))}
      </Facts>
      <UndoAll split={split} />
      <section>
        <Text component="h3" size="xs" fw={600} c="dimmed" mb={6}>
          {undoneCount > 0 ? 'The parts, as they were made' : 'The parts'}
        </Text>
        <SplitLines lines={lines} lineCount={lineCount} label="Parts" isRecorded />
        <Anchor component={Link} size="sm" to={`/charges?importId=${splitId}`}>
          All of them in the list of charges
        </Anchor>
      </section>
    </Stack>
  );
}

function UndoAll({ split: { splitId, period, count, undoneCount } }: { readonly split: SplitDetail }): ReactElement | null {
  const { may } = useSession();
  const periods = usePeriods().data?.periods;
  const [isOpen, setOpen] = useState(false);
  const isFinalized = periods?.find((each) => each.period === period)?.state === 'finalized';
  if (!may('reviewer') || isFinalized || undoneCount === count) return null;
  return (
    <Group>
      <Button size="xs" variant="default" leftSection={<IconArrowsJoin2 size={15} />} onClick={() => setOpen(true)}>
        Put together again
      </Button>
      <UndoSplitDialog target={isOpen ? { splitId } : null} onClose={() => setOpen(false)} />
    </Group>
  );
}
