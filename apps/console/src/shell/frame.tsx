import { ActionIcon, Menu, Modal, Text, Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconKey, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { type ReactElement, Suspense } from 'react';
import { NavLink, Outlet, useLocation } from 'react-router';
import { usePeriods } from '../api/queries.js';
import { answerOf, sdk } from '../api/sdk-client.js';
import { toastDone } from '../components/toast.js';
import { useAction } from '../components/use-action.js';
import { ChangePasswordForm } from '../session/change-password-form.js';
import { type SignedIn, useSession, useSessionInfo } from '../session/session.js';
import { BrandMark } from './brand-mark.js';
import { type Destination, NAVIGATION } from './navigation.js';
import { PageBoundary } from './page-boundary.js';
import { PageSkeleton } from './page-skeleton.js';
import { useLiveUpdates } from './use-live-updates.js';
import classes from './frame.module.css';

/** Menu on the left (a rail of icons on narrow screens), the page on the right. */
export function Frame(): ReactElement {
  const session = useSession();
  const { pathname } = useLocation();
  useLiveUpdates();
  return (
    <div className={classes['frame']}>
      <a href="#page" className={classes['skip']}>
        Skip to the page
      </a>
      <aside className={classes['side']}>
        <NavLink to="/" className={classes['brand'] ?? ''} aria-label="OpenChargeback, dashboard">
          <BrandMark />
          <span className={classes['brandName']}>OpenChargeback</span>
        </NavLink>
        <Menus session={session} />
        <Account session={session} />
      </aside>
      <main id="page" tabIndex={-1} className={classes['page']}>
        <PageBoundary key={pathname}>
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        </PageBoundary>
      </main>
    </div>
  );
}

function Menus({ session }: { readonly session: SignedIn }): ReactElement {
  const { data } = usePeriods();
  const waiting = (data?.periods ?? []).reduce((count, period) => count + (period.state === 'finalized' ? 0 : period.flaggedCount), 0);
  return (
    <nav className={classes['menus']} aria-label="Main">
      {NAVIGATION.map(({ group, destinations }) => {
        const allowed = destinations.filter(({ role }) => session.may(role));
        if (allowed.length === 0) return null;
        return (
          <div key={group ?? 'top'} className={classes['group']}>
            {group !== null && <div className={classes['groupName']}>{group}</div>}
            {allowed.map((destination) => (
              <MenuLink key={destination.path} destination={destination} count={destination.path === '/review' ? waiting : 0} />
            ))}
          </div>
        );
      })}
    </nav>
  );
}

function MenuLink({ destination, count }: { readonly destination: Destination; readonly count: number }): ReactElement {
  const { path, title, icon: Glyph } = destination;
  const narrow = useMediaQuery('(max-width: 1180px)', undefined, { getInitialValueInEffect: false });
  return (
    <Tooltip label={title} position="right" disabled={!narrow}>
      <NavLink to={path} end={path === '/'} className={classes['link'] ?? ''} aria-label={count > 0 ? `${title}, ${count} waiting` : title}>
        <Glyph size={18} stroke={1.6} aria-hidden />
        <span className={classes['linkName']}>{title}</span>
        {count > 0 && <span className={classes['count']}>{count > 999 ? '999+' : count}</span>}
      </NavLink>
    </Tooltip>
  );
}

function Account({ session }: { readonly session: SignedIn }): ReactElement {
  const { take } = useSessionInfo();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const [changing, { open, close }] = useDisclosure(false);
  const signOut = useAction(() => answerOf(sdk.DELETE('/api/v1/session')), { onDone: () => take({ signedIn: false }) });
  const next = scheme === 'dark' ? 'light' : 'dark';
  return (
    <div className={classes['account']}>
      <Menu position="right-end" width={220} shadow="md">
        <Menu.Target>
          <UnstyledButton className={classes['person']} aria-label={`Account of ${session.displayName}`}>
            <span className={classes['initials']} aria-hidden>
              {initialsOf(session.displayName)}
            </span>
            <span className={classes['personWords']}>
              <span className={classes['personName']}>{session.displayName}</span>
              <span className={classes['personRole']}>{session.role}</span>
            </span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{session.email}</Menu.Label>
          <Menu.Item leftSection={<IconKey size={16} />} onClick={open}>
            Change password
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate(undefined)}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={`Switch to ${next} colours`} position="right">
        <ActionIcon aria-label={`Switch to ${next} colours`} onClick={() => setColorScheme(next)}>
          {scheme === 'dark' ? <IconSun size={17} /> : <IconMoon size={17} />}
        </ActionIcon>
      </Tooltip>
      <Modal opened={changing} onClose={close} title={<Text fw={600}>Change password</Text>}>
        <ChangePasswordForm
          onChanged={(info) => {
            take(info);
            close();
            toastDone('Your password is changed; other sessions have ended.');
          }}
        />
      </Modal>
    </div>
  );
}

function initialsOf(name: string): string {
  const words = name.split(/[\s@.]+/).filter((word) => word !== '');
  return words
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase() ?? '')
    .join('');
}
