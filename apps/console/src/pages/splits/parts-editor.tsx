import { ActionIcon, Button, Group, SegmentedControl, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCheck, IconEqual, IconInfoCircle, IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactElement, useEffect, useRef } from 'react';
import {
  balanceOf,
  type DivisionDraft,
  evenly,
  FEWEST_PARTS,
  MOST_PARTS,
  moved,
  type PartDraft,
  PAYER_FIELDS,
  withPart,
} from './division.js';
import classes from './splits.module.css';

interface PartsEditorProps {
  readonly value: DivisionDraft;
  readonly onChange: (value: DivisionDraft) => void;
  /** What the server says of a place: `parts`, `parts.2` or `parts.2.percent`, parts from 1. */
  readonly problemOf: (where: string) => string | undefined;
  /** What an empty payer field stands for. */
  readonly emptyMeans: string;
}

/** Into which parts charges are divided, and who pays each. */
export function PartsEditor({ value, onChange, problemOf, emptyMeans }: PartsEditorProps): ReactElement {
  const { kind, parts } = value;
  const list = useRef<HTMLDivElement>(null);
  const partCount = useRef(parts.length);
  // A part that is added is typed in next.
  useEffect(() => {
    if (parts.length > partCount.current) list.current?.lastElementChild?.querySelector('input')?.focus();
    partCount.current = parts.length;
  }, [parts.length]);
  const change = (key: number, changed: Partial<PartDraft>): void =>
    onChange({ kind, parts: parts.map((part) => (part.key === key ? { ...part, ...changed } : part)) });
  const problem = problemOf('parts');
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Divide by"
          value={kind}
          onChange={(next) => onChange({ kind: next === 'amount' ? 'amount' : 'percent', parts })}
          data={[
            { value: 'percent', label: 'Per cent' },
            { value: 'amount', label: 'Amounts' },
          ]}
        />
        <Button size="compact-sm" variant="subtle" leftSection={<IconEqual size={15} />} onClick={() => onChange(evenly(value))}>
          Divide evenly
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {kind === 'percent'
          ? 'Of each charge. The part without a share gets the rest.'
          : 'Of each charge, as far as it goes, in this order; the part without an amount gets what the others leave.'}{' '}
        {emptyMeans}
      </Text>
      <div className={classes['parts']} role="list" aria-label="Parts" ref={list}>
        {parts.map((part, index) => (
          <PartCard
            key={part.key}
            part={part}
            number={index + 1}
            count={parts.length}
            kind={kind}
            problemOf={problemOf}
            onChange={(changed) => change(part.key, changed)}
            onMove={(by) => onChange(moved(value, part.key, by))}
            onRemove={() => onChange({ kind, parts: parts.filter(({ key }) => key !== part.key) })}
          />
        ))}
      </div>
      <Group justify="space-between" gap="xs">
        <BalanceLine value={value} />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={15} />}
          disabled={parts.length >= MOST_PARTS}
          onClick={() => onChange(withPart(value))}
        >
          Add a part
        </Button>
      </Group>
      {problem !== undefined && (
        <Text size="xs" c="red" role="alert">
          {problem}
        </Text>
      )}
    </Stack>
  );
}

interface PartCardProps {
  readonly part: PartDraft;
  /** From 1. */
  readonly number: number;
  readonly count: number;
  readonly kind: DivisionDraft['kind'];
  readonly problemOf: PartsEditorProps['problemOf'];
  readonly onChange: (changed: Partial<PartDraft>) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

function PartCard({ part, number, count, kind, problemOf, onChange, onMove, onRemove }: PartCardProps): ReactElement {
  const shareTitle = kind === 'percent' ? 'Per cent' : 'Amount';
  const problem = problemOf(`parts.${number}`);
  return (
    <div className={classes['part']} role="listitem" aria-label={`Part ${number}`}>
      <div className={classes['partHead']}>
        <Text size="xs" fw={600}>
          Part {number}
        </Text>
        <Group gap={2} wrap="nowrap">
          <PartButton label={`Move part ${number} up`} disabled={number === 1} onClick={() => onMove(-1)}>
            <IconArrowUp size={14} />
          </PartButton>
          <PartButton label={`Move part ${number} down`} disabled={number === count} onClick={() => onMove(1)}>
            <IconArrowDown size={14} />
          </PartButton>
          <PartButton label={`Remove part ${number}`} disabled={count <= FEWEST_PARTS} onClick={onRemove}>
            <IconTrash size={14} />
          </PartButton>
        </Group>
      </div>
      <div className={classes['fields']}>
        <TextInput
          size="xs"
          label={shareTitle}
          aria-label={`${shareTitle} of part ${number}`}
          placeholder="the rest"
          inputMode="decimal"
          rightSection={kind === 'percent' ? <span aria-hidden>%</span> : undefined}
          value={part.share}
          error={problemOf(`parts.${number}.${kind}`)}
          onChange={(event) => onChange({ share: event.currentTarget.value })}
        />
        {PAYER_FIELDS.map(({ field, title, maxLength }) => (
          <TextInput
            key={field}
            size="xs"
            label={title}
            aria-label={`${title} of part ${number}`}
            maxLength={maxLength}
            value={part[field]}
            error={problemOf(`parts.${number}.${field}`)}
            onChange={(event) => onChange({ [field]: event.currentTarget.value })}
          />
        ))}
      </div>
      {problem !== undefined && (
        <Text size="xs" c="red" mt={4} role="alert">
          {problem}
        </Text>
      )}
    </div>
  );
}

interface PartButtonProps {
  readonly label: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly children: ReactElement;
}

function PartButton({ label, disabled, onClick, children }: PartButtonProps): ReactElement {
  return (
    <Tooltip label={label}>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** What the shares come to, at every key. */
function BalanceLine({ value }: { readonly value: DivisionDraft }): ReactElement {
  const { isWhole, words } = balanceOf(value);
  const Glyph = isWhole ? IconCheck : IconInfoCircle;
  return (
    <Text size="sm" className={classes['balance'] ?? ''} data-whole={isWhole || undefined} role="status" component="p">
      <Glyph size={16} aria-hidden />
      <span className="figures">{words}</span>
    </Text>
  );
}
