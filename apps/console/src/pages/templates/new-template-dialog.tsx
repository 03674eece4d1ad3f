import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { type ReactElement, type SyntheticEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { ErrorPanel } from '../../components/error-panel.js';
import { readTemplate, type Template, type TemplateArea } from './template-queries.js';
import { AREAS, templateAddress } from './template-words.js';

interface NewTemplateDialogProps {
  /** Null: it is closed. */
  readonly area: TemplateArea | null;
  readonly templates: readonly Template[];
  readonly onClose: () => void;
}

/** Asks how a new template is called and what it starts from; it is saved in the editor. */
export function NewTemplateDialog({ area: first, templates, onClose }: NewTemplateDialogProps): ReactElement {
  const navigate = useNavigate();
  const [area, setArea] = useState<TemplateArea>(first ?? 'journal');
  const [name, setName] = useState('');
  const [from, setFrom] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const taken = templates.find((template) => template.area === area && template.name === name.trim());
  const sources = templates.filter((template) => template.area === area && template.origin !== null).map((template) => template.name);

  async function start(event: SyntheticEvent): Promise<void> {
    event.preventDefault();
    if (name.trim() === '' || taken !== undefined) return;
    try {
      const draft = from === null ? '' : (await readTemplate({ area, name: from }, 'current')).text;
      await navigate(templateAddress(area, name.trim()), { state: { draft } });
    } catch (reason) {
      setError(reason);
    }
  }

  return (
    <Modal opened={first !== null} onClose={onClose} title={<Text fw={600}>New template</Text>}>
      <form onSubmit={(event) => void start(event)}>
        <Stack gap="md">
          <SegmentedControl
            aria-label="What it is for"
            data={AREAS.map(({ area: value, title }) => ({ value, label: title }))}
            value={area}
            onChange={(next) => {
              setArea(next);
              setFrom(null);
            }}
          />
          <TextInput
            label="Name"
            description={
              area === 'mail' ? 'A file name; one that ends in .html makes a page' : 'A file name; its ending is that of the journal’s file'
            }
            placeholder={area === 'mail' ? 'our_message.html' : 'our_journal.csv'}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={taken === undefined ? null : 'There is one of that name; open it and change it.'}
            withAsterisk
            data-autofocus
          />
          <Select
            label="Start from"
            placeholder="Nothing"
            clearable
            data={sources}
            value={from}
            onChange={setFrom}
            description="A copy of this one; the shipped ones are a good start"
          />
          {error !== null && <ErrorPanel error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={name.trim() === '' || taken !== undefined}>
              Go on
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
