import { Drawer, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { type InvoiceDraft, InvoiceForm } from './invoice-form.js';
import type { InvoicePlace } from './invoice-queries.js';

interface AnnounceInvoiceDrawerProps {
  readonly opened: boolean;
  readonly draft: InvoiceDraft;
  readonly onClose: () => void;
  readonly onAnnounced: (place: InvoicePlace) => void;
}

/** Announces a single invoice, and leads to it. */
export function AnnounceInvoiceDrawer({ opened, draft, onClose, onAnnounced }: AnnounceInvoiceDrawerProps): ReactElement {
  return (
    <Drawer opened={opened} onClose={onClose} size={480} title={<Text fw={600}>Announce an invoice</Text>}>
      {opened && (
        <InvoiceForm
          draft={draft}
          isKnown={false}
          confirm="Announce"
          onCancel={onClose}
          onDone={(place) => {
            onClose();
            onAnnounced(place);
          }}
        />
      )}
    </Drawer>
  );
}
