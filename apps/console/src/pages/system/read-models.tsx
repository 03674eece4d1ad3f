import { Badge } from '@mantine/core';
import type { ReactElement } from 'react';
import type { SystemInfo } from '../../api/overview-queries.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { counted } from '../../components/field-words.js';
import { Sheet } from '../../components/sheet.js';

type ReadModel = SystemInfo['projections'][number];

const COLUMNS: readonly Column<ReadModel>[] = [
  { key: 'name', title: 'Name', render: ({ name }) => name },
  { key: 'version', title: 'Version', right: true, width: 80, render: ({ version }) => version },
  { key: 'position', title: 'Position', right: true, width: 100, render: ({ position }) => position.toLocaleString('en') },
  { key: 'lag', title: 'Behind', right: true, width: 80, render: ({ lag }) => lag.toLocaleString('en') },
  { key: 'state', title: 'State', width: 190, render: (model) => <State model={model} /> },
];

/** How far the read models have followed the log. */
export function ReadModels({ models }: { readonly models: readonly ReadModel[] }): ReactElement {
  return (
    <Sheet flush title="Read models">
      <DataTable rows={models} columns={COLUMNS} keyOf={({ name }) => name} label="Read models" empty={null} minWidth={560} />
    </Sheet>
  );
}

function State({ model: { lag, rebuilding } }: { readonly model: ReadModel }): ReactElement {
  if (rebuilding !== null) return <Badge color="blue">rebuilding, {counted(rebuilding.lag, 'event')} to go</Badge>;
  if (lag > 0) return <Badge color="yellow">{counted(lag, 'event')} behind</Badge>;
  return <Badge color="green">up to date</Badge>;
}
