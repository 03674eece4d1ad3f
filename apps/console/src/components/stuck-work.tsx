import { Alert, Anchor, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import type { Schema } from '../api/sdk-client.js';
import { ForRole } from '../session/session.js';

const MOST_SHOWN = 5;

/** Says that work failed for a technical reason and waits for somebody to mend that. */
export function StuckWork({ failed }: { readonly failed: readonly Schema<'FailedJobNote'>[] }): ReactElement {
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title="This could not be done, for a technical reason">
      <List size="sm">
        {failed.slice(0, MOST_SHOWN).map(({ jobId, about, reason }) => (
          <List.Item key={jobId}>
            <b>{about}</b>: <span style={{ overflowWrap: 'anywhere' }}>{reason}</span>
          </List.Item>
        ))}
      </List>
      {failed.length > MOST_SHOWN && <Text size="sm">… and {failed.length - MOST_SHOWN} more.</Text>}
      <Text size="sm" mt={6}>
        Nothing is lost: it goes on when an administrator retries it.{' '}
        <ForRole role="admin">
          <Anchor component={Link} to="/system" size="sm">
            To the failed work
          </Anchor>
        </ForRole>
      </Text>
    </Alert>
  );
}
