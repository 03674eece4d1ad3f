import { Anchor, Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { counted, flagTitle } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import type { ChargeTally, ReasonEffect, RulesEffect } from './rule-queries.js';
import classes from './rules.module.css';

/** What rules make of the charges of a period: a row per reason for review. */
export function EffectTable({ effect, label }: { readonly effect: RulesEffect; readonly label: string }): ReactElement {
  const shown = effect.reasons.filter(({ flag, matching, removed }) => flag !== 'invalid_fund_org' || matching.count + removed.count > 0);
  return (
    <>
      {shown.length > 0 && (
        <Table.ScrollContainer minWidth={720}>
          <Table className={classes['table'] ?? ''} layout="fixed" aria-label={label}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Reason</Table.Th>
                <Table.Th className={classes['figure'] ?? ''} w={132}>
                  Found on
                </Table.Th>
                <Table.Th className={classes['figure'] ?? ''} w={132}>
                  New
                </Table.Th>
                <Table.Th className={classes['figure'] ?? ''} w={132}>
                  No longer
                </Table.Th>
                <Table.Th w="36%">Such as</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((reason) => (
                <ReasonRow key={reason.flag} reason={reason} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {effect.fundOrgPatterns.map(({ pattern, taken }) => (
        <Text size="sm" key={pattern}>
          Fund/org pattern <code>{pattern}</code> lets {counted(taken.count, 'charge')} through.
        </Text>
      ))}
    </>
  );
}

function ReasonRow({ reason: { flag, matching, added, removed } }: { readonly reason: ReasonEffect }): ReactElement {
  const samples = [...added.samples, ...removed.samples];
  return (
    <Table.Tr>
      <Table.Td className={classes['reason'] ?? ''}>{flagTitle(flag)}</Table.Td>
      <Figure tally={matching} />
      <Figure tally={added} tone="new" />
      <Figure tally={removed} />
      <Table.Td>
        <Samples charges={(samples.length > 0 ? samples : matching.samples).slice(0, 3)} />
      </Table.Td>
    </Table.Tr>
  );
}

function Figure({ tally: { count, amounts }, tone }: { readonly tally: ChargeTally; readonly tone?: 'new' }): ReactElement {
  return (
    <Table.Td className={classes['figure'] ?? ''} data-tone={count > 0 ? tone : undefined}>
      {count === 0 ? '–' : count.toLocaleString('en')}
      {amounts.map(({ currency, amount }) => (
        <Text size="xs" c="dimmed" key={currency}>
          <Money value={amount} currency={currency} brief />
        </Text>
      ))}
    </Table.Td>
  );
}

function Samples({ charges }: { readonly charges: ChargeTally['samples'] }): ReactElement {
  if (charges.length === 0) return <>–</>;
  return (
    <ul className={classes['samples']}>
      {charges.map(({ id, serviceName, resourceName, resourceId, fundOrg }) => {
        const what = [serviceName, resourceName ?? resourceId, fundOrg].filter((text) => text !== null && text !== '').join(' · ');
        return (
          <li key={id} title={what}>
            <Anchor component={Link} to={`/charges/${id}`} inherit aria-label={`Charge ${id}: ${what}`}>
              {id}
            </Anchor>{' '}
            {what}
          </li>
        );
      })}
    </ul>
  );
}

/** `2 charges ($12.50) would wait for review, 1 ($3.00) would be clear`. */
export function Outcome({ effect }: { readonly effect: RulesEffect }): ReactElement {
  const { lookedAt, changed, toReview, toClear } = effect;
  if (changed.count === 0) return <>{counted(lookedAt, 'charge')} looked at: all of them are flagged so already.</>;
  return (
    <>
      {counted(lookedAt, 'charge')} looked at; the reasons of {changed.count.toLocaleString('en')} change. <Told tally={toReview} /> that
      {toReview.count === 1 ? ' was' : ' were'} clear or decided on would wait for review, and <Told tally={toClear} /> that
      {toClear.count === 1 ? ' waits' : ' wait'} would be clear.
    </>
  );
}

function Told({ tally: { count, amounts } }: { readonly tally: ChargeTally }): ReactElement {
  return (
    <>
      {count === 0 ? 'none' : count.toLocaleString('en')}
      {amounts.map(({ currency, amount }, index) => (
        <span key={currency}>
          {index === 0 ? ' (' : ', '}
          <Money value={amount} currency={currency} brief />
          {index === amounts.length - 1 && ')'}
        </span>
      ))}
    </>
  );
}
