import { Anchor, Skeleton, Stack, Table, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import type { Schema } from '../../api/sdk-client.js';
import { type Scope, useChanges } from '../../api/statement-queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { Money } from '../../money/money.js';

type Difference = Schema<'RevisionDifferenceInfo'>;
type ChargeDifference = Difference['charges'][number];

/** What a revision changed against the one before: charges, and the money of each service and fund/org. */
export function RevisionChanges({ statement, revision }: { readonly statement: Scope; readonly revision: number }): ReactElement {
  const changes = useChanges(statement, revision);
  if (changes.error !== null) return <ErrorPanel error={changes.error} onRetry={() => void changes.refetch()} />;
  if (changes.data === undefined) return <Skeleton height={120} />;
  const { data } = changes;
  const count = data.addedCount + data.goneCount + data.changedCount;
  return (
    <Stack gap="xs" pb="md">
      <Text size="sm">
        {inWords(data)} The amount due was <Money value={data.before.due} /> and is <Money value={data.after.due} />.
      </Text>
      {data.services.length > 0 && (
        <Table fz="xs" aria-label={`Money that revision ${revision} changed`}>
          <Head titles={['Service', 'Fund/org']} before={data.since} />
          <Table.Tbody>
            {data.services.map(({ fundOrg, serviceName, before, after }) => (
              <Table.Tr key={`${fundOrg} ${serviceName}`}>
                <Table.Td>{serviceName}</Table.Td>
                <Table.Td>{fundOrg}</Table.Td>
                <Amount>
                  <Money value={before.due} quiet />
                </Amount>
                <Amount>
                  <Money value={after.due} />
                </Amount>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {data.charges.length > 0 && (
        <Table fz="xs" aria-label={`Charges that revision ${revision} changed`}>
          <Head titles={['Charge', 'Resource']} before={data.since} />
          <Table.Tbody>
            {data.charges.map((charge) => (
              <ChargeRow key={`${charge.before?.chargeId ?? ''} ${charge.after?.chargeId ?? ''}`} charge={charge} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {count > data.charges.length && (
        <Text size="xs" c="dimmed">
          and {counted(count - data.charges.length, 'charge')} more, with smaller changes
        </Text>
      )}
    </Stack>
  );
}

function ChargeRow({ charge }: { readonly charge: ChargeDifference }): ReactElement {
  const { before, after, resource, serviceName } = charge;
  const id = after?.chargeId ?? before?.chargeId ?? '';
  const moved = before !== null && after !== null && before.fundOrg !== after.fundOrg;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/charges/${id}`} inherit>
          {id}
        </Anchor>{' '}
        <Text span size="xs" c="dimmed">
          {before === null ? 'added' : after === null ? 'gone' : 'changed'}
        </Text>
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {resource === '' ? serviceName : resource}
        {moved && (
          <Text size="xs" c="dimmed">
            {before.fundOrg} → {after.fundOrg}
          </Text>
        )}
      </Table.Td>
      <Amount>{before === null ? '–' : <Money value={before.amount} quiet />}</Amount>
      <Amount>{after === null ? '–' : <Money value={after.amount} />}</Amount>
    </Table.Tr>
  );
}

function Head({ titles, before }: { readonly titles: readonly string[]; readonly before: number }): ReactElement {
  return (
    <Table.Thead>
      <Table.Tr>
        {titles.map((title) => (
          <Table.Th key={title}>{title}</Table.Th>
        ))}
        <Table.Th ta="right">Revision {before}</Table.Th>
        <Table.Th ta="right">Now</Table.Th>
      </Table.Tr>
    </Table.Thead>
  );
}

function Amount({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Table.Td ta="right" className="figures" style={{ whiteSpace: 'nowrap' }}>
      {children}
    </Table.Td>
  );
}

function inWords({ addedCount, goneCount, changedCount }: Difference): string {
  const parts = [
    ...(addedCount > 0 ? [`${counted(addedCount, 'charge')} added`] : []),
    ...(goneCount > 0 ? [`${counted(goneCount, 'charge')} gone`] : []),
    ...(changedCount > 0 ? [`${counted(changedCount, 'charge')} changed`] : []),
  ];
  return parts.length === 0 ? 'The charges are the same; some were reviewed again.' : `${parts.join(', ')}.`;
}
