import type { SmtpConfig } from '../config/app-config.js';
import { checkAddresses, composeMail } from './compose-mail.js';
import { MailError, type MailCopy, type MailMessage, type MailTransport, type SentMail } from './mail-transport.js';
import { MessageMemory } from './message-memory.js';
import { SmtpConnections } from './smtp-connections.js';

const IMPLICIT_TLS_PORT = 465;
/** A server that greets no sooner is away. */
const LONGEST_GREETING_SECONDS = 15;

type Server = SmtpConfig & { readonly host: string };

/**
 * Mail by SMTP over a few connections. On port 465 TLS from the start; elsewhere STARTTLS, which `useTls` makes
 * compulsory and its absence switches off; login if there is a user name.
 */
export class SmtpMailTransport implements MailTransport {
  readonly mode = 'smtp';
  private readonly connections: SmtpConnections;
  private readonly memory: MessageMemory;

  constructor(private readonly server: Server) {
    this.connections = connectionsTo(server);
    this.memory = new MessageMemory(2 * server.maxConnections);
  }

  async send(message: MailMessage): Promise<SentMail> {
    checkAddresses(message);
    const mail = await this.compose(message);
    const { response } = await this.transmit(mail, message.from.address, [message.to]);
    const copies = message.cc.length === 0 ? [] : await this.sendCopies(mail, message);
    // A connection that failed may still be reading it.
    if (copies.every(({ taken }) => taken)) this.memory.giveBack(mail);
    return { response, copies };
  }

  async written(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    this.connections.close();
  }

  private async compose(message: MailMessage): Promise<Buffer> {
    try {
      return await composeMail(message, this.memory);
    } catch (error) {
      throw new MailError(false, `The message could not be put together: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** The same message in a transaction of its own, so that what becomes of the copies says nothing about the addressee. */
  private async sendCopies(mail: Buffer, { from, cc }: MailMessage): Promise<MailCopy[]> {
    try {
      const { response, refusals } = await this.transmit(mail, from.address, cc);
      return cc.map((address) => {
        const refusal = refusals.get(address);
        return { address, taken: refusal === undefined, response: refusal ?? response };
      });
    } catch (error) {
      const response = error instanceof MailError ? error.response : String(error);
      return cc.map((address) => ({ address, taken: false, response }));
    }
  }

  private async transmit(
    mail: Buffer,
    from: string,
    to: readonly string[],
  ): Promise<{ response: string; refusals: ReadonlyMap<string, string> }> {
    try {
      const { response, rejectedErrors = [] } = await this.connections.send({ from, to }, mail);
      return {
        response,
        refusals: new Map(rejectedErrors.map((refused) => [refused.recipient ?? '', refused.response ?? refused.message])),
      };
    } catch (error) {
      throw asMailError(error, this.server);
    }
  }
}

function connectionsTo({
  host,
  port,
  useTls,
  username,
  password,
  timeoutSeconds,
  maxConnections,
  messagesPerMinute,
}: Server): SmtpConnections {
  const implicitTls = port === IMPLICIT_TLS_PORT;
  const greetingMs = Math.min(timeoutSeconds, LONGEST_GREETING_SECONDS) * 1_000;
  return new SmtpConnections({
    server: {
      host,
      port,
      secure: implicitTls,
      requireTLS: useTls && !implicitTls,
      ignoreTLS: !useTls && !implicitTls,
      connectionTimeout: greetingMs,
      greetingTimeout: greetingMs,
      socketTimeout: timeoutSeconds * 1_000,
    },
    login: username === '' ? undefined : { user: username, pass: password },
    maxConnections,
    messagesPerMinute,
  });
}

/** Causes that no further attempt mends by itself, each with how to mend it. */
const SETTINGS: readonly (readonly [RegExp, (server: Server) => string])[] = [
  [
    /certificate|altname|self.signed/i,
    ({ host, port }) =>
      `The certificate of the mail server ${host}:${port} is not accepted; mend it, or name its authority in NODE_EXTRA_CA_CERTS`,
  ],
];

/**
 * Permanent are a 5xx answer, a message that can't be put together, and what only a changed setting mends (TLS, certificate); a
 * connection that fails may work later.
 */
function asMailError(error: unknown, server: Server): MailError {
  if (!(error instanceof Error)) return new MailError(true, String(error));
  const response = 'response' in error && typeof error.response === 'string' ? error.response : undefined;
  const code = 'code' in error ? error.code : undefined;
  const command = 'command' in error ? error.command : undefined;
  if (code === 'ETLS') return new MailError(false, `TLS could not be started, and smtp.use_tls demands it: ${response ?? error.message}`);
  if ('responseCode' in error && typeof error.responseCode === 'number') {
    const temporary = error.responseCode < 500;
    const words = response ?? error.message;
    if (code === 'EAUTH') return new MailError(temporary, `The mail server refuses the login of smtp.username: ${words}`);
    return new MailError(temporary, words, !temporary && command === 'RCPT TO');
  }
  const advice = SETTINGS.find(([pattern]) => pattern.test(error.message))?.[1];
  if (advice !== undefined) return new MailError(false, `${advice(server)}: ${error.message}`);
  if (['EENVELOPE', 'EMESSAGE', 'EFILEACCESS', 'EURLACCESS', 'ENOENT', 'ENOAUTH', 'EAUTH'].includes(String(code))) {
    return new MailError(false, response ?? error.message);
  }
  return new MailError(true, response ?? `No answer from the mail server ${server.host}:${server.port}: ${error.message}`);
}
