import {
  IconAddressBook,
  IconArrowsSplit2,
  IconBuildingBank,
  IconCalendarMonth,
  IconCash,
  IconClipboardCheck,
  IconFileDollar,
  IconFileInvoice,
  IconFileText,
  IconFileUpload,
  IconFlag,
  IconHistory,
  IconLayoutDashboard,
  IconListDetails,
  IconMail,
  IconPlugConnected,
  IconReceiptRefund,
  IconRoute,
  IconServerCog,
  type Icon,
} from '@tabler/icons-react';
import type { Role } from '../session/session.js';

export interface Destination {
  readonly path: string;
  readonly title: string;
  readonly icon: Icon;
  readonly role: Role;
}

/** The main menu, in the order of a month's work. */
export const NAVIGATION: readonly { readonly group: string | null; readonly destinations: readonly Destination[] }[] = [
  { group: null, destinations: [{ path: '/', title: 'Dashboard', icon: IconLayoutDashboard, role: 'viewer' }] },
  {
    group: 'Month',
    destinations: [
      { path: '/imports', title: 'Imports', icon: IconFileUpload, role: 'viewer' },
      { path: '/review', title: 'Review', icon: IconClipboardCheck, role: 'viewer' },
      { path: '/charges', title: 'Charges', icon: IconListDetails, role: 'viewer' },
      { path: '/splits', title: 'Splits', icon: IconArrowsSplit2, role: 'viewer' },
      { path: '/invoices', title: 'Invoices', icon: IconFileDollar, role: 'viewer' },
      { path: '/statements', title: 'Statements', icon: IconFileInvoice, role: 'viewer' },
      { path: '/mail', title: 'Mail', icon: IconMail, role: 'viewer' },
      { path: '/adjustments', title: 'Adjustments', icon: IconReceiptRefund, role: 'viewer' },
      { path: '/journal', title: 'Journal', icon: IconCash, role: 'viewer' },
      { path: '/periods', title: 'Periods', icon: IconCalendarMonth, role: 'viewer' },
    ],
  },
  {
    group: 'Office',
    destinations: [
      { path: '/sources', title: 'Sources', icon: IconPlugConnected, role: 'viewer' },
      { path: '/rules', title: 'Review rules', icon: IconFlag, role: 'viewer' },
      { path: '/attribution-rules', title: 'Attribution rules', icon: IconRoute, role: 'viewer' },
      { path: '/funds', title: 'Funds', icon: IconBuildingBank, role: 'viewer' },
      { path: '/templates', title: 'Templates', icon: IconFileText, role: 'viewer' },
      { path: '/people', title: 'People', icon: IconAddressBook, role: 'admin' },
      { path: '/audit', title: 'Audit log', icon: IconHistory, role: 'reviewer' },
      { path: '/system', title: 'System', icon: IconServerCog, role: 'admin' },
    ],
  },
];
