import type { AppConfig } from './app-config.js';

const SECRET = new Set(['database', 'redis', 'file', 'notices', 'username', 'password', 'secretKey', 'users', 'tagMapping']);

/**
 * The configuration as journal templates and pages may see it: keys as in the file (`journal.default_account`), and
 * neither passwords nor keys, people, or addresses of services.
 */
export function withoutSecrets(config: AppConfig): Readonly<Record<string, unknown>> {
  const tags = Object.fromEntries(Object.entries(config.tagMapping).map(([field, names]) => [field, names[0] ?? '']));
  return { ...asWritten(config), tag_mapping: tags };
}

function asWritten(section: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(section)
      .filter(([key]) => !SECRET.has(key))
      .map(([key, value]: [string, unknown]) => [snakeCase(key), valueAsWritten(value)]),
  );
}

function valueAsWritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(valueAsWritten);
  return typeof value === 'object' && value !== null ? asWritten(value) : value;
}

function snakeCase(key: string): string {
  return key.replaceAll(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before}_${after.toLowerCase()}`);
}
