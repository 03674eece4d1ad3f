import { Badge, Select, Stack, Text, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useSources } from '../../api/queries.js';
import { Sheet } from '../../components/sheet.js';
import classes from './journal.module.css';
import type { TriedBooking } from './settings-queries.js';

interface BookedAccountProps {
  readonly booking: TriedBooking | null;
  readonly source: string | null;
  readonly chargeAccount: string;
  readonly onSource: (source: string | null) => void;
  readonly onChargeAccount: (account: string) => void;
}

const ORIGINS: Readonly<Record<TriedBooking['candidates'][number]['from'], string>> = {
  charge: 'The charge’s own (its account tag)',
  source: 'The account of the source',
  default: 'The default account',
};

/** Which account the entries of a source are booked to: the first of three that there is. */
export function BookedAccount({ booking, source, chargeAccount, onSource, onChargeAccount }: BookedAccountProps): ReactElement {
  const sources = useSources();
  return (
    <Sheet title="Which account is taken">
      <Stack gap="sm">
        <div className={classes['samples']}>
          <Select
            label="Source"
            placeholder="Choose one"
            clearable
            value={source}
            data={(sources.data ?? []).map(({ name, displayName }) => ({ value: name, label: displayName === '' ? name : displayName }))}
            onChange={onSource}
          />
          <TextInput
            className={classes['code'] ?? ''}
            label="Account that a charge carries"
            placeholder="None"
            disabled={source === null}
            value={chargeAccount}
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            onChange={({ currentTarget }) => onChargeAccount(currentTarget.value)}
          />
        </div>
        {booking === null ? (
          <Text size="sm" c="dimmed">
            A charge’s own account goes first, then that of its source, then the default. Choose a source to see which one wins.
          </Text>
        ) : (
          <>
            <ol className={classes['candidates']} aria-label="Accounts in their order">
              {booking.candidates.map(({ from, accountCode, wins }) => (
                <li key={from} data-wins={wins || undefined}>
                  <span>{ORIGINS[from]}</span>
                  <span className={accountCode === '' ? classes['nothing'] : classes['value']}>
                    {accountCode === '' ? 'none' : accountCode}
                  </span>
                  <span>{wins && <Badge color="green">Is taken</Badge>}</span>
                </li>
              ))}
            </ol>
            <Text size="sm" role="status">
              Debits are booked to <Side {...booking.debit} />; the credit of the source, which no charge has a say in, to{' '}
              <Side {...booking.credit} />.
            </Text>
          </>
        )}
      </Stack>
    </Sheet>
  );
}

function Side({ accountCode, reason }: TriedBooking['debit']): ReactElement {
  return (
    <>
      {accountCode === '' ? 'no account' : <span className={classes['value']}>{accountCode}</span>}
      {reason !== null && (
        <Text span inherit className={classes['remark'] ?? ''}>
          {' '}
          ({reason})
        </Text>
      )}
    </>
  );
}
