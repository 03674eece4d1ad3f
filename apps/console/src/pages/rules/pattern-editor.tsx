import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactElement, useRef } from 'react';
import classes from './rules.module.css';

interface PatternEditorProps {
  readonly title: string;
  readonly about: string;
  /** What it means that there is no pattern. */
  readonly none: string;
  readonly placeholder: string;
  readonly patterns: readonly string[];
  /** Null: shown, and not to be changed. */
  readonly onChange: ((patterns: readonly string[]) => void) | null;
  /** What the server has against a pattern, by its place. */
  readonly problems: ReadonlyMap<number, string>;
}

/** A list of patterns, one a line. */
export function PatternEditor({ title, about, none, placeholder, patterns, onChange, problems }: PatternEditorProps): ReactElement {
  const list = useRef<HTMLDivElement>(null);

  function add(): void {
    onChange?.([...patterns, '']);
    // The field is there after the next drawing.
    requestAnimationFrame(() => [...(list.current?.querySelectorAll('input') ?? [])].at(-1)?.focus());
  }

  return (
    <section aria-label={title}>
      <Text component="h3" size="sm" fw={600}>
        {title}
      </Text>
      <Text size="xs" c="dimmed" mb="sm">
        {about}
      </Text>
      {patterns.length === 0 && (
        <Text size="sm" mb="sm">
          {none}
        </Text>
      )}
      {onChange === null ? (
        <ul className={classes['fixed']}>
          {patterns.map((pattern) => (
            <li key={pattern}>{pattern}</li>
          ))}
        </ul>
      ) : (
        <Stack gap="xs" align="stretch">
          <Stack gap="xs" ref={list}>
            {patterns.map((pattern, index) => (
              // A pattern has no name of its own but its place.
              <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
                <TextInput
                  className={classes['pattern'] ?? ''}
                  aria-label={`${title.replace(/s$/, '')} ${index + 1}`}
                  placeholder={placeholder}
                  value={pattern}
                  error={problems.get(index) ?? null}
                  maxLength={500}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={({ currentTarget }) => onChange(patterns.map((each, place) => (place === index ? currentTarget.value : each)))}
                />
                <ActionIcon
                  size={36}
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${pattern === '' ? `pattern ${index + 1}` : pattern}`}
                  onClick={() => onChange(patterns.filter((_, place) => place !== index))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            ))}
          </Stack>
          <Button size="xs" variant="default" leftSection={<IconPlus size={15} />} onClick={add} style={{ alignSelf: 'flex-start' }}>
            Add a pattern
          </Button>
        </Stack>
      )}
    </section>
  );
}
