import { Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import classes from './figure-boxes.module.css';

/** A few figures side by side, in a drawer. */
export function FigureBoxes({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className={classes['boxes']}>{children}</div>;
}

/** An amount or a word, with what it is below. */
export function FigureBox({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className={classes['box']}>
      <Text fz="md" fw={650} lh={1.3} className="figures">
        {children}
      </Text>
      <Below>{name}</Below>
    </div>
  );
}

/** A number of things; zero steps back. */
export function CountBox({ name, count }: { readonly name: string; readonly count: number }): ReactElement {
  return (
    <div className={classes['box']}>
      <Text fz="lg" fw={650} lh={1.2} className="figures" {...(count === 0 ? { c: 'dimmed' } : {})}>
        {count.toLocaleString('en')}
      </Text>
      <Below>{name}</Below>
    </div>
  );
}

function Below({ children }: { readonly children: string }): ReactElement {
  return (
    <Text size="xs" c="dimmed">
      {children}
    </Text>
  );
}
