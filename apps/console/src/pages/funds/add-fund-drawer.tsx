import { Drawer, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { FundForm } from './fund-form.js';

interface AddFundDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onAdded: (fundOrg: string) => void;
}

/** Adds a single fund, and leads to it. */
export function AddFundDrawer({ opened, onClose, onAdded }: AddFundDrawerProps): ReactElement {
  return (
    <Drawer opened={opened} onClose={onClose} size={480} title={<Text fw={600}>Add a fund</Text>}>
      {opened && (
        <FundForm
          fund={null}
          onCancel={onClose}
          onDone={(fundOrg) => {
            onClose();
            onAdded(fundOrg);
          }}
        />
      )}
    </Drawer>
  );
}
