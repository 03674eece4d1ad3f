import { Anchor, Badge, Skeleton, Stack } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { StateBadge } from '../../components/badges.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { useSession } from '../../session/session.js';
import { SettingsForm } from './settings-form.js';
import { type SourceDetail, useSource } from './source-queries.js';
import { SourceQualitySection } from './source-quality.js';
import { TryFileName } from './try-file-name.js';
import classes from './sources.module.css';

/** One source: how it is set, which files are taken for its, and how good its data is. */
export function SourcePage(): ReactElement {
  const { name = '' } = useParams();
  const query = useSource(name);
  const { data } = query;
  return (
    <>
      <PageHeader
        title={data?.displayName ?? name}
        badge={data?.enabled === false && <Badge color="gray">disabled</Badge>}
        lead={
          <Anchor component={Link} to="/sources" size="sm">
            <IconArrowLeft size={13} style={{ verticalAlign: -2 }} /> All sources
          </Anchor>
        }
      />
      {query.error !== null && data === undefined ? (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      ) : data === undefined ? (
        <Skeleton height={520} radius="lg" />
      ) : (
        // Another source has another form: nothing typed goes along.
        <Detail key={data.name} source={data} />
      )}
    </>
  );
}

function Detail({ source }: { readonly source: SourceDetail }): ReactElement {
  const { may } = useSession();
  return (
    <Stack gap="lg">
      <div className={classes['columns']}>
        <Sheet title="Settings">
          <SettingsForm source={source} mayChange={may('admin')} />
        </Sheet>
        <Stack gap="lg">
          <Sheet title="At a glance">
            <dl className={classes['facts']}>
              <Fact name="Name">
                <code>{source.name}</code>
              </Fact>
              <Fact name="Last import">
                {source.lastImportId === null ? (
                  'never'
                ) : (
                  <>
                    {source.lastState !== null && <StateBadge state={source.lastState} />}{' '}
                    <Anchor component={Link} to={`/imports/${source.lastImportId}`} inherit>
                      <Moment at={source.lastImportAt} />
                    </Anchor>
                  </>
                )}
              </Fact>
              <Fact name="Charges">
                <Anchor component={Link} to={`/charges?source=${encodeURIComponent(source.name)}`} inherit>
                  all of this source
                </Anchor>
              </Fact>
            </dl>
          </Sheet>
          <Sheet title="Detection">
            <TryFileName source={source} />
          </Sheet>
        </Stack>
      </div>
      <SourceQualitySection source={source} />
    </Stack>
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
