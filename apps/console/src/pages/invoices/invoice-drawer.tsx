import { Alert, Anchor, Box, Button, Drawer, Group, ScrollArea, Skeleton, Stack, Text } from '@mantine/core';
import { IconCheck, IconPencil, IconPlus, IconRotate, IconTrash } from '@tabler/icons-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { EntryList } from '../../components/entry-list.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Fact, Facts } from '../../components/facts.js';
import { counted, periodName } from '../../components/field-words.js';
import { FigureBox, FigureBoxes } from '../../components/figure-boxes.js';
import { Moment } from '../../components/moment.js';
import { Money } from '../../money/money.js';
import { ForRole } from '../../session/session.js';
import { AcceptDialog, ReopenDialog, WithdrawDialog } from './invoice-dialogs.js';
import { InvoiceForm } from './invoice-form.js';
import { InvoiceHistory } from './invoice-history.js';
import { type Invoice, type InvoiceDetail, type InvoicePlace, useInvoice } from './invoice-queries.js';
import { InvoiceBadge, NO_INVOICE, stateSentence } from './invoice-words.js';

interface InvoiceDrawerProps {
  readonly place: InvoicePlace | null;
  readonly titleOf: (source: string) => string;
  readonly onClose: () => void;
}

/** An invoice of a period against its lines, and what became of it. */
export function InvoiceDrawer({ place, titleOf, onClose }: InvoiceDrawerProps): ReactElement {
  // The last invoice stays in view while the drawer slides out.
  const [shown, setShown] = useState(place);
  if (place !== null && keyOf(place) !== (shown === null ? '' : keyOf(shown))) setShown(place);
  const invoice = useInvoice(shown);
  return (
    <Drawer
      opened={place !== null}
      onClose={onClose}
      size={520}
      title={<Text fw={600}>{shown?.invoiceId || NO_INVOICE}</Text>}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      {shown !== null && (
        <Text size="sm" c="dimmed" mb="md">
          {titleOf(shown.source)} · {periodName(shown.period)}
        </Text>
      )}
      {invoice.error !== null ? (
        <ErrorPanel error={invoice.error} onRetry={() => void invoice.refetch()} />
      ) : invoice.data === undefined || shown === null ? (
        <Stack>
          <Skeleton height={120} />
          <Skeleton height={200} />
        </Stack>
      ) : (
        <Story key={keyOf(shown)} place={shown} detail={invoice.data} />
      )}
    </Drawer>
  );
}

function keyOf({ source, period, invoiceId }: InvoicePlace): string {
  return [source, period, invoiceId].join('\n');
}

function Story({ place, detail }: { readonly place: InvoicePlace; readonly detail: InvoiceDetail }): ReactElement {
  const [editing, setEditing] = useState<Invoice | null>(null);
  const { invoices, imports, elsewhere, history } = detail;
  if (editing !== null) {
    const isKnown = editing.expected !== null;
    const { currency, issuedOn, note } = editing;
    const draft = { ...place, amount: editing.expected ?? editing.recorded ?? '', currency, issuedOn: issuedOn ?? '', note };
    const done = (): void => setEditing(null);
    return <InvoiceForm draft={draft} isKnown confirm={isKnown ? 'Save' : 'Announce'} onCancel={done} onDone={done} />;
  }
  return (
    <Stack gap="lg">
      {invoices.length === 0 && <Text size="sm">It is expected no longer, and no line names it.</Text>}
      {invoices.map((invoice) => (
        <Standing key={invoice.currency} invoice={invoice} onEdit={() => setEditing(invoice)} />
      ))}
      {imports.length > 0 && (
        <Part title="Its lines">
          <EntryList label="Its lines">
            {imports.map(({ importId, currency, lineCount, billed, unpricedCount }) => (
              <li key={`${importId} ${currency}`}>
                <Anchor component={Link} to={`/imports/${importId}`} inherit>
                  Import {importId}
                </Anchor>
                : {counted(lineCount, 'line')}, <Money value={billed} currency={currency} />
                {unpricedCount > 0 && `, ${unpricedCount.toLocaleString('en')} without BilledCost`}
              </li>
            ))}
          </EntryList>
          <Anchor
            component={Link}
            size="sm"
            to={`/charges?${new URLSearchParams({ period: place.period, source: place.source, invoiceId: place.invoiceId }).toString()}`}
          >
            {place.invoiceId === '' ? 'All charges of this source and period' : 'Its charges'}
          </Anchor>
        </Part>
      )}
      {elsewhere.length > 0 && (
        <Part title="In other periods">
          <EntryList label="In other periods">
            {elsewhere.map(({ period, currency, expected, recorded }) => (
              <li key={`${period} ${currency}`}>
                <Anchor
                  component={Link}
                  inherit
                  to={`/invoices?${new URLSearchParams({ period, of: place.source, invoice: place.invoiceId }).toString()}`}
                >
                  {periodName(period)}
                </Anchor>
                : {expected === null ? 'not announced' : <Money value={expected} currency={currency} />} expected,{' '}
                {recorded === null ? 'no lines' : <Money value={recorded} currency={currency} />} recorded
              </li>
            ))}
          </EntryList>
        </Part>
      )}
      {history.length > 0 && (
        <Part title="What became of it">
          <InvoiceHistory history={history} />
        </Part>
      )}
    </Stack>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section>
      <Text component="h3" size="xs" fw={600} c="dimmed" mb={6}>
        {title}
      </Text>
      {children}
    </section>
  );
}

/** How the invoice stands in one currency, and what can be done about it. */
function Standing({ invoice, onEdit }: { readonly invoice: Invoice; readonly onEdit: () => void }): ReactElement {
  const [doing, setDoing] = useState<'accept' | 'reopen' | 'withdraw' | null>(null);
  const { currency, expected, recorded, difference, state, acceptance, issuedOn, note, isOpen, invoiceId } = invoice;
  const close = (): void => setDoing(null);
  return (
    <section aria-label={`In ${currency}`}>
      <Group justify="space-between" align="center" wrap="nowrap" mb="sm">
        <Text size="sm">{stateSentence(state)}</Text>
        <InvoiceBadge invoice={invoice} />
      </Group>
      <FigureBoxes>
        <Side name="expected" amount={expected} currency={currency} none="not announced" />
        <Side name="recorded" amount={recorded} currency={currency} none="no lines" />
        <Side name="difference" amount={difference} currency={currency} none="" />
      </FigureBoxes>
      {acceptance !== null && (
        <Alert
          variant="light"
          color={acceptance.holds ? 'blue' : 'yellow'}
          mt="sm"
          p="sm"
          title={acceptance.holds ? 'Accepted' : 'The acceptance counts no more'}
        >
          “{acceptance.reason}” ({acceptance.acceptedBy}, <Moment at={acceptance.acceptedAt} />)
          {!acceptance.holds && (
            <>
              {' '}
              was for a difference of <Money value={acceptance.difference} currency={currency} /> with other amounts.
            </>
          )}
        </Alert>
      )}
      {(issuedOn !== null || note !== '') && (
        <Box mt="sm">
          <Facts>
            {issuedOn !== null && <Fact name="Issued on">{issuedOn}</Fact>}
            {note !== '' && <Fact name="Note">{note}</Fact>}
          </Facts>
        </Box>
      )}
      <ForRole role="reviewer">
        <Group gap="xs" mt="md">
          {isOpen && (
            <Button size="xs" leftSection={<IconCheck size={15} />} onClick={() => setDoing('accept')}>
              Accept …
            </Button>
          )}
          {acceptance !== null && (
            <Button size="xs" variant="default" leftSection={<IconRotate size={15} />} onClick={() => setDoing('reopen')}>
              Take acceptance back …
            </Button>
          )}
          {invoiceId !== '' && (
            <Button
              size="xs"
              variant="default"
              leftSection={expected === null ? <IconPlus size={15} /> : <IconPencil size={15} />}
              onClick={onEdit}
            >
              {expected === null ? 'Announce it' : 'Change'}
            </Button>
          )}
          {expected !== null && (
            <Button size="xs" variant="subtle" color="red" leftSection={<IconTrash size={15} />} onClick={() => setDoing('withdraw')}>
              Withdraw …
            </Button>
          )}
        </Group>
      </ForRole>
      <AcceptDialog invoice={invoice} opened={doing === 'accept'} onClose={close} />
      <ReopenDialog invoice={invoice} opened={doing === 'reopen'} onClose={close} />
      <WithdrawDialog invoice={invoice} opened={doing === 'withdraw'} onClose={close} />
    </section>
  );
}

interface SideProps {
  readonly name: string;
  readonly amount: string | null;
  readonly currency: string;
  readonly none: string;
}

function Side({ name, amount, currency, none }: SideProps): ReactElement {
  return (
    <FigureBox name={name}>
      {amount === null ? (
        <Text span inherit fw={400} fz="sm" c="dimmed">
          {none}
        </Text>
      ) : (
        <Money value={amount} currency={currency} />
      )}
    </FigureBox>
  );
}
