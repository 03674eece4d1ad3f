import { Alert, Anchor, Button, Group, Menu, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronDown, IconLock, IconTrash } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { ActionDialog } from '../../components/action-dialog.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { toastFailure } from '../../components/toast.js';
import { useAction } from '../../components/use-action.js';
import { useSession } from '../../session/session.js';
import { NotFoundPage } from '../../shell/nowhere.page.js';
import { PeriodPicker, usePeriodChoice } from '../../shell/period-choice.js';
import { TemplateEditor } from './template-editor.js';
import {
  readTemplate,
  removeTemplate,
  saveTemplate,
  type Template,
  type TemplateKey,
  useTemplatePreview,
  useTemplates,
  useTemplateText,
  type Wanted,
} from './template-queries.js';
import { TemplateResult } from './template-result.js';
import { TemplateVersions } from './template-versions.js';
import { AREAS, OriginBadge, originWords, templateAddress } from './template-words.js';
import classes from './templates.module.css';
import { UnsavedGuard } from './unsaved-guard.js';

/** How long nobody types before the preview is made anew. */
const QUIET_MS = 400;

/** One template: its text, what it writes, and its versions. */
export function TemplatePage(): ReactElement {
  const [search] = useSearchParams();
  const name = search.get('name') ?? '';
  const area = AREAS.find((one) => one.area === search.get('area'))?.area;
  const templates = useTemplates();
  const template = templates.data?.find((one) => one.area === area && one.name === name);
  const key: TemplateKey = { area: area ?? 'journal', name };
  const current = useTemplateText(key, 'current', template !== undefined && template.origin !== null);
  if (area === undefined || name === '') return <NotFoundPage />;
  const error = templates.error ?? current.error;
  const isNew = templates.data !== undefined && (template === undefined || template.origin === null);
  const isRead = isNew || current.data !== undefined;
  return (
    <>
      <PageHeader
        title={name}
        badge={template !== undefined && <OriginBadge template={template} />}
        lead={
          <>
            <Anchor component={Link} to="/templates" inherit>
              Templates
            </Anchor>
            {` · ${AREAS.find((one) => one.area === area)?.title ?? ''}`}
            {template !== undefined && template.configuredAs.length > 0 && ` · used, as ${template.configuredAs.join(' and ')} says`}
          </>
        }
      />
      {error !== null ? (
        <ErrorPanel error={error} onRetry={() => void Promise.all([templates.refetch(), current.refetch()])} />
      ) : !isRead ? (
        <Skeleton height={620} radius="lg" />
      ) : (
        <Workbench
          key={templateAddress(area, name)}
          template={template ?? { ...NOTHING, area, name }}
          saved={
            isNew ? { text: '', version: template?.version ?? 0 } : { text: current.data?.text ?? '', version: current.data?.version ?? 0 }
          }
        />
      )}
    </>
  );
}

const NOTHING: Omit<Template, 'area' | 'name'> = {
  ...{ origin: null, origins: [], version: 0, note: null, changedBy: null, changedAt: null, configuredAs: [] },
};

interface Saved {
  readonly text: string;
  readonly version: number;
}

interface Edited {
  readonly text: string;
  /** Of the template that was edited: what somebody else saved meanwhile is not written over. */
  readonly version: number;
}

function draftOf(state: unknown): string | null {
  return typeof state === 'object' && state !== null && 'draft' in state && typeof state.draft === 'string' ? state.draft : null;
}

function Workbench({ template, saved }: { readonly template: Template; readonly saved: Saved }): ReactElement {
  const { area, name } = template;
  const { may } = useSession();
  const navigate = useNavigate();
  const { state, search } = useLocation() as { readonly state: unknown; readonly search: string };
  const choice = usePeriodChoice();
  const [isSample, setSample] = useState(false);
  const [edited, setEdited] = useState<Edited | null>(() => {
    const draft = may('admin') && template.origin === null ? draftOf(state) : null;
    return draft === null ? null : { text: draft, version: saved.version };
  });
  const [doing, setDoing] = useState<'save' | 'remove' | null>(null);
  const text = edited?.text ?? saved.text;
  const isDirty = edited !== null && edited.text !== saved.text;
  const period = isSample ? null : choice.period;
  const isAdmin = may('admin');

  const [quietText] = useDebouncedValue(text, QUIET_MS);
  const preview = useTemplatePreview(
    { area, name },
    isAdmin ? quietText : null,
    period,
    isAdmin ? quietText !== '' : template.origin !== null,
  );
  const isStale = quietText !== text || preview.isPlaceholderData;
  const failure = preview.data?.failure ?? null;
  const isOwnFailure = failure !== null && failure.template === name && failure.line !== null && !isStale;

  const save = useAction((body: Parameters<typeof saveTemplate>[1]) => saveTemplate({ area, name }, body), {
    ownErrors: true,
    done: ({ version, changed }) => (changed ? `Saved as version ${version}` : 'It was saved so already'),
  });
  const remove = useAction((body: Parameters<typeof removeTemplate>[1]) => removeTemplate({ area, name }, body), {
    ownErrors: true,
    done: () => `${name} is removed`,
  });

  async function startFrom(wanted: Wanted): Promise<void> {
    try {
      const { text: found } = await readTemplate({ area, name }, wanted);
      setEdited({ text: found, version: saved.version });
    } catch (error) {
      toastFailure(error);
    }
  }

  const files = template.origins.filter((origin) => origin !== 'saved' && origin !== template.origin);
  const left = template.origins.find((origin) => origin !== 'saved');
  return (
    <Stack gap="lg">
      <UnsavedGuard isDirty={isDirty} />
      <div className={classes['workbench']}>
        <Sheet
          title="Text"
          aside={
            isAdmin && (
              <Group gap="xs">
                {files.length > 0 && (
                  <Menu>
                    <Menu.Target>
                      <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} />}>
                        Start from
                      </Button>
                    </Menu.Target>
                    <Menu.Dropdown>
                      {files.map((file) => (
                        <Menu.Item key={file} onClick={() => void startFrom({ file: file === 'shipped' ? 'shipped' : 'folder' })}>
                          {file === 'shipped' ? 'The shipped one' : `The file ${originWords(file).toLowerCase()}`}
                        </Menu.Item>
                      ))}
                    </Menu.Dropdown>
                  </Menu>
                )}
                {template.origin === 'saved' && (
                  <Button
                    size="xs"
                    variant="subtle"
                    color="red"
                    leftSection={<IconTrash size={15} />}
                    disabled={isDirty}
                    onClick={() => setDoing('remove')}
                  >
                    Remove
                  </Button>
                )}
                <Button size="xs" variant="subtle" disabled={!isDirty} onClick={() => setEdited(null)}>
                  Undo
                </Button>
                <Button size="xs" disabled={!isDirty || text.trim() === ''} onClick={() => setDoing('save')}>
                  Save
                </Button>
              </Group>
            )
          }
        >
          <Stack gap="sm">
            {!isAdmin && (
              <Alert variant="light" color="gray" icon={<IconLock size={18} />} p="xs">
                <Text size="sm">Admins change templates. You can read them, and see what they write.</Text>
              </Alert>
            )}
            <TemplateEditor
              label={`Text of ${name}`}
              text={text}
              onChange={isAdmin ? (next) => setEdited({ text: next, version: edited?.version ?? saved.version }) : null}
              problem={isOwnFailure ? { line: failure.line ?? 1, reason: failure.reason } : null}
            />
            <Text size="xs" c="dimmed">
              Jinja: <code>{'{{ … }}'}</code> prints, <code>{'{% … %}'}</code> repeats and decides.{' '}
              {area === 'journal' ? (
                <>
                  It sees <code>entries</code>, <code>totals</code>, <code>period</code>, <code>config</code>.
                </>
              ) : (
                <>
                  It sees <code>statements</code>, <code>total_cost</code>, <code>period_title</code>, <code>recipient</code>.
                </>
              )}
            </Text>
          </Stack>
        </Sheet>
        <Sheet
          title="What it writes"
          aside={
            <Group gap="sm" wrap="nowrap">
              <Switch
                size="xs"
                label="Samples"
                checked={isSample || choice.period === null}
                disabled={choice.period === null}
                onChange={(event) => setSample(event.currentTarget.checked)}
              />
              {!isSample && choice.period !== null && <PeriodPicker choice={choice} />}
            </Group>
          }
        >
          {text === '' ? (
            <Text size="sm" c="dimmed">
              Write something, and see here what it makes of {area === 'journal' ? 'a journal' : 'a message'}.
            </Text>
          ) : (
            <TemplateResult
              preview={preview.data}
              error={preview.error}
              asked={period}
              isStale={isStale}
              onRetry={() => void preview.refetch()}
            />
          )}
        </Sheet>
      </div>
      <Sheet title="Versions" flush>
        <TemplateVersions template={{ area, name }} version={saved.version} text={text} isDirty={isDirty} />
      </Sheet>
      <ActionDialog
        opened={doing === 'save'}
        onClose={() => setDoing(null)}
        title={`Save ${name}`}
        ask={{ label: 'Note', placeholder: 'Why, or what changed; kept in the log' }}
        confirm={failure === null ? 'Save' : 'Save all the same'}
        blocked={isStale}
        run={async (note) => {
          const tried = failure === null ? (preview.data?.period ?? null) : null;
          const body = { text, expectedVersion: edited?.version ?? saved.version };
          await save.mutateAsync({ ...body, ...(note === '' ? {} : { note }), ...(tried === null ? {} : { period: tried }) });
          setEdited(null);
          // What a new template started from is not offered again.
          await navigate({ search }, { replace: true, state: null });
        }}
      >
        <Text size="sm">
          It counts from then on, for every {area === 'journal' ? 'journal' : 'message'} that is written with it. What was written before
          stays as it is.
        </Text>
        {failure !== null && (
          <Alert color="yellow" variant="light" p="xs">
            <Text size="sm">
              It can’t be filled in: {failure.reason}. Save it all the same only if it is a part of other templates, or lacks what they set.
            </Text>
          </Alert>
        )}
      </ActionDialog>
      <ActionDialog
        opened={doing === 'remove'}
        onClose={() => setDoing(null)}
        title={`Remove ${name}`}
        ask={{ label: 'Reason', placeholder: 'Kept in the log' }}
        confirm="Remove"
        danger
        run={(reason) => remove.mutateAsync({ expectedVersion: saved.version, ...(reason === '' ? {} : { reason }) })}
      >
        <Text size="sm">
          {left === undefined
            ? 'There is no file of that name: journals and messages that need it can’t be written any more.'
            : left === 'shipped'
              ? 'The shipped one counts again.'
              : 'The file in ./templates counts again.'}{' '}
          Its versions stay, and can be restored.
        </Text>
      </ActionDialog>
    </Stack>
  );
}
