import { Skeleton } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import classes from './figure-tiles.module.css';

export interface FigureTile {
  readonly title: string;
  /** Undefined while loading. */
  readonly value: ReactNode | undefined;
  readonly below?: ReactNode;
  readonly to?: string;
  readonly alarm?: boolean;
}

/** The main figures of a page in a row; the first is the most important. */
export function FigureTiles({ tiles }: { readonly tiles: readonly FigureTile[] }): ReactElement {
  return (
    <div className={`sheet ${classes['tiles']}`}>
      {tiles.map(({ title, value, below, to, alarm = false }) => {
        const content = (
          <>
            <span className={classes['title']}>{title}</span>
            <span className={classes['value']} data-alarm={alarm || undefined}>
              {value === undefined ? <Skeleton height={18} width={90} my={5} /> : value}
            </span>
            <span className={classes['below']}>{value === undefined ? ' ' : (below ?? ' ')}</span>
          </>
        );
        return to === undefined ? (
          <div key={title} className={classes['tile']}>
            {content}
          </div>
        ) : (
          <Link key={title} to={to} className={`${classes['tile']} ${classes['link']}`}>
            {content}
          </Link>
        );
      })}
    </div>
  );
}
