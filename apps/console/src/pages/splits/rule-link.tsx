import { Anchor } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';

/** To a rule as it was then. @param rule `R3.2` */
export function RuleLink({ rule }: { readonly rule: string }): ReactElement {
  const [ruleId = '', version = ''] = rule.slice(1).split('.');
  return (
    <Anchor component={Link} to={`/attribution-rules?rule=${ruleId}&version=${version}`} inherit>
      {rule}
    </Anchor>
  );
}
