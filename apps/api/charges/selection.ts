import type { ReviewSelection } from '#charges';
import { invalidRequest } from '../http/request-pipes.js';
import type { Review } from './charges.dto.js';

/** Which charges a decision is about. @throws an invalid request unless it is either ids or a filter */
export function selectionOf({ ids, filter, seen }: Review): ReviewSelection {
  if (ids !== undefined && filter === undefined) {
    if (seen !== undefined)
      throw invalidRequest([{ where: 'seen', what: 'seen belongs to a filter; ids say themselves which charges were seen' }]);
    return { ids };
  }
  if (ids === undefined && filter !== undefined) {
    const { standing, kind, ...others } = filter;
    return {
      filter: { ...others, ...(standing === undefined ? {} : { standings: standing }), ...(kind === undefined ? {} : { kinds: kind }) },
      seen,
    };
  }
  throw invalidRequest([{ where: 'ids', what: 'choose charges either by ids or by filter' }]);
}
