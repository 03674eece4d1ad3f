import { Alert, Button, Stack, Tabs, Text, TextInput } from '@mantine/core';
import { IconFileInvoice, IconFileUpload, IconSearch, IconShieldCheck } from '@tabler/icons-react';
import { type ReactElement, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { useCurrency } from '../../api/queries.js';
import { isMaking, type Statement, useStatementRuns, useStatements } from '../../api/statement-queries.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { FigureTiles } from '../../components/figure-tiles.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { percentOf } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { PeriodPicker, usePeriodChoice } from '../../shell/period-choice.js';
import { DeliveryTable } from './delivery-table.js';
import { GenerateButton } from './generate-button.js';
import { RunProgress } from './run-progress.js';
import { RunTable } from './run-table.js';
import { StatementDrawer } from './statement-drawer.js';
import { StatementTable } from './statement-table.js';
import classes from './statements.module.css';

/** Statements of a period: generating, reading, sending. */
export function StatementsPage(): ReactElement {
  const choice = usePeriodChoice();
  const { period, chosen, periods } = choice;
  const currency = useCurrency();
  const statements = useStatements(period);
  const isRunning = useStatementRuns(period).data?.some((run) => isMaking(run)) === true;
  const [text, setText] = useState('');
  const [open, setOpen] = useState<Statement | null>(null);
  const { data } = statements;
  const shown = useMemo(() => matching(data?.statements, text), [data, text]);
  // What is open follows the list, so that a new revision or a sent message shows at once.
  const opened = open === null ? null : (data?.statements.find((each) => keyOf(each) === keyOf(open)) ?? open);

  return (
    <>
      <PageHeader title="Statements" lead="What each PI owes for each project">
        <PeriodPicker choice={choice} />
        <Button component={Link} to="/statements/verify" variant="default" leftSection={<IconShieldCheck size={15} />}>
          Verify …
        </Button>
        {period !== null && data !== undefined && chosen !== undefined && chosen.state !== 'finalized' && (
          <GenerateButton period={period} list={data} flaggedCount={chosen.flaggedCount} />
        )}
      </PageHeader>
      {periods?.length === 0 ? (
        <Sheet>
          <EmptyNote
            icon={IconFileUpload}
            title="There is no billing period yet"
            action={
              <Button component={Link} to="/imports">
                Import files
              </Button>
            }
          >
            Statements are made of imported charges, so import the files of a month first.
          </EmptyNote>
        </Sheet>
      ) : statements.error !== null && data === undefined ? (
        <ErrorPanel error={statements.error} onRetry={() => void statements.refetch()} />
      ) : (
        <Stack gap="md">
          <RunProgress period={period} />
          {data !== undefined && data.dueCount > 0 && data.statements.length > 0 && !isRunning && chosen?.state !== 'finalized' && (
            <Alert color="yellow" variant="light">
              {counted(data.dueCount, 'statement')} {data.dueCount === 1 ? 'is' : 'are'} missing or out of date with the ledger. Generate to
              bring them up to date.
            </Alert>
          )}
          <FigureTiles tiles={tilesOf(data, currency)} />
          <Sheet flush>
            <Tabs defaultValue="statements" keepMounted={false}>
              <div className={classes['bar']}>
                <Tabs.List className={classes['tabs'] ?? ''}>
                  <Tabs.Tab value="statements">Statements</Tabs.Tab>
                  <Tabs.Tab value="emails">Emails</Tabs.Tab>
                  <Tabs.Tab value="runs">Runs</Tabs.Tab>
                </Tabs.List>
                <TextInput
                  aria-label="Search statements"
                  placeholder="PI or project"
                  leftSection={<IconSearch size={15} />}
                  value={text}
                  onChange={(event) => setText(event.currentTarget.value)}
                  w={220}
                />
              </div>
              <Tabs.Panel value="statements">
                <StatementTable
                  statements={shown}
                  currency={currency}
                  onOpen={setOpen}
                  empty={
                    text === '' ? (
                      <NoStatements period={period} missingCount={data?.missing.length ?? 0} />
                    ) : (
                      <Text size="sm" c="dimmed" ta="center" py="xl">
                        No statement matches “{text}”.
                      </Text>
                    )
                  }
                />
              </Tabs.Panel>
              <Tabs.Panel value="emails">
                <DeliveryTable period={period} text={text} />
              </Tabs.Panel>
              <Tabs.Panel value="runs">
                <RunTable period={period} />
              </Tabs.Panel>
            </Tabs>
          </Sheet>
        </Stack>
      )}
      <StatementDrawer statement={opened} isOpen={open !== null} onClose={() => setOpen(null)} />
    </>
  );
}

function keyOf({ piEmail, projectId }: { readonly piEmail: string; readonly projectId: string }): string {
  return JSON.stringify([piEmail, projectId]);
}

function matching(statements: readonly Statement[] | undefined, text: string): readonly Statement[] | undefined {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return statements;
  return statements?.filter(({ piEmail, projectId, fundOrgs }) =>
    [piEmail, projectId, ...fundOrgs].some((each) => each.toLowerCase().includes(wanted)),
  );
}

function NoStatements({ period, missingCount }: { readonly period: string | null; readonly missingCount: number }): ReactElement {
  if (missingCount === 0) {
    return (
      <EmptyNote icon={IconFileInvoice} title="Nothing to bill yet">
        {period === null ? 'A month' : periodName(period)} has no charges that can go on a statement: import its files and review what is
        flagged.
      </EmptyNote>
    );
  }
  return (
    <EmptyNote icon={IconFileInvoice} title={`${counted(missingCount, 'statement')} can be generated`}>
      Generate makes a PDF for each PI and project. Nothing is sent unless you ask for it.
    </EmptyNote>
  );
}

function tilesOf(list: ReturnType<typeof useStatements>['data'], currency: string): Parameters<typeof FigureTiles>[0]['tiles'] {
  if (list === undefined)
    return ['Amount due', 'List price', 'Discount', 'Statements', 'Sent'].map((title) => ({ title, value: undefined }));
  const { sum, statements, dueCount } = list;
  const sent = statements.filter(
    ({ delivery }) => delivery?.coversRevision === true && (delivery.status === 'sent' || delivery.status === 'dev_mode'),
  );
  const share = percentOf(sum.discount, sum.list);
  return [
    { title: 'Amount due', value: <Money value={sum.due} currency={currency} />, below: 'of the statements listed' },
    { title: 'List price', value: <Money value={sum.list} currency={currency} /> },
    { title: 'Discount', value: <Money value={sum.discount} currency={currency} />, below: share === null ? '' : `${share} % of list` },
    {
      title: 'Statements',
      value: statements.length.toLocaleString('en'),
      below: dueCount === 0 ? 'all up to date' : `${dueCount.toLocaleString('en')} to make`,
    },
    { title: 'Sent', value: sent.length.toLocaleString('en'), below: `of ${statements.length.toLocaleString('en')}` },
  ];
}
