import type { ReactElement, ReactNode } from 'react';
import classes from './facts.module.css';

interface FactsProps {
  /** Room for names of several words. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** What is known about one thing, name by name. */
export function Facts({ wide = false, children }: FactsProps): ReactElement {
  return (
    <dl className={classes['facts']} data-wide={wide || undefined}>
      {children}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  /** Said where there is no value. */
  readonly none?: string;
  readonly children: ReactNode;
}

export function Fact({ name, none = 'none', children }: FactProps): ReactElement {
  const isEmpty = children === '' || children === null || children === false;
  return (
    <>
      <dt>{name}</dt>
      <dd>{isEmpty ? <span className={classes['none']}>{none}</span> : children}</dd>
    </>
  );
}
