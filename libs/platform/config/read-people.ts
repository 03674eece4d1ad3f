import { isEmailAddress } from '#kernel';
import type { ConfigUser, EmailConfig, SmtpConfig, WebConfig } from './app-config.js';
import type { YamlSection } from './yaml-section.js';

const MAX_PORT = 65_535;

export function readSmtp(section: YamlSection): SmtpConfig {
  return {
    host: section.text('host') || undefined,
    port: section.whole('port', 1, MAX_PORT) ?? 587,
    useTls: section.flag('use_tls') ?? true,
    username: section.text('username', { lenient: true }) ?? '',
    password: section.text('password', { lenient: true }) ?? '',
    messagesPerMinute: section.whole('messages_per_minute', 1, 1_000_000),
    maxConnections: section.whole('max_connections', 1, 100) ?? 5,
    timeoutSeconds: section.whole('timeout_seconds', 1, 600) ?? 60,
  };
}

export function readEmail(
  section: YamlSection,
  web: Pick<WebConfig, 'publicUrl' | 'secretKey'>,
  fromAddress: string | undefined,
): EmailConfig {
  const replyTo = section.text('reply_to') || undefined;
  if (replyTo !== undefined && !isEmailAddress(replyTo)) section.report('reply_to', `“${replyTo}” is not one email address.`);
  const attachmentLimitBytes = readBytes(section, 'attachment_limit');
  const missing = [...(web.publicUrl === undefined ? ['web.public_url'] : []), ...(web.secretKey === undefined ? ['web.secret_key'] : [])];
  if (attachmentLimitBytes !== undefined && missing.length > 0) {
    section.report('attachment_limit', `Above the limit PDFs are sent as signed links, which need ${missing.join(' and ')}.`);
  }
  return {
    fromAddress: fromAddress ?? 'openchargeback@localhost',
    fromName: section.text('from_name') ?? 'Research Computing Billing',
    replyTo,
    subjectTemplate: section.text('subject_template') ?? 'Research Computing Charges - {billing_period}',
    htmlTemplate: readTemplateName(section, 'html_template'),
    textTemplate: readTemplateName(section, 'text_template'),
    attachmentLimitBytes,
    linkDays: section.whole('link_days', 1, 3_650) ?? 30,
  };
}

function readTemplateName(section: YamlSection, key: string): string | undefined {
  const name = section.text(key) || undefined;
  if (name !== undefined && /[/\\]/.test(name)) section.report(key, `“${name}” is a path; name a file of ./templates by its name alone.`);
  return name;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1_000, mb: 1_000_000, kib: 1_024, mib: 1_048_576 };

/** A size such as `10 MB`, `512 KiB` or `20000000`. */
function readBytes(section: YamlSection, key: string): number | undefined {
  const text = section.text(key);
  if (text === undefined || text === '') return undefined;
  const [, count = '', unit = ''] = /^\s*(\d{1,12})\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (count !== '' && factor !== undefined) return Number(count) * factor;
  section.report(key, `“${text}” is not a size such as 10 MB.`);
  return undefined;
}

export function readWeb(section: YamlSection): WebConfig {
  const password = section.section('password_requirements');
  return {
    enabled: section.flag('enabled') ?? true,
    host: section.text('host') ?? '127.0.0.1',
    port: section.whole('port', 0, MAX_PORT) ?? 8000,
    secretKey: section.text('secret_key', { lenient: true }) || undefined,
    publicUrl: readPublicUrl(section),
    sessionLifetimeHours: section.whole('session_lifetime_hours', 1, 24 * 366) ?? 8,
    users: section.namedSections('users').map(([username, user]) => readUser(username, user)),
    passwordRequirements: {
      minLength: password.whole('min_length', 1, 1024) ?? 8,
      requireUppercase: password.flag('require_uppercase') ?? false,
      requireLowercase: password.flag('require_lowercase') ?? false,
      requireNumbers: password.flag('require_numbers') ?? false,
      requireSpecialChars: password.flag('require_special_chars') ?? false,
    },
  };
}

function readPublicUrl(section: YamlSection): string | undefined {
  const text = section.text('public_url') || undefined;
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    section.report('public_url', `“${text}” is not an address such as https://billing.example.edu.`);
    return undefined;
  }
  return text.replace(/\/+$/, '');
}

function readUser(username: string, section: YamlSection): ConfigUser {
  if (!section.has('password_hash')) section.report('password_hash', 'A user needs a password hash (bcrypt or argon2id).');
  return {
    username,
    email: section.text('email') ?? '',
    displayName: section.text('display_name') || username,
    passwordHash: section.text('password_hash') ?? '',
    role: section.choice('role', ['viewer', 'reviewer', 'admin']) ?? 'viewer',
    recovery: section.flag('recovery') ?? false,
  };
}
