import { Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAdjustmentsHorizontal, IconFilterOff } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { compareDecimals } from '../../money/decimal-text.js';
import type { ChargeFilterState } from './use-charge-filter.js';

/** Project and amounts: filters that are typed, and asked for less often. */
export function MoreFilters({ state: { filter, set } }: { readonly state: ChargeFilterState }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const { projectId, amountFrom, amountTo } = filter;
  const range = rangeText(amountFrom, amountTo);
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
            Project, amount
          </Button>
        </Popover.Target>
        <Popover.Dropdown w={300} aria-label="Filter by project and amount">
          <TypedFilters
            initial={{ projectId: projectId ?? '', amountFrom: amountFrom ?? '', amountTo: amountTo ?? '' }}
            onApply={(change) => {
              set(change);
              setOpen(false);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {projectId !== undefined && (
        <Button variant="light" size="xs" rightSection={<IconFilterOff size={13} />} onClick={() => set({ projectId: undefined })}>
          Project {projectId}
        </Button>
      )}
      {range !== null && (
        <Button
          variant="light"
          size="xs"
          rightSection={<IconFilterOff size={13} />}
          onClick={() => set({ amountFrom: undefined, amountTo: undefined })}
        >
          Amount {range}
        </Button>
      )}
    </>
  );
}

interface Typed {
  readonly projectId: string;
  readonly amountFrom: string;
  readonly amountTo: string;
}

const PLAIN_DECIMAL = /^-?\d+(\.\d+)?$/;

function TypedFilters({ initial, onApply }: { readonly initial: Typed; readonly onApply: (typed: Typed) => void }): ReactElement {
  const form = useForm<Typed>({
    initialValues: initial,
    transformValues: (typed) => ({
      projectId: typed.projectId.trim(),
      amountFrom: amountText(typed.amountFrom),
      amountTo: amountText(typed.amountTo),
    }),
    validate: {
      amountFrom: (text) => amountProblem(text),
      amountTo: (text, { amountFrom }) => amountProblem(text) ?? orderProblem(amountFrom, text),
    },
  });
  return (
    <form onSubmit={form.onSubmit(onApply)}>
      <Stack gap="sm">
        <TextInput label="Project" description="Exactly as it is written" {...form.getInputProps('projectId')} data-autofocus />
        <Group grow gap="xs" align="flex-start">
          <TextInput label="Amount from" placeholder="-10.50" inputMode="decimal" {...form.getInputProps('amountFrom')} />
          <TextInput label="to" aria-label="Amount to" placeholder="500" inputMode="decimal" {...form.getInputProps('amountTo')} />
        </Group>
        <Text size="xs" c="dimmed">
          Both ends are included. Credits and refunds are negative. Amounts are compared whatever their currency.
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
