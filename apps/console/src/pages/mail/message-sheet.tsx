import { Alert, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconMailOff } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Fact, Facts } from '../../components/facts.js';
import { bytesText } from '../../components/field-words.js';
import type { Message } from './mail-queries.js';
import classes from './mail.module.css';

/** A message as its addressee sees it: header, page or plain text, attachments. */
export function MessageSheet({ message }: { readonly message: Message }): ReactElement {
  const [view, setView] = useState<'html' | 'text'>('html');
  const { from, recipient, cc, replyTo, subject, html, text, attachments, byLink, suppressedBecause } = message;
  return (
    <Stack gap="xs">
      {suppressedBecause !== null && (
        <Alert color="yellow" variant="light" icon={<IconMailOff size={18} />} p="xs">
          <Text size="sm">
            {recipient} is on the suppression list and gets no mail: {suppressedBecause}
          </Text>
        </Alert>
      )}
      <Facts>
        <Fact name="From">{from}</Fact>
        <Fact name="To">{recipient}</Fact>
        {cc.length > 0 && <Fact name="Copy">{cc.join(', ')}</Fact>}
        {replyTo !== null && <Fact name="Answers to">{replyTo}</Fact>}
        <Fact name="Subject">
          <b>{subject}</b>
        </Fact>
        <Fact name={byLink ? 'PDFs' : 'Attached'}>
          {byLink
            ? 'as links, because they are too large to be attached'
            : attachments.map(({ fileName, bytes }) => <div key={fileName}>{`${fileName} (${bytesText(bytes)})`}</div>)}
        </Fact>
      </Facts>
      <SegmentedControl
        size="xs"
        aria-label="How to show the message"
        data={[
          { value: 'html', label: 'As a page' },
          { value: 'text', label: 'As plain text' },
        ]}
        value={view}
        onChange={setView}
        className={classes['choice'] ?? ''}
      />
      {view === 'html' ? (
        // Without any permission: no script of a message ever runs in the console.
        <iframe title={`Message to ${recipient}`} sandbox="" srcDoc={html} className={classes['frame']} />
      ) : (
        <pre className={classes['text']} tabIndex={0} aria-label={`Text of the message to ${recipient}`}>
          {text}
        </pre>
      )}
    </Stack>
  );
}
