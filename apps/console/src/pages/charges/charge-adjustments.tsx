import { Anchor, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconReceiptRefund } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import type { Charge, ChargeStory } from '../../api/queries.js';
import { StateBadge } from '../../components/badges.js';
import { periodName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { Sheet } from '../../components/sheet.js';
import { Money } from '../../money/money.js';
import { AdjustDialog } from '../adjustments/adjust-dialog.js';
import classes from './charge.module.css';

/** For a charge of a finalized period, if it was billed. */
export function AdjustButton({ charge }: { readonly charge: Charge }): ReactElement | null {
  const [opened, { open, close }] = useDisclosure(false);
  if (charge.standing !== 'clear' && charge.standing !== 'approved') return null;
  return (
    <>
      <Button variant="default" leftSection={<IconReceiptRefund size={16} />} onClick={open}>
        Adjust …
      </Button>
      <AdjustDialog
        opened={opened}
        onClose={close}
        title={`Adjust charge ${charge.id}`}
        target={{ chargeId: charge.id }}
        adjustedPeriod={charge.period}
      />
    </>
  );
}

/** What corrects the charge, or what it corrects itself together with others. */
export function ChargeAdjustments({ story: { charge, adjustments } }: { readonly story: ChargeStory }): ReactElement {
  return (
    <Sheet title={charge.adjusts === null ? 'Adjustments' : 'What it corrects'}>
      {charge.adjusts !== null && (
        <Text size="sm" mb="sm">
          This charge is an adjustment of{' '}
          <Anchor component={Link} to={`/charges/${charge.adjusts}`} inherit>
            charge {charge.adjusts}
          </Anchor>
          .
        </Text>
      )}
      <ul className={classes['flags']} aria-label="Adjustments">
        {adjustments.map((adjustment) => (
          <li key={adjustment.chargeId} className={classes['flag']}>
            <div className={classes['summary']}>
              <Text size="sm">
                {adjustment.chargeId === charge.id ? (
                  <Text span inherit fw={600}>
                    This charge
                  </Text>
                ) : (
                  <Anchor component={Link} to={`/charges/${adjustment.chargeId}`} inherit>
                    Charge {adjustment.chargeId}
                  </Anchor>
                )}
                , billed in {periodName(adjustment.period)}
                {adjustment.adjusts === charge.id || adjustment.chargeId === charge.id ? '' : `, corrects ${adjustment.adjusts}`}{' '}
                {adjustment.standing === 'withdrawn' && <StateBadge state="withdrawn" />}
              </Text>
              <Text size="sm" fw={600} className={classes['money'] ?? ''} td={adjustment.standing === 'withdrawn' ? 'line-through' : ''}>
                <Money value={adjustment.amount} currency={charge.currency} />
              </Text>
            </div>
            <Text size="sm" className={classes['anywhere'] ?? ''}>
              “{adjustment.reason}”
            </Text>
            <Text size="sm" c="dimmed">
              {adjustment.bookedBy}, <Moment at={adjustment.bookedAt} />
              {`, correcting the ${adjustment.revision === null ? 'charges' : `statement (revision ${adjustment.revision})`} of ${periodName(adjustment.adjustedPeriod)}`}
            </Text>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
