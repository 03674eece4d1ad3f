import { ActionIcon, Anchor, Button, Group, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowLeft,
  IconArrowsSplit2,
  IconCheck,
  IconChevronLeft,
  IconChevronRight,
  IconMapPinQuestion,
  IconTransfer,
  IconX,
} from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { asProblem } from '../../api/problem.js';
import { type Charge, type ChargeStory, useChargeStory, usePeriods } from '../../api/queries.js';
import { StateBadge } from '../../components/badges.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { flagTitle } from '../../components/field-words.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { Money } from '../../money/money.js';
import { useSession } from '../../session/session.js';
import { AdjustButton, ChargeAdjustments } from './charge-adjustments.js';
import { BookedTo, ImportedLine, TagReadings } from './charge-facts.js';
import { ChargeHistory } from './charge-history.js';
import { ChargeParts, PartOfCharge } from './charge-parts.js';
import { decidable, isDividable } from './decidable.js';
import { DecisionDialogs, type PendingDecision } from './decision-dialogs.js';
import { listOf } from './place-in-list.js';
import { decisionOn } from './pending-decision.js';
import type { DecisionVerb } from './use-decisions.js';
import classes from './charge.module.css';

/** Everything about one charge: why it waits, what happened to it, where it is booked, and the line it came from. */
export function ChargePage(): ReactElement {
  const { id = '' } = useParams();
  const story = useChargeStory(id);
  const list = listOf(useLocation().state);
  const { data } = story;
  const back = list?.back ?? (data === undefined ? '/charges' : `/charges?period=${data.charge.period}`);
  return (
    <>
      <PageHeader
        title={`Charge ${id}`}
        badge={data !== undefined && <StateBadge state={data.charge.standing} size="md" />}
        lead={
          <Anchor component={Link} to={back} size="sm">
            <IconArrowLeft size={13} style={{ verticalAlign: -2 }} /> {list === null ? 'All charges' : 'Back to the list'}
          </Anchor>
        }
      >
        {data !== undefined && <Actions charge={data.charge} />}
        {data !== undefined && <Neighbours story={data} />}
      </PageHeader>
      {story.error !== null ? (
        <Failure error={story.error} onRetry={() => void story.refetch()} />
      ) : data === undefined ? (
        <Skeleton height={520} radius="lg" aria-busy />
      ) : (
        <Story story={data} />
      )}
    </>
  );
}

function Story({ story }: { readonly story: ChargeStory }): ReactElement {
  const { charge } = story;
  return (
    <div className={classes['page']}>
      <Stack gap="md">
        <Sheet>
          <div className={classes['summary']}>
            <div>
              <Text fw={600} className={classes['anywhere'] ?? ''}>
                {charge.resourceName ?? charge.resourceId ?? charge.serviceName}
              </Text>
              <Text size="sm" c="dimmed">
                {charge.serviceName} · {charge.source} · {charge.chargeDate ?? charge.period}
              </Text>
            </div>
            <div className={classes['money']}>
              <Text fz="xl" fw={650} lh={1.2}>
                <Money value={charge.amount} currency={charge.currency} />
              </Text>
              <Text size="xs" c="dimmed">
                list <Money value={charge.listCost} currency={charge.currency} />
              </Text>
            </div>
          </div>
        </Sheet>
        <PartOfCharge story={story} />
        <ChargeParts story={story} />
        {story.adjustments.length > 0 && <ChargeAdjustments story={story} />}
        {story.flags.length > 0 && <Flags story={story} />}
        <Sheet title="What happened">
          <ChargeHistory story={story} />
        </Sheet>
      </Stack>
      <Stack gap="md">
        <Sheet title="Booked to">
          <BookedTo story={story} />
        </Sheet>
        {charge.adjusts === null && charge.partOf === null && (
          <Sheet title="What its tags say">
            <TagReadings story={story} />
          </Sheet>
        )}
      </Stack>
      <Sheet
        title={`Line ${story.line.lineNumber} as ${charge.partOf !== null ? 'divided' : charge.adjusts === null ? 'imported' : 'booked'}`}
        flush
        className={classes['wide']}
      >
        <ImportedLine story={story} />
      </Sheet>
    </div>
  );
}

function Flags({ story: { charge, flags } }: { readonly story: ChargeStory }): ReactElement {
  const waits = charge.standing === 'flagged';
  return (
    <Sheet title={waits ? 'Why it waits' : 'Why it was flagged'}>
      <ul className={classes['flags']} aria-label="Flags">
        {flags.map(({ flag, isOpen, rule, found, remedy }) => (
          <li key={flag} className={classes['flag']} data-open={(waits && isOpen) || undefined}>
            <Text size="sm" fw={600}>
              {flagTitle(flag)}
              {!isOpen && (
                <Text span size="xs" c="dimmed" fw={400}>
                  {' '}
                  · no longer a reason
                </Text>
              )}
            </Text>
            <Text size="sm">{found}</Text>
            <Text size="sm" c="dimmed">
              {rule}
            </Text>
            {waits && isOpen && <Text size="sm">{remedy}</Text>}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

const ACTIONS: readonly { readonly verb: DecisionVerb; readonly title: string; readonly icon: typeof IconCheck }[] = [
  { verb: 'approve', title: 'Approve', icon: IconCheck },
  { verb: 'reject', title: 'Reject', icon: IconX },
  { verb: 'restore', title: 'Restore', icon: IconArrowBackUp },
  { verb: 'reattribute', title: 'Reattribute', icon: IconTransfer },
  { verb: 'split', title: 'Divide', icon: IconArrowsSplit2 },
];

/** What the person may decide on this charge now. */
function Actions({ charge }: { readonly charge: Charge }): ReactElement | null {
  const { may } = useSession();
  const periods = usePeriods().data?.periods;
  const [pending, setPending] = useState<PendingDecision | null>(null);
  const isFinalized = periods?.find(({ period }) => period === charge.period)?.state === 'finalized';
  if (!may('reviewer')) return null;
  if (isFinalized) return <AdjustButton charge={charge} />;
  const hasPi = charge.piEmail !== '' && !charge.flags.includes('invalid_pi_email');
  return (
    <>
      {ACTIONS.filter(({ verb }) => decidable(verb).includes(charge.standing) && (verb !== 'split' || isDividable(charge))).map(
        ({ verb, title, icon: Glyph }) => {
          const isBarred = verb === 'approve' && !hasPi;
          return (
            <Tooltip key={verb} label="Not before it is reattributed to a PI" disabled={!isBarred}>
              <Button
                variant={verb === 'approve' ? 'filled' : 'default'}
                leftSection={<Glyph size={16} />}
                data-disabled={isBarred}
                aria-disabled={isBarred}
                onClick={() => !isBarred && setPending(decisionOn(verb, [charge]))}
              >
                {title}
              </Button>
            </Tooltip>
          );
        },
      )}
      <DecisionDialogs pending={pending} onClose={() => setPending(null)} onDone={() => undefined} />
    </>
  );
}

/** To the next charge of the list that led here, or else of the same import. */
function Neighbours({ story: { charge, previous, next } }: { readonly story: ChargeStory }): ReactElement {
  const { state } = useLocation() as { readonly state: unknown };
  const list = listOf(state);
  const index = list?.ids.indexOf(charge.id) ?? -1;
  const [before, after] = list === null || index === -1 ? [previous, next] : [list.ids[index - 1] ?? null, list.ids[index + 1] ?? null];
  const where = list === null || index === -1 ? 'of this import' : 'of the list';
  return (
    <Group gap={4} wrap="nowrap">
      <Neighbour id={before} label={`Previous charge ${where}`} state={state}>
        <IconChevronLeft size={17} />
      </Neighbour>
      <Neighbour id={after} label={`Next charge ${where}`} state={state}>
        <IconChevronRight size={17} />
      </Neighbour>
    </Group>
  );
}

interface NeighbourProps {
  readonly id: string | null;
  readonly label: string;
  readonly state: unknown;
  readonly children: ReactElement;
}

function Neighbour({ id, label, state, children }: NeighbourProps): ReactElement {
  if (id === null) {
    return (
      <ActionIcon variant="default" size={34} aria-label={label} disabled>
        {children}
      </ActionIcon>
    );
  }
  return (
    <Tooltip label={label}>
      <ActionIcon component={Link} to={`/charges/${id}`} state={state} variant="default" size={34} aria-label={label}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** A charge that isn't there leads on: to the one that a line states once more, or to the list. */
function Failure({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }): ReactElement {
  const problem = asProblem(error);
  const [other] = problem.problems;
  if (problem.code === 'charge.restated' && other !== undefined) {
    return (
      <EmptyNote
        icon={IconMapPinQuestion}
        title="This line states another charge"
        action={
          <Button component={Link} to={`/charges/${other.where}`}>
            To charge {other.where}
          </Button>
        }
      >
        {problem.detail}
      </EmptyNote>
    );
  }
  if (problem.status === 404 || problem.code === 'charge.malformed-id') {
    return (
      <EmptyNote
        icon={IconMapPinQuestion}
        title="There is no such charge"
        action={
          <Button component={Link} to="/charges" variant="default">
            To the list of charges
          </Button>
        }
      >
        {problem.detail}
      </EmptyNote>
    );
  }
  return <ErrorPanel error={error} onRetry={onRetry} />;
}
