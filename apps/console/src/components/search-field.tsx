import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type ReactElement, type RefObject, useState } from 'react';

const TYPING_PAUSE_MS = 300;

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly width: number;
  /** The text in force; empty for none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly field?: RefObject<HTMLInputElement | null> | undefined;
}

/** Asks the server when the typing pauses, not at every key. */
export function SearchField({ label, placeholder, width, value, onChange, field }: SearchFieldProps): ReactElement {
  const [typed, setTyped] = useState(value);
  const [applied, setApplied] = useState(value);
  // The address may change without a key: by the button that shows all, by going back.
  if (value !== applied) {
    setApplied(value);
    // What was typed stays as it is, with a blank at its end if more is to come.
    if (value !== typed.trim()) setTyped(value);
  }
  const apply = useDebouncedCallback((text: string) => onChange(text.trim()), TYPING_PAUSE_MS);
  return (
    <TextInput
      w={width}
      ref={field ?? null}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={15} />}
      rightSection={
        typed === '' ? undefined : (
          <CloseButton
            size="sm"
            aria-label="Clear the search"
            onClick={() => {
              apply.cancel();
              setTyped('');
              onChange('');
            }}
          />
        )
      }
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        apply(event.currentTarget.value);
      }}
    />
  );
}
