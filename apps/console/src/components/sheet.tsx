import { Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import classes from './sheet.module.css';

interface SheetProps {
  readonly title?: ReactNode;
  /** Right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** The content brings its own edges: a table. */
  readonly flush?: boolean;
  readonly className?: string | undefined;
}

/** A bordered surface with an optional heading; what a page is laid out of. */
export function Sheet({ title, aside, children, flush = false, className }: SheetProps): ReactElement {
  return (
    <section className={['sheet', classes['sheet'], className ?? ''].join(' ')}>
      {(title !== undefined || aside !== undefined) && (
        <div className={classes['head']}>
          <Text component="h2" className={classes['title']}>
            {title}
          </Text>
          <div className={classes['aside']}>{aside}</div>
        </div>
      )}
      <div className={flush ? classes['flush'] : classes['body']}>{children}</div>
    </section>
  );
}
