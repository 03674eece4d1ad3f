import { Anchor, Button, Text } from '@mantine/core';
import { IconArrowsJoin2 } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link } from 'react-router';
import { type ChargeStory, usePeriods } from '../../api/queries.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Moment } from '../../components/moment.js';
import { Sheet } from '../../components/sheet.js';
import { Money } from '../../money/money.js';
import { useSession } from '../../session/session.js';
import { shareText } from '../splits/division.js';
import { RuleLink } from '../splits/rule-link.js';
import { UndoSplitDialog } from '../splits/undo-split-dialog.js';
import classes from './charge.module.css';

type ChargePart = ChargeStory['parts'][number];

const PAST: readonly ChargePart['standing'][] = ['superseded', 'withdrawn'];

/** What stands for a divided charge; below, what it was divided into before and no longer is. */
export function ChargeParts({ story: { charge, parts } }: { readonly story: ChargeStory }): ReactElement {
  const isDivided = charge.standing === 'split';
  const standing = parts.filter((part) => isDivided && !PAST.includes(part.standing));
  const past = parts.filter((part) => !standing.includes(part));
  return (
    <>
      {standing.length > 0 && (
        <Sheet title="Divided into" aside={<PutTogether charge={charge} />} flush>
          <PartTable parts={standing} currency={charge.currency} label="Parts" />
          <Origin part={standing[0]} />
        </Sheet>
      )}
      {past.length > 0 && (
        <Sheet title="Was divided into" flush>
          <PartTable parts={past} currency={charge.currency} label="Parts of before" />
          <Origin part={past.at(-1)} />
        </Sheet>
      )}
    </>
  );
}

function PartTable({
  parts,
  currency,
  label,
}: {
  readonly parts: readonly ChargePart[];
  readonly currency: string;
  readonly label: string;
}): ReactElement {
  const columns: readonly Column<ChargePart>[] = [
    {
      key: 'share',
      title: 'Share',
      width: 84,
      render: ({ chargeId, share }) => (
        <Anchor component={Link} to={`/charges/${chargeId}`} inherit aria-label={`${shareText(share)}: charge ${chargeId}`}>
          {shareText(share)}
        </Anchor>
      ),
    },
    {
      key: 'payer',
      title: 'Paid by',
      cut: true,
      render: ({ piEmail, projectId }) => (
        <span title={`${piEmail} ${projectId}`}>
          {piEmail || 'no PI'}
          <Text size="xs" c="dimmed" truncate>
            {projectId || 'no project'}
          </Text>
        </span>
      ),
    },
    {
      key: 'fundOrg',
      title: 'Fund/org',
      width: '19%',
      cut: true,
      render: ({ fundOrg }) => <span title={fundOrg}>{fundOrg || '–'}</span>,
    },
    { key: 'standing', title: 'Standing', width: 112, render: ({ standing }) => <StateBadge state={standing} /> },
    {
      key: 'list',
      title: 'List',
      right: true,
      wideOnly: true,
      width: 92,
      render: ({ listCost }) => <Money value={listCost} currency={currency} quiet />,
    },
    { key: 'amount', title: 'Amount', right: true, width: 104, render: ({ amount }) => <Money value={amount} currency={currency} /> },
  ];
  return <DataTable rows={parts} columns={columns} keyOf={({ chargeId }) => chargeId} label={label} minWidth={560} empty="Nothing" />;
}

/** Who divided the charge so, when and why. */
function Origin({ part }: { readonly part: ChargePart | undefined }): ReactElement | null {
  if (part === undefined) return null;
  const { splitId, splitBy, splitAt, rule, note } = part;
  return (
    <Text size="sm" px="md" pb="md" className={classes['anywhere'] ?? ''}>
      <Text span inherit c="dimmed">
        {splitBy}, <Moment at={splitAt} />
        {rule === null ? ', by hand' : ', by the rule '}
        {rule !== null && <RuleLink rule={rule} />}
        {' · '}
        <Anchor component={Link} to={`/splits?split=${splitId}`} inherit>
          split {splitId}
        </Anchor>
      </Text>
      {note !== null && ` “${note}”`}
    </Text>
  );
}

function PutTogether({ charge }: { readonly charge: ChargeStory['charge'] }): ReactElement | null {
  const { may } = useSession();
  const periods = usePeriods().data?.periods;
  const [isOpen, setOpen] = useState(false);
  if (!may('reviewer') || periods?.find(({ period }) => period === charge.period)?.state === 'finalized') return null;
  return (
    <>
      <Button size="compact-sm" variant="default" leftSection={<IconArrowsJoin2 size={15} />} onClick={() => setOpen(true)}>
        Put together again
      </Button>
      <UndoSplitDialog target={isOpen ? { ids: [charge.id] } : null} onClose={() => setOpen(false)} />
    </>
  );
}

/** Of a part: which share of which charge it is, and where the rest of that went. */
export function PartOfCharge({ story: { charge, partOf } }: { readonly story: ChargeStory }): ReactElement | null {
  if (partOf === null) return null;
  const { chargeId, share, part, partCount, wholeAmount, splitBy, splitAt, rule, note, others } = partOf;
  return (
    <>
      <Sheet>
        <Text size="sm" className={classes['anywhere'] ?? ''}>
          <b>{share === 'rest' ? 'The rest' : shareText(share)}</b> of{' '}
          <Anchor component={Link} to={`/charges/${chargeId}`} inherit>
            charge {chargeId}
          </Anchor>{' '}
          over <Money value={wholeAmount} currency={charge.currency} />: part {part} of {partCount}.
        </Text>
        <Text size="sm" c="dimmed" className={classes['anywhere'] ?? ''}>
          {splitBy}, <Moment at={splitAt} />
          {rule === null ? ', by hand' : ', by the rule '}
          {rule !== null && <RuleLink rule={rule} />}
          {note !== null && ` · “${note}”`}
        </Text>
      </Sheet>
      {others.length > 0 && (
        <Sheet title="The rest went to" flush>
          <PartTable parts={others} currency={charge.currency} label="The other parts" />
        </Sheet>
      )}
    </>
  );
}
