import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { ActionDialog } from '../../components/action-dialog.js';
import { useAction } from '../../components/use-action.js';
import { Money } from '../../money/money.js';
import { acceptDifference, type Invoice, reopenDifference, withdrawInvoice } from './invoice-queries.js';
import { invoiceName } from './invoice-words.js';

interface InvoiceDialogProps {
  readonly invoice: Invoice;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Accepts the difference that is on the screen; if it is another one meanwhile, the server says so. */
export function AcceptDialog({ invoice, opened, onClose }: InvoiceDialogProps): ReactElement {
  const { source, period, invoiceId, currency, difference } = invoice;
  const accept = useAction((reason: string) => acceptDifference({ source, period, invoiceId, currency, difference, reason }), {
    ownErrors: true,
    done: () => `The difference of ${invoiceName(invoice)} is accepted`,
  });
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={`Accept the difference of ${invoiceName(invoice)}`}
      ask={{ label: 'Reason', placeholder: 'Why it is in order; an auditor will ask', required: true }}
      confirm="Accept"
      run={(reason) => accept.mutateAsync(reason)}
    >
      <Text size="sm">
        Recorded less expected is <Money value={difference} currency={currency} />. If lines or invoice come to something else later, it has
        to be looked at again.
      </Text>
    </ActionDialog>
  );
}

export function ReopenDialog({ invoice, opened, onClose }: InvoiceDialogProps): ReactElement {
  const { source, period, invoiceId, currency } = invoice;
  const reopen = useAction(
    (reason: string) => reopenDifference({ source, period, invoiceId, currency, ...(reason === '' ? {} : { reason }) }),
    { ownErrors: true, done: () => `The difference of ${invoiceName(invoice)} is open again` },
  );
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={`Take the acceptance of ${invoiceName(invoice)} back`}
      ask={{ label: 'Reason', placeholder: 'Kept in the log' }}
      confirm="Take back"
      run={(reason) => reopen.mutateAsync(reason)}
    >
      <Text size="sm">The difference has to be explained again before the period is finalized.</Text>
    </ActionDialog>
  );
}

export function WithdrawDialog({ invoice, opened, onClose }: InvoiceDialogProps): ReactElement {
  const { source, period, invoiceId } = invoice;
  const withdraw = useAction((reason: string) => withdrawInvoice({ source, period, invoiceId, ...(reason === '' ? {} : { reason }) }), {
    ownErrors: true,
    done: () => `${invoiceId} is expected no longer`,
  });
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={`Withdraw ${invoiceId}`}
      ask={{ label: 'Reason', placeholder: 'Kept in the log' }}
      confirm="Withdraw"
      danger
      run={(reason) => withdraw.mutateAsync(reason)}
    >
      <Text size="sm">For an invoice that was announced by mistake, or that the provider took back. Its lines stay as they are.</Text>
    </ActionDialog>
  );
}
