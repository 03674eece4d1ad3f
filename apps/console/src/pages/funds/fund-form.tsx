import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { ErrorPanel } from '../../components/error-panel.js';
import { useAction } from '../../components/use-action.js';
import { type FundFacts, putFund } from './fund-queries.js';
import classes from './funds.module.css';

interface FundFormProps {
  /** Null for a fund that is added. */
  readonly fund: FundFacts | null;
  readonly onCancel: () => void;
  readonly onDone: (fundOrg: string) => void;
}

/** Everything that can be said about a fund. */
export function FundForm({ fund, onCancel, onDone }: FundFormProps): ReactElement {
  const form = useForm({
    initialValues: {
      fundOrg: fund?.fundOrg ?? '',
      title: fund?.title ?? '',
      validFrom: fund?.validFrom ?? '',
      validTo: fund?.validTo ?? '',
      owner: fund?.owner ?? '',
    },
    validate: { fundOrg: (value) => (value.trim() === '' ? 'Write it as it stands in the accounting system' : null) },
  });
  const save = useAction(({ fundOrg, ...facts }: typeof form.values) => putFund(fundOrg.trim(), facts), {
    ownErrors: true,
    done: ({ fund: { fundOrg }, registered, changed }) =>
      registered ? `${fundOrg} is in the chart` : changed ? `${fundOrg} is changed` : `${fundOrg} is set so already`,
    onDone: (answer) => onDone(answer.fund.fundOrg),
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="sm">
        {fund === null && (
          <TextInput
            label="Fund/org"
            description="Exactly as charges and journals carry it, also its case; it stays for ever"
            withAsterisk
            {...form.getInputProps('fundOrg')}
            data-autofocus
          />
        )}
        <TextInput label="Title" placeholder="Biology" {...form.getInputProps('title')} />
        <div className={classes['dates']}>
          <TextInput type="date" label="Valid from" description="First day; empty: no beginning" {...form.getInputProps('validFrom')} />
          <TextInput type="date" label="Valid to" description="Last day; empty: no end" {...form.getInputProps('validTo')} />
        </div>
        <TextInput label="Owner" placeholder="Who answers for it, such as an address" {...form.getInputProps('owner')} />
        {save.error !== null && <ErrorPanel error={save.error} />}
        <Group justify="flex-end" gap="xs" mt="sm">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {fund === null ? 'Add' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
