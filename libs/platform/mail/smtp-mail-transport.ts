import { createTransport } from 'nodemailer';
import type { SmtpConfig } from '../config/app-config.js';
import { composeMail } from './compose-mail.js';
import { MailError, type MailMessage, type MailTransport } from './mail-transport.js';

const IMPLICIT_TLS_PORT = 465;
const CONNECTIONS = 5;
const MESSAGES_PER_CONNECTION = 100;
const CONNECT_TIMEOUT_MS = 15_000;
const SILENCE_TIMEOUT_MS = 60_000;

/**
 * Mail by SMTP over a pool of connections. On port 465 TLS from the start; elsewhere STARTTLS, which `useTls` makes
 * compulsory and its absence switches off; login if there is a user name.
 */
export class SmtpMailTransport implements MailTransport {
  readonly mode = 'smtp';
  private readonly pool: ReturnType<typeof openPool>;

  constructor(config: SmtpConfig & { readonly host: string }) {
    this.pool = openPool(config);
  }

  async send(message: MailMessage): Promise<{ readonly response: string }> {
    try {
      const { response } = await this.pool.sendMail(composeMail(message));
      return { response };
    } catch (error) {
      throw asMailError(error);
    }
  }

  async close(): Promise<void> {
    this.pool.close();
  }
}

function openPool(config: SmtpConfig & { readonly host: string }) {
  const implicitTls = config.port === IMPLICIT_TLS_PORT;
  return createTransport({
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: MESSAGES_PER_CONNECTION,
    host: config.host,
    port: config.port,
    secure: implicitTls,
    requireTLS: config.useTls && !implicitTls,
    ignoreTLS: !config.useTls && !implicitTls,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    ...(config.username === '' ? {} : { auth: { user: config.username, pass: config.password } }),
    ...(config.messagesPerMinute === undefined ? {} : { rateDelta: 60_000, rateLimit: config.messagesPerMinute }),
  });
}

/** Permanent are a 5xx answer and a message that can't be put together; a connection that fails may work later. */
function asMailError(error: unknown): MailError {
  if (!(error instanceof Error)) return new MailError(true, String(error));
  const response = 'response' in error && typeof error.response === 'string' ? error.response : error.message;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ETLS') return new MailError(false, `TLS could not be started, and smtp.use_tls demands it: ${response}`);
  if ('responseCode' in error && typeof error.responseCode === 'number') return new MailError(error.responseCode < 500, response);
  const ours = ['EENVELOPE', 'EMESSAGE', 'EFILEACCESS', 'EURLACCESS', 'ENOENT', 'ENOAUTH'].includes(String(code));
  return new MailError(!ours, response);
}
