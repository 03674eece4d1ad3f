interface Answer {
  /** What is wrong, and how to mend it; a line each. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

export function generate(root: string): Answer;
export function check(root: string): Answer;
export function release(root: string): Answer;
