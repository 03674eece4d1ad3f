import { Button, Group, MultiSelect, Popover, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAdjustmentsHorizontal, IconFilterOff } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import type { ChargeKind } from '../../api/queries.js';
import { compareDecimals } from '../../money/decimal-text.js';
import { CHARGE_KINDS, type ChargeFilter, type ChargeFilterState } from './use-charge-filter.js';

const KIND_NAMES: Readonly<Record<ChargeKind, string>> = {
  imported: 'Imported',
  adjustment: 'Adjustments',
  part: 'Parts of divided charges',
};

/** Filters that are typed, and asked for less often; those that are set stand beside the button, to be taken off one by one. */
export function MoreFilters({ state: { filter, set } }: { readonly state: ChargeFilterState }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Popover opened={isOpen} onChange={setOpen} position="bottom-start" shadow="md" trapFocus returnFocus withinPortal>
        <Popover.Target>
          <Button
            variant="default"
            size="sm"
            fw={400}
            leftSection={<IconAdjustmentsHorizontal size={15} />}
            aria-expanded={isOpen}
            onClick={() => setOpen((open) => !open)}
          >
            More filters
          </Button>
        </Popover.Target>
        <Popover.Dropdown w="min(460px, calc(100vw - 24px))" aria-label="More filters">
          <TypedFilters
            initial={typedOf(filter)}
            onApply={(change) => {
              set(change);
              setOpen(false);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {chipsOf(filter).map(({ text, off }) => (
        <Button
          key={text}
          variant="light"
          size="xs"
          maw={320}
          rightSection={<IconFilterOff size={13} />}
          aria-label={`Take off the filter: ${text}`}
          title={text}
          onClick={() => set(off)}
        >
          {text}
        </Button>
      ))}
    </>
  );
}

interface Chip {
  readonly text: string;
  readonly off: Parameters<ChargeFilterState['set']>[0];
}

function chipsOf(filter: ChargeFilter): readonly Chip[] {
  const { projectId, fundOrg, kind, importId, billingAccountId, subAccountId, invoiceId, attributionRule, amountFrom, amountTo } = filter;
  const range = rangeText(amountFrom, amountTo);
  const chips: readonly (readonly [name: string, value: string | number | null | undefined, off: Chip['off']])[] = [
    ['Project', projectId, { projectId: undefined }],
    ['Fund/org', fundOrg, { fundOrg: undefined }],
    ['Amount', range, { amountFrom: undefined, amountTo: undefined }],
    ['Kind', kind?.map((each) => KIND_NAMES[each]).join(', '), { kind: undefined }],
    ['Brought by', importId, { importId: undefined }],
    ['Billing account', billingAccountId, { billingAccountId: undefined }],
    ['Sub-account', subAccountId, { subAccountId: undefined }],
    ['Invoice', invoiceId, { invoiceId: undefined }],
    ['Rule', attributionRule, { attributionRule: undefined }],
  ];
  return chips.flatMap(([name, value, off]) => (value === undefined || value === null ? [] : [{ text: `${name} ${value}`, off }]));
}

interface Typed {
  readonly projectId: string;
  readonly fundOrg: string;
  readonly amountFrom: string;
  readonly amountTo: string;
  readonly kind: ChargeKind[];
  readonly importId: string;
  readonly billingAccountId: string;
  readonly subAccountId: string;
  readonly invoiceId: string;
  readonly attributionRule: string;
}

function typedOf({ kind = [], importId, ...texts }: ChargeFilter): Typed {
  const { projectId = '', fundOrg = '', amountFrom = '', amountTo = '', billingAccountId = '', subAccountId = '', invoiceId = '' } = texts;
  return {
    ...{ projectId, fundOrg, amountFrom, amountTo, billingAccountId, subAccountId, invoiceId },
    ...{ attributionRule: texts.attributionRule ?? '', importId: importId === undefined ? '' : String(importId), kind: [...kind] },
  };
}

const PLAIN_DECIMAL = /^-?\d+(\.\d+)?$/;
const RULE = /^R?([1-9]\d{0,8}(\.[1-9]\d{0,8})?)$/i;

function TypedFilters({
  initial,
  onApply,
}: {
  readonly initial: Typed;
  readonly onApply: (change: Parameters<ChargeFilterState['set']>[0]) => void;
}): ReactElement {
  const form = useForm<Typed>({
    initialValues: initial,
    validate: {
      amountFrom: (text) => amountProblem(text),
      amountTo: (text, { amountFrom }) => amountProblem(text) ?? orderProblem(amountFrom, text),
      importId: (text) => (/^(|[1-9]\d{0,8})$/.test(text.trim()) ? null : 'Write its number, such as 12'),
      attributionRule: (text) => (text.trim() === '' || RULE.test(text.trim()) ? null : 'Write R3, or R3.2 for its second version'),
    },
  });
  const text = (field: Exclude<keyof Typed, 'kind'>, label: string, more: object = {}): ReactElement => (
    <TextInput label={label} {...more} {...form.getInputProps(field)} />
  );
  return (
    <form
      onSubmit={form.onSubmit((typed) => {
        const trimmed = Object.fromEntries(
          Object.entries(typed).map(([field, value]) => [field, typeof value === 'string' ? value.trim() : value]),
        );
        onApply({
          ...trimmed,
          amountFrom: amountText(typed.amountFrom),
          amountTo: amountText(typed.amountTo),
          importId: typed.importId.trim() === '' ? undefined : Number(typed.importId),
          attributionRule: typed.attributionRule.trim().replace(RULE, 'R$1'),
        });
      })}
    >
      <Stack gap="sm">
        <SimpleGrid cols={2} spacing="xs" verticalSpacing="sm">
          {text('projectId', 'Project', { 'data-autofocus': true })}
          {text('fundOrg', 'Fund/org')}
          {text('amountFrom', 'Amount from', { placeholder: '-10.50', inputMode: 'decimal' })}
          {text('amountTo', 'to', { 'aria-label': 'Amount to', placeholder: '500', inputMode: 'decimal' })}
        </SimpleGrid>
        <Text size="xs" c="dimmed">
          Project and fund/org exactly as they are written. Both amounts are included; credits and refunds are negative. Amounts are
          compared whatever their currency.
        </Text>
        <MultiSelect
          label="Kind"
          placeholder={form.values.kind.length === 0 ? 'Any' : ''}
          data={CHARGE_KINDS.map((value) => ({ value, label: KIND_NAMES[value] }))}
          comboboxProps={{ withinPortal: false }}
          clearable
          {...form.getInputProps('kind')}
        />
        <SimpleGrid cols={2} spacing="xs" verticalSpacing="sm">
          {text('importId', 'Import, adjustment or split', { placeholder: '12', inputMode: 'numeric' })}
          {text('attributionRule', 'Attribution rule', { placeholder: 'R3 or R3.2' })}
          {text('billingAccountId', 'Billing account')}
          {text('subAccountId', 'Sub-account')}
          {text('invoiceId', 'Invoice')}
        </SimpleGrid>
        <Text size="xs" c="dimmed">
          Accounts and invoices as the lines of the files name them; a rule finds what it attributed or divided when it was imported.
        </Text>
        <Group justify="flex-end">
          <Button type="submit" size="xs">
            Apply
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** As people type amounts: a real minus sign, thousands apart. */
function amountText(typed: string): string {
  return typed
    .trim()
    .replace('−', '-')
    .replace(/,(?=\d{3}(\D|$))/g, '')
    .replace(/^(-?)\./, '$10.');
}

function amountProblem(typed: string): string | null {
  const text = amountText(typed);
  return text === '' || PLAIN_DECIMAL.test(text) ? null : 'Write an amount as -12.5 or 1000';
}

function orderProblem(typedFrom: string, typedTo: string): string | null {
  const [from, to] = [amountText(typedFrom), amountText(typedTo)];
  if (!PLAIN_DECIMAL.test(from) || !PLAIN_DECIMAL.test(to)) return null;
  return compareDecimals(from, to) > 0 ? 'This is less than where the range begins' : null;
}

function rangeText(from: string | undefined, to: string | undefined): string | null {
  if (from === undefined) return to === undefined ? null : `up to ${to}`;
  return to === undefined ? `${from} or more` : `${from} to ${to}`;
}
