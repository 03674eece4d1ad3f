import { Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactElement, ReactNode } from 'react';
import classes from './page-header.module.css';

interface PageHeaderProps {
  readonly title: string;
  /** Stands beside the title: a state badge. */
  readonly badge?: ReactNode;
  readonly lead?: ReactNode;
  /** On the right: period picker, buttons. */
  readonly children?: ReactNode;
}

/** Title of a page, in the document and in the browser's tab. */
export function PageHeader({ title, badge, lead, children }: PageHeaderProps): ReactElement {
  useDocumentTitle(`${title} · OpenChargeback`);
  return (
    <header className={classes['header']}>
      <div className={classes['words']}>
        <Group gap="sm" wrap="nowrap">
          <Title order={1} fz="1.4rem" lh={1.35} className={classes['title']}>
            {title}
          </Title>
          {badge}
        </Group>
        {lead !== undefined && (
          <Text size="sm" c="dimmed" component="div">
            {lead}
          </Text>
        )}
      </div>
      <Group gap="xs" className={classes['actions']}>
        {children}
      </Group>
    </header>
  );
}
