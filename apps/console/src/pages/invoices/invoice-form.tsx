import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { usePeriods, useSources } from '../../api/queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { periodName } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { type InvoicePlace, putInvoice } from './invoice-queries.js';
import classes from './invoices.module.css';

/** What stands in the form at first. */
export interface InvoiceDraft extends InvoicePlace {
  readonly amount: string;
  readonly currency: string;
  readonly issuedOn: string;
  readonly note: string;
}

interface InvoiceFormProps {
  readonly draft: InvoiceDraft;
  /** The invoice is known: only what is said about it can be changed. */
  readonly isKnown: boolean;
  readonly confirm: string;
  readonly onCancel: () => void;
  readonly onDone: (place: InvoicePlace) => void;
}

const PLAIN_DECIMAL = /^-?\d+(\.\d+)?$/;

/** Everything that can be said about an invoice in one period. */
export function InvoiceForm({ draft, isKnown, confirm, onCancel, onDone }: InvoiceFormProps): ReactElement {
  const sources = useSources().data ?? [];
  const periods = usePeriods().data?.periods ?? [];
  const form = useForm({
    initialValues: { ...draft },
    transformValues: (values) => ({ ...values, invoiceId: values.invoiceId.trim(), amount: plainAmount(values.amount) }),
    validate: {
      source: (value) => (value === '' ? 'Choose the source' : null),
      period: (value) => (value === '' ? 'Choose the billing period' : null),
      invoiceId: (value) => (value.trim() === '' ? 'Write it as the provider does' : null),
      amount: (value) => (PLAIN_DECIMAL.test(plainAmount(value)) ? null : 'Write an amount as 1234.50'),
      currency: (value) => (/^[A-Za-z]{3}$/.test(value.trim()) ? null : 'Write its code, such as USD'),
    },
  });
  const save = useAction(putInvoice, {
    ownErrors: true,
    done: ({ invoice: { invoiceId }, announced, changed }) =>
      announced ? `${invoiceId} is expected` : changed ? `${invoiceId} is changed` : `${invoiceId} is expected so already`,
    onDone: ({ source, invoice: { period, invoiceId } }) => onDone({ source, period, invoiceId }),
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="sm">
        {!isKnown && (
          <>
            <div className={classes['pair']}>
              <Select
                label="Source"
                withAsterisk
                searchable
                placeholder="Which provider"
                data={sources.map(({ name, displayName }) => ({ value: name, label: displayName }))}
                {...form.getInputProps('source')}
              />
              <Select
                label="Billing period"
                withAsterisk
                data={periods.map(({ period }) => ({ value: period, label: periodName(period) }))}
                {...form.getInputProps('period')}
              />
            </div>
            <TextInput
              label="Invoice"
              description="Its id, as in the InvoiceId of lines; the case of letters does not matter"
              withAsterisk
              {...form.getInputProps('invoiceId')}
              data-autofocus
            />
          </>
        )}
        <div className={classes['amount']}>
          <TextInput
            label="Amount in this period"
            description="As the invoice says; negative for a credit note"
            withAsterisk
            inputMode="decimal"
            {...form.getInputProps('amount')}
            {...(isKnown ? { 'data-autofocus': true } : {})}
          />
          <TextInput label="Currency" description="Its code" withAsterisk maxLength={3} {...form.getInputProps('currency')} />
        </div>
        <TextInput type="date" label="Issued on" description="Empty: not known" w={200} {...form.getInputProps('issuedOn')} />
        <TextInput label="Note" placeholder="What a colleague should know" {...form.getInputProps('note')} />
        {save.error !== null && <ErrorPanel error={save.error} />}
        <Group justify="flex-end" gap="xs" mt="sm">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** As people type amounts: a real minus sign, thousands apart. */
function plainAmount(typed: string): string {
  return typed
    .trim()
    .replace('−', '-')
    .replace(/,(?=\d{3}(\D|$))/g, '')
    .replace(/^(-?)\./, '$10.');
}
