import { type ComponentType, type ReactElement, lazy } from 'react';
import { createBrowserRouter } from 'react-router';
import { type Role, RequireSession, useSession } from '../session/session.js';
import { SignInPage } from '../session/sign-in.page.js';
import { Frame } from './frame.js';
import { ForbiddenPage, NotFoundPage } from './nowhere.page.js';

/** A page whose code comes when it is visited, for those who may see it. */
function page(load: () => Promise<{ default: ComponentType }>, role: Role = 'viewer'): ComponentType {
  const Page = lazy(load);
  return function RoutePage(): ReactElement {
    return useSession().may(role) ? <Page /> : <ForbiddenPage needed={role} />;
  };
}

const named =
  <Name extends string>(name: Name) =>
  (module: Record<Name, ComponentType>) => ({ default: module[name] });

/** Every address of the console. */
export function createRoutes(): ReturnType<typeof createBrowserRouter> {
  return createBrowserRouter([
    { path: '/sign-in', Component: SignInPage },
    {
      Component: RequireSession,
      children: [
        {
          Component: Frame,
          children: [
            { index: true, Component: page(() => import('../pages/dashboard/dashboard.page.js').then(named('DashboardPage'))) },
            { path: 'periods', Component: page(() => import('../pages/periods/periods.page.js').then(named('PeriodsPage'))) },
            { path: 'periods/:period', Component: page(() => import('../pages/periods/period.page.js').then(named('PeriodPage'))) },
            {
              path: 'periods/:period/history',
              Component: page(() => import('../pages/periods/history.page.js').then(named('HistoryPage'))),
            },
            { path: 'imports', Component: page(() => import('../pages/imports/imports.page.js').then(named('ImportsPage'))) },
            { path: 'imports/:id', Component: page(() => import('../pages/imports/import.page.js').then(named('ImportPage'))) },
            { path: 'review', Component: page(() => import('../pages/charges/review.page.js').then(named('ReviewPage'))) },
            { path: 'charges', Component: page(() => import('../pages/charges/charges.page.js').then(named('ChargesPage'))) },
            { path: 'charges/:id', Component: page(() => import('../pages/charges/charge.page.js').then(named('ChargePage'))) },
            { path: 'splits', Component: page(() => import('../pages/splits/splits.page.js').then(named('SplitsPage'))) },
            { path: 'invoices', Component: page(() => import('../pages/invoices/invoices.page.js').then(named('InvoicesPage'))) },
            { path: 'statements', Component: page(() => import('../pages/statements/statements.page.js').then(named('StatementsPage'))) },
            { path: 'statements/runs/:id', Component: page(() => import('../pages/statements/run.page.js').then(named('RunPage'))) },
            {
              path: 'statements/verify',
              Component: page(() => import('../pages/statements/verify.page.js').then(named('VerifyPage'))),
            },
            { path: 'mail', Component: page(() => import('../pages/mail/mail.page.js').then(named('MailPage'))) },
            {
              path: 'adjustments',
              Component: page(() => import('../pages/adjustments/adjustments.page.js').then(named('AdjustmentsPage'))),
            },
            { path: 'journal', Component: page(() => import('../pages/journal/journal.page.js').then(named('JournalPage'))) },
            { path: 'sources', Component: page(() => import('../pages/sources/sources.page.js').then(named('SourcesPage'))) },
            { path: 'sources/:name', Component: page(() => import('../pages/sources/source.page.js').then(named('SourcePage'))) },
            { path: 'rules', Component: page(() => import('../pages/rules/rules.page.js').then(named('RulesPage'))) },
            {
              path: 'attribution-rules',
              Component: page(() => import('../pages/attribution/attribution.page.js').then(named('AttributionPage'))),
            },
            { path: 'funds', Component: page(() => import('../pages/funds/funds.page.js').then(named('FundsPage'))) },
            { path: 'templates', Component: page(() => import('../pages/templates/templates.page.js').then(named('TemplatesPage'))) },
            {
              path: 'templates/text',
              Component: page(() => import('../pages/templates/template.page.js').then(named('TemplatePage'))),
            },
            { path: 'people', Component: page(() => import('../pages/people/people.page.js').then(named('PeoplePage')), 'admin') },
            { path: 'audit', Component: page(() => import('../pages/audit/audit.page.js').then(named('AuditPage')), 'reviewer') },
            { path: 'system', Component: page(() => import('../pages/system/system.page.js').then(named('SystemPage')), 'admin') },
            { path: '*', Component: NotFoundPage },
          ],
        },
      ],
    },
  ]);
}
