export { BackgroundLoop } from './background-loop.js';
export type {
  AppConfig,
  ConfigUser,
  JournalConfig,
  KnownSourceConfig,
  LoggingConfig,
  OrganizationConfig,
  PageSize,
  Role,
  SmtpConfig,
  TagMappingConfig,
  WebConfig,
} from './config/app-config.js';
export { type ConfigSource, loadConfig } from './config/load-config.js';
export { STATEMENT_LABELS, type StatementLabel, type StatementWordsConfig } from './config/read-statement-words.js';
export { processEnvironment } from './config/process-environment.js';
export { DEFAULT_FUND_ORG_REGEX } from './config/read-billing.js';
export { withoutSecrets } from './config/without-secrets.js';
export type { Environment } from './config/yaml-section.js';
export { makeRoomForBulkWork } from './database/bulk-work.js';
export { Database, type DatabaseOptions, type Tx } from './database/database.js';
export { dryRun } from './database/dry-run.js';
export { type Session, sessionOn } from './database/session.js';
export { hasSqlState } from './database/sql-state.js';
export {
  type EmbeddedPostgresOptions,
  type LauncherLog,
  type RunningPostgres,
  startEmbeddedPostgres,
} from './embedded/embedded-postgres.js';
export { type Logger, type LoggerOptions, createLogger } from './logging/create-logger.js';
export { NestLogger } from './logging/nest-logger.js';
export { createMailTransport } from './mail/create-mail-transport.js';
export { FolderMailTransport } from './mail/folder-mail-transport.js';
export {
  MAIL_TRANSPORT,
  type MailAttachment,
  type MailCopy,
  MailError,
  type MailMessage,
  type MailTransport,
} from './mail/mail-transport.js';
export { SmtpMailTransport } from './mail/smtp-mail-transport.js';
export { FILE_STORAGE, type FileStorage, type StoredFile } from './storage/file-storage.js';
export { LocalFileStorage } from './storage/local-file-storage.js';
export { APP_CONFIG, LOGGER } from './tokens.js';
export { Turns } from './turns.js';
