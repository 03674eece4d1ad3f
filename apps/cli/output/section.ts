import { type Column, table } from './table.js';

/** A table below a headline, moved in. */
export function section(columns: readonly Column[], cells: readonly (readonly string[])[]): string {
  return table(columns, cells).replace(/^/gm, '  ');
}
