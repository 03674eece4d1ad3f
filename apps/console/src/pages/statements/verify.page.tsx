import { Alert, Anchor, Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowLeft, IconShieldCheck, IconShieldQuestion } from '@tabler/icons-react';
import { type ReactElement, type SyntheticEvent, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Schema } from '../../api/sdk-client.js';
import { pdfAddress, useVerification } from '../../api/statement-queries.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { Money } from '../../money/money.js';

type Verified = Schema<'Verification'>['statements'][number];

const COLUMNS: readonly Column<Verified>[] = [
  { key: 'period', title: 'Period', width: 130, render: ({ period }) => periodName(period) },
  { key: 'pi', title: 'PI', cut: true, render: ({ piEmail }) => <span title={piEmail}>{piEmail}</span> },
  { key: 'project', title: 'Project', cut: true, render: ({ projectId }) => <span title={projectId}>{projectId}</span> },
  {
    key: 'revision',
    title: 'Revision',
    width: 150,
    render: ({ revision, isNewest }) => (
      <Group gap={6} wrap="nowrap">
        {revision} {isNewest ? <Badge color="green">newest</Badge> : <Badge color="yellow">replaced</Badge>}
      </Group>
    ),
  },
  { key: 'due', title: 'Due', right: true, width: 120, render: ({ due, currency }) => <Money value={due} currency={currency} /> },
  { key: 'at', title: 'Issued', right: true, width: 120, render: ({ issuedAt }) => <Moment at={issuedAt} /> },
  {
    key: 'pdf',
    title: '',
    right: true,
    width: 80,
    render: (row) => (
      <Anchor href={pdfAddress(row, row.revision)} target="_blank" rel="noopener" size="sm" aria-label={`PDF of ${row.projectId}`}>
        PDF
      </Anchor>
    ),
  },
];

/** Whether a statement on paper is one that this office issued, and still the newest. */
export function VerifyPage(): ReactElement {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('code') ?? '';
  const [code, setCode] = useState(asked);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setSearch(code.trim() === '' ? {} : { code: code.trim() });
  };
  return (
    <>
      <PageHeader
        title="Verify a statement"
        lead={
          <Anchor component={Link} to="/statements" size="sm">
            <IconArrowLeft size={13} style={{ verticalAlign: -2 }} /> All statements
          </Anchor>
        }
      />
      <Stack gap="lg">
        <Sheet>
          <form onSubmit={submit}>
            <Group align="flex-end" gap="sm">
              <TextInput
                label="Verification code"
                description="As printed at the end of the statement; its first eight characters are enough."
                placeholder="9f2c41d07be3a861"
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
                w={420}
                maw="100%"
                spellCheck={false}
                autoComplete="off"
                data-autofocus
              />
              <Button type="submit" disabled={code.trim() === ''}>
                Verify
              </Button>
            </Group>
          </form>
        </Sheet>
        <Outcome code={asked} />
      </Stack>
    </>
  );
}

function Outcome({ code }: { readonly code: string }): ReactElement {
  const found = useVerification(code);
  if (code === '') {
    return (
      <Sheet>
        <EmptyNote icon={IconShieldQuestion} title="Is this statement ours?">
          The code is made of the charges that a statement was made from. Compare PI, project, revision and amount of what is found with the
          paper: a code alone proves nothing about the rest of it.
        </EmptyNote>
      </Sheet>
    );
  }
  if (found.error !== null) return <ErrorPanel error={found.error} />;
  const statements = found.data?.statements;
  return (
    <Stack gap="md">
      {statements !== undefined && (
        <Alert
          color={statements.some(({ isNewest }) => isNewest) ? 'green' : 'yellow'}
          variant="light"
          icon={<IconShieldCheck size={18} />}
          role="status"
        >
          <Text size="sm">
            {statements.length === 1
              ? 'This statement was issued here'
              : `${counted(statements.length, 'statement')} with this code were issued here`}
            {statements.some(({ isNewest }) => isNewest) ? '.' : ', and a later revision has replaced it.'} Compare the figures with the
            paper.
          </Text>
        </Alert>
      )}
      <Sheet flush>
        <DataTable
          rows={statements}
          columns={COLUMNS}
          keyOf={({ period, piEmail, projectId, revision }) => JSON.stringify([period, piEmail, projectId, revision])}
          label="Statements with this code"
          empty={null}
          skeletonRows={1}
          minWidth={760}
        />
      </Sheet>
    </Stack>
  );
}
