import type { ReactElement, ReactNode } from 'react';
import classes from './entry-list.module.css';

interface EntryListProps {
  readonly label: string;
  /** Of all entries, if only the first are here. */
  readonly count?: number;
  /** A list item each. */
  readonly children: readonly ReactNode[];
}

/** Entries with lines between them, scrolling where there are many. */
export function EntryList({ label, children, count = children.length }: EntryListProps): ReactElement {
  return (
    // A region that scrolls must be reached by keyboard.
    <ul className={classes['list']} tabIndex={0} aria-label={label}>
      {children}
      {count > children.length && <li>… and {(count - children.length).toLocaleString('en')} more</li>}
    </ul>
  );
}
