import { Anchor, Skeleton, Stack, Table, Text } from '@mantine/core';
import { Fragment, type ReactElement } from 'react';
import { Link } from 'react-router';
import { counted, periodName } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import type { RuleEffect } from './attribution-queries.js';
import { SET_FIELDS } from './rule-words.js';

type Sample = RuleEffect['samples'][number];

/** What a rule would make of the charges that are there; undefined while that is worked out. */
export function RuleEffectView({ effect }: { readonly effect: RuleEffect | undefined }): ReactElement {
  if (effect === undefined) return <Skeleton height={120} aria-busy />;
  const { periods, matchedCount, count, amounts, reattributedCount, moves, moveCount, samples } = effect;
  if (periods.length === 0) return <Text size="sm">No period is open, so there are no charges to try it on.</Text>;
  return (
    <Stack gap="sm" role="status">
      <Text size="sm">
        In {periods.map(periodName).join(', ')}, {counted(matchedCount, 'charge')} {matchedCount === 1 ? 'matches' : 'match'}.{' '}
        {count === 0 ? (
          'None would change.'
        ) : (
          <>
            <b>{counted(count, 'charge')}</b> over{' '}
            {amounts.map(({ currency, amount }, index) => (
              <Fragment key={currency}>
                {index > 0 && ' and '}
                <Money value={amount} currency={currency} brief />
              </Fragment>
            ))}{' '}
            {samples.some(({ parts }) => parts.length > 0) ? 'would be divided.' : 'would be attributed otherwise than now.'}
          </>
        )}
      </Text>
      {reattributedCount > 0 && (
        <Text size="sm" c="dimmed">
          {counted(reattributedCount, 'charge')} would change too, but a decision set who pays;{' '}
          {reattributedCount === 1 ? 'it is' : 'they are'} left alone.
        </Text>
      )}
      {moves.length > 0 && (
        <Table fz="sm" aria-label="Whose money moves">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>PI now</Table.Th>
              <Table.Th>PI then</Table.Th>
              <Table.Th ta="right">Charges</Table.Th>
              <Table.Th ta="right">Amount</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {moves.map(({ piBefore, piAfter, currency, count: moved, amount }) => (
              <Table.Tr key={`${piBefore} ${piAfter} ${currency}`}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{piBefore || 'no PI'}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{piAfter || 'no PI'}</Table.Td>
                <Table.Td ta="right" className="figures">
                  {moved.toLocaleString('en')}
                </Table.Td>
                <Table.Td ta="right">
                  <Money value={amount} currency={currency} brief />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {moveCount > moves.length && (
        <Text size="xs" c="dimmed">
          and {(moveCount - moves.length).toLocaleString('en')} more
        </Text>
      )}
      {samples.length > 0 && (
        <div>
          <Text size="xs" fw={600} c="dimmed" component="h3" mb={4}>
            {count > samples.length ? `The first ${samples.length} of them` : 'These charges'}
          </Text>
          <Stack gap={6} component="ul" style={{ listStyle: 'none', margin: 0, padding: 0 }} aria-label="Charges that would change">
            {samples.map((sample) => (
              <li key={sample.id}>
                <SampleLine sample={sample} />
              </li>
            ))}
          </Stack>
        </div>
      )}
    </Stack>
  );
}

function payerWords({ piEmail, projectId, fundOrg }: Sample['after']): string {
  return [piEmail || 'no PI', projectId || 'no project', fundOrg || 'no fund/org'].join(', ');
}

function SampleLine({ sample }: { readonly sample: Sample }): ReactElement {
  const { id, day, service, resourceId, resourceName, amount, currency, before, after, parts } = sample;
  const changes = SET_FIELDS.flatMap(({ field, short }) =>
    before[field] === after[field] ? [] : [`${short}: ${before[field] || '–'} → ${after[field] || '–'}`],
  );
  return (
    <>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <Anchor component={Link} to={`/charges/${id}`} inherit>
          {id}
        </Anchor>{' '}
        · {day} · {resourceName ?? resourceId ?? service} · <Money value={amount} currency={currency} brief />
      </Text>
      {parts.length === 0 ? (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {changes.join('; ')}
        </Text>
      ) : (
        parts.map((part, index) => (
          <Text key={index} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            → <Money value={part.amount} currency={currency} /> {payerWords(part.payer)}
          </Text>
        ))
      )}
    </>
  );
}
