import { Anchor, Button, Group, Select, Stack, Text, Textarea } from '@mantine/core';
import { type ReactElement, type SyntheticEvent, useState } from 'react';
import { Link } from 'react-router';
import type { AsAdjustments } from '../../api/import-queries.js';
import type { PeriodSummary } from '../../api/queries.js';
import { periodName } from '../../components/field-words.js';
import classes from './imports.module.css';

interface RestatementOfferProps {
  readonly fileName: string;
  /** Finalized, and stated anew by the file. */
  readonly restated: string;
  readonly periods: readonly PeriodSummary[];
  readonly isBusy: boolean;
  readonly onShow: (asked: AsAdjustments) => void;
}

/** What can be done with a file of a finalized period: its difference is shown, and then booked in an open one. */
export function RestatementOffer({ fileName, restated, periods, isBusy, onShow }: RestatementOfferProps): ReactElement {
  const open = periods.filter(({ state }) => state === 'open').map(({ period }) => period);
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  // The first month after the restated one, as the PIs get its statement next.
  const period = chosen ?? [...open].sort().find((each) => each > restated) ?? open[0] ?? '';
  const isComplete = period !== '' && reason.trim() !== '';

  function submit(event: SyntheticEvent): void {
    event.preventDefault();
    if (isComplete && !isBusy) onShow({ period, reason: reason.trim() });
  }

  return (
    <form className={classes['offer']} onSubmit={submit} aria-label={`Book the difference of ${fileName} as adjustments`}>
      <Stack gap="xs">
        <Text size="sm" fw={600}>
          Book the difference as adjustments
        </Text>
        <Text size="sm" c="dimmed">
          If the file is all there is of its source for {periodName(restated)}, it is compared with what was billed, adjustments included.
          What differs is charged or credited in an open period; what the file leaves out is credited.
        </Text>
        {open.length === 0 ? (
          <Text size="sm">
            No period is open in which it could be billed.{' '}
            <Anchor component={Link} to="/periods" inherit>
              Open one
            </Anchor>{' '}
            first.
          </Text>
        ) : (
          <>
            <Group align="flex-start" gap="md">
              <Select
                w={190}
                label="Billed in"
                data={open.map((value) => ({ value, label: periodName(value) }))}
                value={period}
                onChange={setChosen}
                allowDeselect={false}
              />
              <Textarea
                className={classes['grow'] ?? ''}
                label="Reason"
                description="The PIs read it on their next statement."
                inputWrapperOrder={['label', 'input', 'description']}
                withAsterisk
                autosize
                minRows={1}
                maxLength={500}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            </Group>
            <Group justify="flex-end">
              <Button type="submit" disabled={!isComplete} loading={isBusy}>
                Show the difference
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </form>
  );
}
