import { Alert, Anchor, Button, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowLeft, IconDownload } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { type ImportDetail, useImport } from '../../api/import-queries.js';
import { usePeriods } from '../../api/queries.js';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { ActionDialog } from '../../components/action-dialog.js';
import { StateBadge } from '../../components/badges.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { bytesText, counted, periodName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { StuckWork } from '../../components/stuck-work.js';
import { useAction } from '../../components/use-action.js';
import { ForRole } from '../../session/session.js';
import { ImportReportView } from './import-report.js';
import { restatedPeriod } from './restated-period.js';
import { RestatementView } from './restatement-view.js';
import { ReadingProgress } from './reading-progress.js';
import { RefusalPanel } from './refusal-panel.js';
import { StopImport } from './stop-import.js';
import classes from './imports.module.css';

/** One import: what it held, what became of it, and its withdrawal. */
export function ImportPage(): ReactElement {
  const { id = '' } = useParams();
  const query = useImport(/^\d+$/.test(id) ? Number(id) : 0);
  const { data } = query;
  return (
    <>
      <PageHeader
        title={data?.fileName ?? `Import ${id}`}
        badge={data !== undefined && <StateBadge state={data.failure === null ? data.state : 'failed'} size="md" />}
        lead={
          <Anchor component={Link} to="/imports" size="sm">
            <IconArrowLeft size={13} style={{ verticalAlign: -2 }} /> All imports
          </Anchor>
        }
      >
        {data !== undefined && (
          <Button
            component="a"
            href={`/api/v1/imports/${data.importId}/file`}
            download={data.fileName}
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            Download the file
          </Button>
        )}
        {data?.state === 'received' && (
          <ForRole role="reviewer">
            <StopImport entry={data} />
          </ForRole>
        )}
        {data?.state === 'recorded' && (
          <ForRole role="reviewer">
            <Withdraw detail={data} />
          </ForRole>
        )}
      </PageHeader>
      {query.error !== null ? (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      ) : data === undefined ? (
        <Skeleton height={420} radius="lg" />
      ) : (
        <Detail detail={data} />
      )}
    </>
  );
}

function Detail({ detail }: { readonly detail: ImportDetail }): ReactElement {
  return (
    <Stack gap="lg">
      <Sheet>
        <dl className={classes['facts']}>
          <Fact name="Import">{detail.importId}</Fact>
          <Fact name="Source">{detail.source}</Fact>
          <Fact name="Periods">
            {detail.periods.length === 0
              ? detail.restatement === null
                ? '–'
                : periodName(detail.restatement.adjustedPeriod)
              : detail.periods.map((period, index) => (
                  <span key={period}>
                    {index > 0 && ', '}
                    <Anchor component={Link} to={`/charges?period=${period}&source=${encodeURIComponent(detail.source)}`} inherit>
                      {periodName(period)}
                    </Anchor>
                  </span>
                ))}
          </Fact>
          {detail.state === 'recorded' && (
            <Fact name="Charges">
              <Anchor component={Link} to={`/charges?importId=${detail.importId}`} inherit>
                those it brought
              </Anchor>
            </Fact>
          )}
          <Fact name="Expected period">{detail.expectedPeriod === null ? 'any' : periodName(detail.expectedPeriod)}</Fact>
          <Fact name="Delivery mode">{detail.deliveryMode}</Fact>
          <Fact name="Size">{bytesText(detail.bytes)}</Fact>
          <Fact name="SHA-256">
            <code title={detail.sha256}>{detail.sha256.slice(0, 16)}…</code>
          </Fact>
          <Fact name="Received">
            <Moment at={detail.receivedAt} /> by {detail.receivedBy}
          </Fact>
        </dl>
      </Sheet>
      {detail.state === 'received' && detail.failure === null && (
        <Sheet>
          <ReadingProgress what="Import" progress={detail.progress} />
        </Sheet>
      )}
      {detail.failure !== null && <StuckWork failed={[detail.failure]} />}
      {(detail.state === 'withdrawn' || detail.state === 'cancelled') && (
        <Alert
          color="gray"
          variant="light"
          title={`This import was ${detail.state}${detail.endedBy === null ? '' : ` by ${detail.endedBy}`}`}
        >
          {detail.endReason !== null && <Text size="sm">“{detail.endReason}”</Text>}
          <Text size="sm">
            {detail.state === 'withdrawn' ? 'None of its lines count any more.' : 'Nothing of the file is kept in the ledger.'}
          </Text>
        </Alert>
      )}
      {detail.refusal !== null && (
        <RefusalPanel refusal={detail.refusal}>
          <FinalizedHint detail={detail} />
        </RefusalPanel>
      )}
      {detail.restatement !== null && (
        <Sheet title="Booked as adjustments">
          <RestatementView restatement={detail.restatement} importId={detail.importId} />
        </Sheet>
      )}
      {detail.report !== null && (
        <Sheet title="Report">
          <ImportReportView
            report={detail.report}
            refusedRowsAddress={detail.report.refusedRowsSha256 === null ? null : `/api/v1/imports/${detail.importId}/refused-rows`}
          />
        </Sheet>
      )}
    </Stack>
  );
}

/** The file itself is not here any more, so it is chosen once more. */
function FinalizedHint({ detail: { refusal, report } }: { readonly detail: ImportDetail }): ReactElement | null {
  const periods = usePeriods().data?.periods ?? [];
  if (restatedPeriod(refusal, report, periods) === null) return null;
  return (
    <Text size="sm" mt={8}>
      If the file is all there is of its source and period, its difference can be booked as adjustments:{' '}
      <Anchor component={Link} to="/imports" inherit>
        choose it again
      </Anchor>{' '}
      and press “Dry run”.
    </Text>
  );
}

function Withdraw({ detail }: { readonly detail: ImportDetail }): ReactElement {
  const [opened, { open, close }] = useDisclosure(false);
  const withdraw = useAction(
    (reason: string) =>
      answerOf(sdk.POST('/api/v1/imports/{id}/withdraw', { params: { path: { id: detail.importId } }, body: { reason } })),
    { ownErrors: true, done: () => `Import ${detail.importId} is withdrawn` },
  );
  return (
    <>
      <Button variant="default" onClick={open}>
        Withdraw …
      </Button>
      <ActionDialog
        opened={opened}
        onClose={close}
        title={`Withdraw import ${detail.importId}`}
        ask={{ label: 'Reason', placeholder: 'The provider sent a wrong file', required: true }}
        confirm="Withdraw"
        danger
        run={withdraw.mutateAsync}
      >
        <Text size="sm">
          All {counted(detail.lineCount, 'line')} of {detail.fileName} leave the ledger, with the decisions on them. The file can be
          imported again.
        </Text>
      </ActionDialog>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
