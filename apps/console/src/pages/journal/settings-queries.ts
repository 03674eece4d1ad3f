import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { given } from '../../api/given.js';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type TestedSettings = Schema<'TestedJournalSettings'>;
export type TriedFundOrg = Schema<'TriedFundOrgInfo'>;
export type TriedAccount = Schema<'TriedAccountFoundInfo'>;
export type TriedBooking = Schema<'TriedBookingInfo'>;
export type SettingName = keyof TestedSettings['settings'];

/** What a person tries; a setting that is left alone is the configured one. */
export interface SettingsDraft {
  readonly settings: Partial<Record<SettingName, string>>;
  /** Codes to try, one a line; none: those in use. */
  readonly fundOrgs: string;
  readonly accountCodes: string;
  readonly source: string | null;
  readonly chargeAccount: string;
}

export const NOTHING_TRIED: SettingsDraft = { settings: {}, fundOrgs: '', accountCodes: '', source: null, chargeAccount: '' };

/** Long enough not to ask at every key, short enough to answer before one looks up. */
const PAUSE_MS = 300;

export interface SettingsTrial {
  /** The last answer stays until the next one, also while an expression does not compile. */
  readonly data: TestedSettings | undefined;
  readonly error: Error | null;
  readonly isCurrent: boolean;
  readonly retry: () => void;
}

/** What the server makes of settings that are tried. */
export function useSettingsTrial(draft: SettingsDraft): SettingsTrial {
  const written = JSON.stringify(draft);
  const [asked] = useDebouncedValue(written, PAUSE_MS);
  const tested = useRead(['journals', 'settings', asked], () => testSettings(JSON.parse(asked) as SettingsDraft));
  const [last, setLast] = useState(tested.data);
  if (tested.data !== undefined && tested.data !== last) setLast(tested.data);
  return {
    data: tested.data ?? last,
    error: tested.error,
    isCurrent: asked === written && tested.data !== undefined,
    retry: () => void tested.refetch(),
  };
}

function testSettings({ settings, fundOrgs, accountCodes, source, chargeAccount }: SettingsDraft): Promise<TestedSettings> {
  const booking = source === null ? {} : given({ source, chargeAccount: chargeAccount.trim() });
  const body = { ...settings, fundOrgs: linesOf(fundOrgs), accountCodes: linesOf(accountCodes), ...booking };
  return answerOf(sdk.POST('/api/v1/journals/settings/test', { body }));
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
