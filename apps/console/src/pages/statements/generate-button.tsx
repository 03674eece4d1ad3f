import { Alert, Anchor, Button, Group, List, Modal, MultiSelect, Skeleton, Stack, Switch, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useMemo, useState } from 'react';
import { useCurrency } from '../../api/queries.js';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { previewAddress, type StatementList } from '../../api/statement-queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { Money } from '../../money/money.js';
import { ForRole } from '../../session/session.js';

interface GenerateProps {
  readonly period: string;
  readonly list: StatementList;
  readonly flaggedCount: number;
}

/** Asks for a statement run, with or without sending, after showing what it would make. */
export function GenerateButton(props: GenerateProps): ReactElement {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <ForRole role="reviewer">
      <Button onClick={open}>Generate …</Button>
      <Modal opened={opened} onClose={close} title={<Text fw={600}>Generate statements of {periodName(props.period)}</Text>} size="lg">
        {opened && <GenerateForm {...props} onClose={close} />}
      </Modal>
    </ForRole>
  );
}

function GenerateForm({ period, list, flaggedCount, onClose }: GenerateProps & { readonly onClose: () => void }): ReactElement {
  const [sends, setSends] = useState(false);
  const currency = useCurrency();
  const path = { period };
  const [piEmails, setPiEmails] = useState<string[]>([]);
  const [projectIds, setProjectIds] = useState<string[]>([]);
  const names = useMemo(() => namesIn(list), [list]);
  const scope = { ...(piEmails.length > 0 ? { piEmails } : {}), ...(projectIds.length > 0 ? { projectIds } : {}) };
  // A dry run changes nothing, so it may be asked for like anything that is read.
  const plan = useQuery({
    queryKey: ['statements', period, 'plan', piEmails, projectIds],
    queryFn: async () => {
      const answer = await answerOf(
        sdk.POST('/api/v1/periods/{period}/statement-runs', { params: { path }, body: { ...scope, dryRun: true } }),
      );
      return 'statements' in answer ? answer : null;
    },
    staleTime: 0,
  });
  const run = useAction(
    () => answerOf(sdk.POST('/api/v1/periods/{period}/statement-runs', { params: { path }, body: { ...scope, send: sends } })),
    {
      ownErrors: true,
      onDone: onClose,
    },
  );
  const planned = plan.data?.statements;
  return (
    <Stack>
      {flaggedCount > 0 && (
        <Alert color="orange" variant="light">
          {counted(flaggedCount, 'charge')} still {flaggedCount === 1 ? 'waits' : 'wait'} for review and will be on no statement.
        </Alert>
      )}
      <Group grow align="flex-start">
        <MultiSelect
          label="Only these PIs"
          placeholder={piEmails.length === 0 ? 'all' : ''}
          data={names.piEmails}
          value={piEmails}
          onChange={setPiEmails}
          searchable
          clearable
          limit={100}
          clearButtonProps={{ 'aria-label': 'All PIs' }}
        />
        <MultiSelect
          label="Only these projects"
          placeholder={projectIds.length === 0 ? 'all' : ''}
          data={names.projectIds}
          value={projectIds}
          onChange={setProjectIds}
          searchable
          clearable
          limit={100}
          clearButtonProps={{ 'aria-label': 'All projects' }}
        />
      </Group>
      {plan.data !== undefined && plan.data !== null && plan.data.failures.length > 0 && (
        <Alert color="red" variant="light" title={`${counted(plan.data.failures.length, 'statement')} can’t be made`}>
          <List size="sm">
            {plan.data.failures.slice(0, 10).map(({ piEmail, projectId, reason }) => (
              <List.Item key={`${piEmail} ${projectId}`}>
                <b>
                  {piEmail}, {projectId}
                </b>{' '}
                <span style={{ overflowWrap: 'anywhere' }}>{reason}</span>
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {plan.error !== null ? (
        <ErrorPanel error={plan.error} onRetry={() => void plan.refetch()} />
      ) : planned === undefined ? (
        <Skeleton height={160} />
      ) : planned.length === 0 ? (
        <Text size="sm">
          {plan.data?.unchanged === 0
            ? 'There is nothing to bill.'
            : 'Every statement is up to date with the ledger; none needs a new revision.'}
        </Text>
      ) : (
        <>
          <Text size="sm">
            {counted(planned.length, 'statement')} will be made, <Money value={plan.data?.sum.due ?? '0'} currency={currency} /> due
            {(plan.data?.unchanged ?? 0) > 0 &&
              `; ${counted(plan.data?.unchanged ?? 0, 'statement')} ${plan.data?.unchanged === 1 ? 'has' : 'have'} not changed`}
            .
          </Text>
          <Table.ScrollContainer minWidth={400} mah={320}>
            <Table fz="sm" aria-label="Statements that will be made" stickyHeader>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>PI · project</Table.Th>
                  <Table.Th>Revision</Table.Th>
                  <Table.Th ta="right">Due</Table.Th>
                  <Table.Th ta="right">Preview</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {planned.slice(0, 200).map(({ piEmail, projectId, due, revision }) => (
                  <Table.Tr key={`${piEmail} ${projectId}`}>
                    <Table.Td>
                      {piEmail}{' '}
                      <Text span size="xs" c="dimmed">
                        {projectId}
                      </Text>
                    </Table.Td>
                    <Table.Td>{revision}</Table.Td>
                    <Table.Td ta="right">
                      <Money value={due} currency={currency} />
                    </Table.Td>
                    <Table.Td ta="right">
                      <Anchor
                        href={previewAddress({ period, piEmail, projectId })}
                        target="_blank"
                        rel="noopener"
                        size="sm"
                        aria-label={`Preview of ${piEmail}, ${projectId}`}
                      >
                        PDF
                      </Anchor>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {planned.length > 200 && (
            <Text size="xs" c="dimmed">
              and {(planned.length - 200).toLocaleString('en')} more
            </Text>
          )}
        </>
      )}
      <Switch
        label="Send each PI an email with the PDFs when all are made"
        description="What was already sent is not sent again."
        checked={sends}
        onChange={(event) => setSends(event.currentTarget.checked)}
      />
      {run.error !== null && <ErrorPanel error={run.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          loading={run.isPending}
          disabled={planned === undefined || (planned.length === 0 && !sends && plan.data?.failures.length === 0)}
          onClick={() => run.mutate(undefined)}
        >
          {sends ? 'Generate and send' : 'Generate'}
        </Button>
      </Group>
    </Stack>
  );
}

/** Every PI and project that has a statement, or could have one. */
function namesIn({ statements, missing }: StatementList): { piEmails: string[]; projectIds: string[] } {
  const all = [...statements, ...missing];
  const distinct = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => name !== '').sort();
  return { piEmails: distinct(all.map(({ piEmail }) => piEmail)), projectIds: distinct(all.map(({ projectId }) => projectId)) };
}
