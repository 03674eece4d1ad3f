import { Badge, Switch, Text } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { type ReactElement, type ReactNode, useMemo, useState } from 'react';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { Sheet } from '../../components/sheet.js';
import classes from './journal.module.css';
import type { TestedSettings, TriedAccount, TriedFundOrg } from './settings-queries.js';

const ORIGINS: Readonly<Record<TriedFundOrg['from'], string>> = {
  given: 'yours',
  ledger: 'charges',
  chart: 'chart of funds',
  source: 'a source',
  default: 'the default',
};
/** Fields that templates know by these names; every other group stands beside them. */
const FIELDS = ['program', 'activity', 'location'] as const;

/** What the expression makes of each fund/org. */
export function TriedFundOrgs({ tested: { fundOrgs, groupNames } }: { readonly tested: TestedSettings }): ReactElement {
  const [onlyWrong, setOnlyWrong] = useState(false);
  const columns = useMemo(() => fundOrgColumns(groupNames), [groupNames]);
  const wrong = fundOrgs.filter(({ matches }) => !matches);
  return (
    <Sheet
      flush
      title="Fund/orgs"
      aside={
        fundOrgs.length > 0 && (
          <>
            <Score good={fundOrgs.length - wrong.length} all={fundOrgs.length} words="match" />
            {wrong.length > 0 && (
              <Switch
                size="xs"
                label="Only what does not match"
                checked={onlyWrong}
                onChange={({ currentTarget }) => setOnlyWrong(currentTarget.checked)}
              />
            )}
          </>
        )
      }
    >
      <Scrolling label="Fund/orgs, to scroll">
        <DataTable
          rows={onlyWrong && wrong.length > 0 ? wrong : fundOrgs}
          columns={columns}
          keyOf={({ fundOrg }) => fundOrg}
          label="What becomes of fund/orgs"
          minWidth={680}
          empty={
            <EmptyNote icon={IconListSearch} title="No fund/org is in use yet" compact>
              Write some above. Once charges are imported or the chart of funds is filled, they are tried by themselves.
            </EmptyNote>
          }
        />
      </Scrolling>
      {wrong.length > 0 && (
        <Text size="xs" c="dimmed" className={classes['below'] ?? ''}>
          Where nothing matches, the journal takes the whole fund/org as the fund, and no orgn.
        </Text>
      )}
    </Sheet>
  );
}

function fundOrgColumns(groupNames: readonly string[]): readonly Column<TriedFundOrg>[] {
  const fields = FIELDS.filter((field) => groupNames.includes(field));
  const others = groupNames.filter((name) => name !== 'fund' && name !== 'orgn' && !FIELDS.some((field) => field === name));
  return [
    {
      key: 'fundOrg',
      title: 'Fund/org',
      width: 200,
      cut: true,
      render: ({ fundOrg }) => <Code text={fundOrg} />,
      compare: (a, b) => a.fundOrg.localeCompare(b.fundOrg),
    },
    {
      key: 'matches',
      title: 'Match',
      width: 104,
      render: ({ matches, remark }) =>
        matches ? (
          <Badge color={remark === null ? 'green' : 'yellow'}>{remark === null ? 'Matches' : 'In part'}</Badge>
        ) : (
          <Badge color="red">No match</Badge>
        ),
      compare: (a, b) => Number(a.matches) - Number(b.matches),
    },
    { key: 'fund', title: 'Fund', cut: true, width: 130, render: ({ fund, matches }) => <Code text={fund} quiet={!matches} /> },
    { key: 'orgn', title: 'Orgn', cut: true, width: 110, render: ({ orgn }) => <Code text={orgn} /> },
    ...fields.map((field): Column<TriedFundOrg> => ({
      key: field,
      title: titleOf(field),
      cut: true,
      width: 104,
      render: (tried) => <Code text={tried[field]} />,
    })),
    ...others.map((name): Column<TriedFundOrg> => ({
      key: `group ${name}`,
      title: <code>{name}</code>,
      cut: true,
      width: 110,
      render: ({ groups }) => <Code text={groups.find((group) => group.name === name)?.value ?? ''} />,
    })),
    { key: 'remark', title: 'Remark', render: ({ remark }) => <Remark text={remark} /> },
    { key: 'from', wideOnly: true, title: 'From', width: 120, render: ({ from }) => <Origin from={from} /> },
  ];
}

/** Which accounts may stand in a journal. */
export function TriedAccounts({ tested: { accountCodes, settings } }: { readonly tested: TestedSettings }): ReactElement {
  const allowed = accountCodes.filter((tried) => tried.allowed).length;
  return (
    <Sheet flush title="Accounts" aside={accountCodes.length > 0 && <Score good={allowed} all={accountCodes.length} words="allowed" />}>
      <Scrolling label="Accounts, to scroll">
        <DataTable
          rows={accountCodes}
          columns={ACCOUNT_COLUMNS}
          keyOf={({ accountCode }) => accountCode}
          label="Which accounts are allowed"
          minWidth={420}
          empty={
            <EmptyNote icon={IconListSearch} title="No account is in use yet" compact>
              Write some above, set one for a source, or tag charges with theirs.
            </EmptyNote>
          }
        />
      </Scrolling>
      {accountCodes.length > 0 && settings.accountCodeRegex === '' && (
        <Text size="xs" c="dimmed" className={classes['below'] ?? ''}>
          Without an account expression any account will do, and none as well.
        </Text>
      )}
    </Sheet>
  );
}

const ACCOUNT_COLUMNS: readonly Column<TriedAccount>[] = [
  { key: 'account', title: 'Account', width: 120, cut: true, render: ({ accountCode }) => <Code text={accountCode} /> },
  {
    key: 'allowed',
    title: 'Verdict',
    width: 110,
    render: ({ allowed }) => (allowed ? <Badge color="green">Allowed</Badge> : <Badge color="red">Not allowed</Badge>),
    compare: (a, b) => Number(a.allowed) - Number(b.allowed),
  },
  { key: 'reason', title: 'Why', render: ({ reason }) => <Remark text={reason} /> },
  { key: 'from', title: 'From', width: 110, render: ({ from }) => <Origin from={from} /> },
];

/** A list as long as there are codes, in a part of the page; by keyboard it scrolls once it has the focus. */
function Scrolling({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className={classes['scrolling']} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}

function Score({ good, all, words }: { readonly good: number; readonly all: number; readonly words: string }): ReactElement {
  return (
    <span role="status" className="figures">
      {good.toLocaleString('en')} of {all.toLocaleString('en')} {words}
    </span>
  );
}

function Code({ text, quiet = false }: { readonly text: string; readonly quiet?: boolean }): ReactElement {
  if (text === '') return <span className={classes['nothing']}>–</span>;
  return (
    <span className={classes['value']} data-quiet={quiet || undefined} title={text}>
      {text}
    </span>
  );
}

function Remark({ text }: { readonly text: string | null }): ReactElement | null {
  return text === null ? null : <span className={classes['remark']}>{text}</span>;
}

function Origin({ from }: { readonly from: TriedFundOrg['from'] }): ReactElement {
  return (
    <Text span inherit c="dimmed">
      {ORIGINS[from]}
    </Text>
  );
}

function titleOf(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}
