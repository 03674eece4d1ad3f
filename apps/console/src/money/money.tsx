import type { ReactElement } from 'react';
import { amountText, layOutAmount, rounded } from './decimal-text.js';
import classes from './money.module.css';

/** Digits after the point that a currency has, where it is not two (ISO 4217). */
const MINOR_DIGITS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, CLP: 0, ISK: 0, VND: 0, KWD: 3, BHD: 3, JOD: 3, OMR: 3, TND: 3 };
const SIGNS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', CHF: 'CHF ', CAD: 'CA$', AUD: 'A$' };

/** Decimals that the places after the cent are given room for, so that points stand below each other. */
const ROOM_BEYOND = 4;

function minorDigitsOf(currency: string): number {
  return MINOR_DIGITS[currency] ?? 2;
}

interface MoneyProps {
  /** Exact decimal text of the API. */
  readonly value: string;
  /** Without one the bare number is shown, for columns that name their currency above. */
  readonly currency?: string | undefined;
  /** Keeps room for decimals beyond the cent, so that a column of exact amounts lines up on the point. */
  readonly aligned?: boolean;
  /** Rounds an exact sum to the cent, where the rest is noise; its title still says all of it. */
  readonly brief?: boolean;
  readonly struck?: boolean;
  readonly quiet?: boolean;
}

/** An amount of money; the full exact value is its title when the screen shows less. */
export function Money({ value, currency, aligned = false, brief = false, struck = false, quiet = false }: MoneyProps): ReactElement {
  const digits = minorDigitsOf(currency ?? 'USD');
  const { sign, main, beyond } = layOutAmount(brief ? rounded(value, digits) : value, digits);
  const cut = beyond.length > ROOM_BEYOND;
  const isShortened = cut || (brief && layOutAmount(value, digits).beyond !== '');
  return (
    <span
      className={[classes['money'], struck ? classes['struck'] : '', quiet ? classes['quiet'] : ''].join(' ')}
      title={isShortened ? amountText(value, digits) : undefined}
    >
      {sign}
      {currency === undefined ? '' : (SIGNS[currency] ?? `${currency} `)}
      {main}
      {(aligned || beyond !== '') && (
        <span className={[classes['beyond'], aligned ? classes['room'] : ''].join(' ')}>
          {cut ? `${beyond.slice(0, ROOM_BEYOND - 1)}…` : beyond}
        </span>
      )}
    </span>
  );
}

/** The same as plain text: `−$1,234.50`. */
export function moneyText(value: string, currency: string): string {
  const text = amountText(value, minorDigitsOf(currency));
  const sign = SIGNS[currency] ?? `${currency} `;
  return text.startsWith('−') ? `−${sign}${text.slice(1)}` : `${sign}${text}`;
}
