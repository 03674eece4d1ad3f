import type { ConfigUser, SmtpConfig, WebConfig } from './app-config.js';
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
  };
}

export function readWeb(section: YamlSection): WebConfig {
  const password = section.section('password_requirements');
  return {
    enabled: section.flag('enabled') ?? true,
    host: section.text('host') ?? '127.0.0.1',
    port: section.whole('port', 0, MAX_PORT) ?? 8000,
    secretKey: section.text('secret_key', { lenient: true }) || undefined,
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
