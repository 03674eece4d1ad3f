import { EventLog1700000000001 } from './0001-event-log.js';
import { ReadModels1700000000002 } from './0002-read-models.js';
import { SecretsAndSessions1700000000003 } from './0003-secrets-and-sessions.js';
import { ApplicationRole1700000000004 } from './0004-application-role.js';
import { FailedJobs1700000000005 } from './0005-failed-jobs.js';
import { ChargeIndexes1700000000006 } from './0006-charge-indexes.js';
import { SourceSettings1700000000007 } from './0007-source-settings.js';
import { CancelledImports1700000000008 } from './0008-cancelled-imports.js';
import { LaterMatches1700000000009 } from './0009-later-matches.js';
import { ChartOfFunds1700000000010 } from './0010-chart-of-funds.js';
import { PeriodGuard1700000000011 } from './0011-period-guard.js';
import { FlaggingAgain1700000000012 } from './0012-flagging-again.js';
import { Adjustments1700000000013 } from './0013-adjustments.js';
import { AttributionRules1700000000014 } from './0014-attribution-rules.js';
import { ChargesByPi1700000000015 } from './0015-charges-by-pi.js';
import { SplitCharges1700000000016 } from './0016-split-charges.js';
import { Restatements1700000000017 } from './0017-restatements.js';
import { Mail1700000000018 } from './0018-mail.js';
import { StatementRuns1700000000019 } from './0019-statement-runs.js';
import { JournalBookings1700000000020 } from './0020-journal-bookings.js';
import { SiteTemplates1700000000021 } from './0021-site-templates.js';
import { Invoices1700000000022 } from './0022-invoices.js';
import { JournalZeroRows1700000000023 } from './0023-journal-zero-rows.js';

/** The schema's steps, oldest first. A released one is never edited. */
export const MIGRATIONS = [
  EventLog1700000000001,
  ReadModels1700000000002,
  SecretsAndSessions1700000000003,
  ApplicationRole1700000000004,
  FailedJobs1700000000005,
  ChargeIndexes1700000000006,
  SourceSettings1700000000007,
  CancelledImports1700000000008,
  LaterMatches1700000000009,
  ChartOfFunds1700000000010,
  PeriodGuard1700000000011,
  FlaggingAgain1700000000012,
  Adjustments1700000000013,
  AttributionRules1700000000014,
  ChargesByPi1700000000015,
  SplitCharges1700000000016,
  Restatements1700000000017,
  Mail1700000000018,
  StatementRuns1700000000019,
  JournalBookings1700000000020,
  SiteTemplates1700000000021,
  Invoices1700000000022,
  JournalZeroRows1700000000023,
];
