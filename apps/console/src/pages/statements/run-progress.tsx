import { Anchor, Group, List, Progress, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { isMaking, isUnderWay, useStatementRun, useStatementRuns } from '../../api/statement-queries.js';
import { counted } from '../../components/field-words.js';
import { Sheet } from '../../components/sheet.js';
import { StuckWork } from '../../components/stuck-work.js';

/** How far the newest run of a period is; gone when it went through, staying when something failed. */
export function RunProgress({ period }: { readonly period: string | null }): ReactElement | null {
  const newest = useStatementRuns(period).data?.[0];
  const { data: run } = useStatementRun(newest?.runId ?? null);
  if (run?.period !== period) return null;
  const failed = run.failures.length + (run.emails?.failed ?? 0);
  if (!isUnderWay(run) && failed === 0) return null;
  const settled = run.issued + run.failures.length;
  const share = run.planned === null || run.planned === 0 ? null : (settled / run.planned) * 100;
  return (
    <Sheet>
      <div role="status">
        <Group justify="space-between" mb={6}>
          <Text size="sm" fw={550}>
            {isMaking(run)
              ? 'Making statements …'
              : isUnderWay(run)
                ? 'Sending emails …'
                : `The last run left ${counted(failed, 'failure')}`}
          </Text>
          <Text size="sm" c="dimmed" className="figures">
            {isMaking(run)
              ? run.planned !== null && `${settled.toLocaleString('en')} of ${run.planned.toLocaleString('en')}`
              : run.emails !== null && `${run.emails.sent.toLocaleString('en')} of ${run.emails.count.toLocaleString('en')} sent`}
          </Text>
        </Group>
        {isUnderWay(run) && (
          <Progress
            size="sm"
            value={
              isMaking(run)
                ? (share ?? 100)
                : run.emails === null || run.emails.count === 0
                  ? 100
                  : (run.emails.sent / run.emails.count) * 100
            }
            animated
            aria-label="Progress of the statement run"
          />
        )}
        <Anchor component={Link} to={`/statements/runs/${run.runId}`} size="sm">
          To run {run.runId}
        </Anchor>
        {run.failedJobs.length > 0 && <StuckWork failed={run.failedJobs} />}
        {run.failures.length > 0 && (
          <List size="sm" mt="xs">
            {run.failures.slice(0, 10).map(({ piEmail, projectId, reason }) => (
              <List.Item key={`${piEmail} ${projectId}`}>
                <b>
                  {piEmail}, {projectId}
                </b>{' '}
                {reason}
              </List.Item>
            ))}
          </List>
        )}
      </div>
    </Sheet>
  );
}
