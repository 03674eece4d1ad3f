import { Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import { compareDecimals, isNegative, isZero, percentOf } from '../money/decimal-text.js';
import { Money } from '../money/money.js';
import classes from './share-bars.module.css';

export interface Share {
  readonly name: string;
  readonly title: string;
  readonly billed: string;
  readonly list: string;
  /** Where a click leads: the charges behind it. */
  readonly to: string;
}

interface ShareBarsProps {
  readonly shares: readonly Share[];
  readonly currency: string;
  readonly most?: number;
  readonly empty: ReactNode;
}

/** Who or what a bill consists of, largest first: billed as a bar, the list price as its paler end. */
export function ShareBars({ shares, currency, most = 7, empty }: ShareBarsProps): ReactElement {
  if (shares.length === 0) {
    return (
      <Text size="sm" c="dimmed" py="md" ta="center">
        {empty}
      </Text>
    );
  }
  const sorted = [...shares].sort((a, b) => compareDecimals(b.billed, a.billed));
  const shown = sorted.slice(0, most);
  const longest = shares.map(({ list, billed }) => larger(list, billed)).reduce(larger);
  return (
    <div className={classes['bars']}>
      {shown.map(({ name, title, billed, list, to }) => (
        <Link key={name} to={to} className={classes['row']}>
          <span className={classes['title']} title={title}>
            {title === '' ? '(none)' : title}
          </span>
          <span className={classes['money']}>
            <Money value={billed} currency={currency} />
          </span>
          <span className={classes['track']} aria-hidden>
            <span className={classes['list']} style={{ width: widthOf(list, longest) }} />
            <span className={classes['billed']} style={{ width: widthOf(billed, longest) }} />
          </span>
        </Link>
      ))}
      {sorted.length > shown.length && (
        <Text size="xs" c="dimmed">
          and {(sorted.length - shown.length).toLocaleString('en')} more
        </Text>
      )}
    </div>
  );
}

function larger(a: string, b: string): string {
  return compareDecimals(a, b) >= 0 ? a : b;
}

function widthOf(amount: string, longest: string): string {
  if (isNegative(amount) || isZero(amount)) return '0';
  return `max(2px, ${percentOf(amount, longest) ?? '0'}%)`;
}
