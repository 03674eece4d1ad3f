/**
 * When a disposition or reattribution carries over to a revised line: it raises no new flag, and its amount did not rise (domain.md §2). What is new is
 * told from the reasons that were raised last: those of the line, or those it had when it was flagged again.
 *
 * SQL over the revised line `l`, the charge that it replaces `o`, and that charge's line `was`; false where there is none. The report of an import and
 * the books are of one mind, because both ask this.
 */
export const CARRIES_OVER = '(o.import_id is not null and l.flags <@ coalesce(o.raised_again, was.flags) and l.amount <= o.amount)';
