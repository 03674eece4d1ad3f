import { Skeleton } from '@mantine/core';
import type { ReactElement } from 'react';

/** Stands where a page will be while its code comes: a heading and a sheet. */
export function PageSkeleton(): ReactElement {
  return (
    <div aria-busy>
      <Skeleton height={26} width={220} mt={4} mb={46} />
      <Skeleton height={360} radius="lg" />
    </div>
  );
}
