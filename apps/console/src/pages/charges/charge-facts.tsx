import { Anchor, Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import type { ChargeStory } from '../../api/queries.js';
import { Fact, Facts } from '../../components/facts.js';
import { counted, periodName } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import classes from './charge.module.css';

interface PartProps {
  readonly story: ChargeStory;
}

/** Who pays, and the posting that accounting sees. */
export function BookedTo({ story: { charge, posting, attributedBy } }: PartProps): ReactElement {
  const { period, piEmail, projectId } = charge;
  const ofPi = new URLSearchParams({ period, piEmail }).toString();
  return (
    <>
      <Facts wide>
        <Fact name="Period">
          <Anchor component={Link} to={`/periods/${period}`} inherit>
            {periodName(period)}
          </Anchor>
        </Fact>
        <Fact name="PI">
          {piEmail !== '' && (
            <Anchor component={Link} to={`/charges?${ofPi}`} inherit>
              {piEmail}
            </Anchor>
          )}
        </Fact>
        <Fact name="Project">{projectId}</Fact>
        <Fact name="Fund/org">{charge.fundOrg}</Fact>
        <Fact name="Source">{charge.source}</Fact>
        <Fact name="Service">{charge.serviceName}</Fact>
        <Fact name="Account">{charge.accountCode === '' ? 'that of the source' : charge.accountCode}</Fact>
        <Fact name="Cost centre">{charge.costCenter}</Fact>
      </Facts>
      {attributedBy !== null && <AttributedBy origin={attributedBy} />}
      <Text size="sm" mt="sm">
        {posting === null ? (
          charge.standing === 'split' ? (
            'It is divided: its parts are billed.'
          ) : (
            `It is ${charge.standing}, and not billed.`
          )
        ) : (
          <>
            {posting.lineCount === 1 ? 'The only charge' : `One of ${counted(posting.lineCount, 'charge')}`} in a posting of{' '}
            <Money value={posting.billed} currency={charge.currency} />.
          </>
        )}
      </Text>
    </>
  );
}

const SET_TITLES: Readonly<Record<string, string>> = {
  piEmail: 'PI',
  projectId: 'project',
  fundOrg: 'fund/org',
  costCenter: 'cost centre',
  accountCode: 'account',
};

/** The rule that said who pays when the line was imported, as it was then. */
function AttributedBy({ origin }: { readonly origin: NonNullable<ChargeStory['attributedBy']> }): ReactElement {
  const { rule, ruleId, version, name, changes, isInForce } = origin;
  const made = changes.map(({ field, before, after }) => `${SET_TITLES[field] ?? field}: ${before || '–'} → ${after || '–'}`);
  return (
    <Text size="sm" mt="sm" style={{ overflowWrap: 'anywhere' }}>
      {isInForce ? 'Attributed' : 'First attributed'} by the rule{' '}
      <Anchor component={Link} to={`/attribution-rules?rule=${ruleId}&version=${version}`} inherit>
        {name} ({rule})
      </Anchor>
      {made.length === 0 ? ', as its tags say too' : `, other than its tags: ${made.join('; ')}`}.
      {!isInForce && ' A decision set another payer since.'}
    </Text>
  );
}

const FIELD_TITLES: Readonly<Record<string, string>> = {
  pi_email: 'PI',
  project_id: 'Project',
  fund_org: 'Fund/org',
  cost_center: 'Cost centre',
  account_code: 'Account',
  reference_1: 'Reference 1',
  reference_2: 'Reference 2',
  end_date: 'Project ends',
  reconciliation_end: 'Reconciliation ends',
};

/** What the office reads from the tags, and all tags as written. */
export function TagReadings({ story: { line } }: PartProps): ReactElement {
  return (
    <>
      <Facts wide>
        {line.readings.map(({ field, tags, value }) => (
          <Fact
            key={field}
            name={FIELD_TITLES[field] ?? field}
            none={tags.length === 0 ? 'not read from a tag' : `no tag “${tags.join('” or “')}”`}
          >
            {value}
          </Fact>
        ))}
      </Facts>
      <Text size="xs" c="dimmed" mt="sm" mb={4} component="h3" fw={600}>
        As written
      </Text>
      {line.tags.length === 0 ? (
        <Text size="sm" c="dimmed">
          The line has no tags.
        </Text>
      ) : (
        <Facts wide>
          {line.tags.map(({ name, value }, index) => (
            <Fact key={`${name} ${index}`} name={name} none="empty">
              {value}
            </Fact>
          ))}
        </Facts>
      )}
    </>
  );
}

/** Every column that has a value. */
export function ImportedLine({ story: { line } }: PartProps): ReactElement {
  return (
    <Table className={classes['line'] ?? ''} aria-label="The line as imported" fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="28%">Column</Table.Th>
          <Table.Th>Value</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {line.columns.map(({ name, value, note }) => (
          <Table.Tr key={name}>
            <Table.Td className={classes['column']}>{name}</Table.Td>
            <Table.Td className={classes['anywhere']}>
              {value}
              {note !== null && (
                <Text span size="xs" c="dimmed">
                  {' '}
                  ({note})
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
